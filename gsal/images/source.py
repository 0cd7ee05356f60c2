"""A folder of pictures to be imported: what is in it, and which of it can be used."""

import os
import unicodedata
from collections import defaultdict, deque
from collections.abc import Container, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from gsal.errors import ImageError, InputError
from gsal.files import sha256_of_file
from gsal.images.labels import LabelRow, Problem, read_labels
from gsal.images.loader import ImageInfo, probe
from gsal.progress import JobContext
from gsal.records import ImageRecord, NewImage

__all__ = ["Found", "Known", "Problem", "Scan", "changed", "examine", "scan"]

_SIDE_FILES = {".csv", ".tsv", ".txt", ".md", ".json", ".xml", ".ini", ".db", ".xlsx", ".log"}
_WORKERS = 2
_NAMES_IN_NOTICE = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is to be imported.

    Attributes:
        path: Where it is.
        relative: Its path under the scanned folder, with forward slashes.
        label: Class name, or None.
        patient_id: "" when unknown.
        lesion_id: "" when unknown.
        extra: Other columns of the table of labels.
        line: Of the table of labels, from 1; None without a table.
    """

    path: Path
    relative: str
    label: str | None = None
    patient_id: str = ""
    lesion_id: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """What a folder holds, before any picture is opened."""

    found: tuple[Found, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A file whose content is in the project already.

    Attributes:
        picture: As it would be imported.
        line: Of the table of labels, from 1; None without a table.
    """

    picture: NewImage
    line: int | None


def scan(folder: Path, *, labels: Path | None, classes: Sequence[str]) -> Scan:
    """List the pictures of a folder with what is known about them.

    With a table of labels, only the files it lists, relative to the table. Without, every file but hidden
    ones and texts; those in a subfolder named like a class get that label, those directly in the folder none.

    Args:
        folder: Everything imported must lie in it.
        labels: The table, see `gsal.images.labels.read_labels`.
        classes: Of the project.

    Raises:
        InputError: The folder is none.
        LabelsError: The table cannot be used at all.
    """
    if not folder.is_dir():
        raise InputError(folder, "no such folder", "Check its path.")
    folder = folder.resolve()
    if labels is None:
        return _scan_folders(folder, classes)
    table = read_labels(labels)
    base = labels.parent.resolve()
    found: dict[str, Found] = {}
    problems = list(table.problems)
    for row in table.rows:
        item = _listed(row, folder=folder, base=base, classes=classes)
        if isinstance(item, Found) and item.relative in found:
            earlier = found[item.relative].line
            item = Problem(row.file, f"listed again: line {earlier} already has it", row.line)
        if isinstance(item, Found):
            found[item.relative] = item
        else:
            problems.append(item)
    problems.sort(key=lambda problem: problem.line or 0)
    return Scan(tuple(found.values()), tuple(problems))


def examine(
    found: Sequence[Found], *, ctx: JobContext, known: Container[str]
) -> Iterator[NewImage | Known | Problem]:
    """Read each file once, whole, and say whether it can be used, in the order given.

    What had to be changed to show a picture (transparency, 16 bits, a turn) is told in one notice per kind.

    Args:
        found: From `scan`.
        ctx: For progress and cancelling.
        known: SHA-256 of the pictures that are in the project already.

    Yields:
        A picture to import, one that the project has, or why it is not imported.
    """
    seen: dict[str, str] = {}
    notes: dict[str, list[str]] = defaultdict(list)
    for item, result in ctx.track(_probed(found), "Reading pictures", total=len(found)):
        if isinstance(result, str):
            yield Problem(item.relative, result, item.line)
            continue
        if result.sha256 in known:
            yield Known(_new_image(item, result), item.line)
            continue
        if result.sha256 in seen:
            yield Problem(item.relative, f"same content as {seen[result.sha256]}", item.line)
            continue
        seen[result.sha256] = item.relative
        for note in result.notes:
            notes[note].append(item.relative)
        yield _new_image(item, result)
    for note, names in notes.items():
        shown = ", ".join(names[:_NAMES_IN_NOTICE])
        more = f" and {len(names) - _NAMES_IN_NOTICE} more" if len(names) > _NAMES_IN_NOTICE else ""
        ctx.notice(f"{shown}{more}: {note}.")


def changed(path: Path, image: ImageRecord) -> bool:
    """Say whether a file is not what was imported; it is read only when its size or time is another.

    Raises:
        OSError: It is gone or cannot be read.
    """
    status = path.stat()
    if (status.st_size, status.st_mtime_ns) == (image.size_bytes, image.mtime_ns):
        return False
    return sha256_of_file(path) != image.sha256


def _scan_folders(folder: Path, classes: Sequence[str]) -> Scan:
    found: list[Found] = []
    problems: list[Problem] = []
    for top in sorted(folder.iterdir()):
        if top.name.startswith("."):
            continue
        files = list(_files_below(top)) if top.is_dir() else [top]
        files = [path for path in files if path.suffix.lower() not in _SIDE_FILES]
        if top.is_dir() and top.name not in classes:
            if files:
                expected = ", ".join(classes)
                reason = (
                    f"this folder is named like no class ({expected}); its {len(files)} files were left out"
                )
                problems.append(Problem(f"{top.name}/", reason))
            continue
        label = top.name if top.is_dir() else None
        for path in files:
            relative = path.relative_to(folder).as_posix()
            outside = _outside(path, folder)
            if outside:
                problems.append(Problem(relative, outside))
            else:
                found.append(Found(path, relative, label))
    return Scan(tuple(found), tuple(problems))


def _files_below(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(where, name) for name in sorted(names) if not name.startswith("."))


def _listed(row: LabelRow, *, folder: Path, base: Path, classes: Sequence[str]) -> Found | Problem:
    if row.label is not None and row.label not in classes:
        reason = f"unknown class {row.label!r} (the project has {', '.join(classes)})"
        return Problem(row.file, reason, row.line)
    path = _existing(base, row.file)
    if path is None:
        return Problem(row.file, "no such file", row.line)
    relative = os.path.relpath(path, folder)
    outside = _outside(path, folder)
    if outside or relative.startswith(os.pardir):
        return Problem(row.file, outside or "it lies outside the imported folder", row.line)
    name = Path(relative).as_posix()
    return Found(path, name, row.label, row.patient_id, row.lesion_id, row.extra, row.line)


def _existing(base: Path, file: str) -> Path | None:
    """Find a listed file whichever way its name is spelled: backslashes, composed or decomposed letters."""
    spellings = [file, file.replace("\\", "/")]
    spellings += [unicodedata.normalize(form, spellings[1]) for form in ("NFC", "NFD")]
    for spelling in spellings:
        path = base / spelling
        try:
            if os.path.lexists(path):
                return path
        except ValueError:  # a NUL in the name
            return None
    return None


def _outside(path: Path, folder: Path) -> str:
    """Say why a path does not lie in the folder, links followed; "" when it does."""
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return "it is a link that leads nowhere"
    return "" if inside else "it lies outside the imported folder, or is a link to elsewhere"


def _probed(found: Sequence[Found]) -> Iterator[tuple[Found, ImageInfo | str]]:
    """Probe with a few threads, keeping the order and only a few pictures in memory."""
    waiting: deque[tuple[Found, Future[ImageInfo | str]]] = deque()
    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="probe") as pool:
        try:
            for item in found:
                waiting.append((item, pool.submit(_probe_or_reason, item.path)))
                if len(waiting) > 2 * _WORKERS:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


def _probe_or_reason(path: Path) -> ImageInfo | str:
    try:
        return probe(path)
    except ImageError as error:
        return f"{error.reason}. {error.remedy}".strip()


def _new_image(item: Found, info: ImageInfo) -> NewImage:
    return NewImage(
        path=item.relative,
        sha256=info.sha256,
        size_bytes=info.size_bytes,
        mtime_ns=info.mtime_ns,
        width=info.width,
        height=info.height,
        label=item.label,
        patient_id=item.patient_id,
        lesion_id=item.lesion_id,
        extra=item.extra,
    )
