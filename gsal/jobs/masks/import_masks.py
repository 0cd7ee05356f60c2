"""Import ink masks that other programs, or this one, wrote."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from gsal.errors import GsalError, InputError
from gsal.jobs.masks.making import new_mask
from gsal.jobs.masks.matching import PicturesByName
from gsal.masks.bundle import Bundle, open_bundle
from gsal.masks.coco import find_coco_masks
from gsal.masks.cvat import find_cvat_masks
from gsal.masks.foreign import Drawn, Findings, MaskFormat
from gsal.masks.interchange import find_png_masks
from gsal.masks.labelme import find_labelme_masks
from gsal.masks.labels import InkLabels
from gsal.masks.manifest import pixels_sha256
from gsal.progress import JobCancelled, JobContext
from gsal.project import Project
from gsal.records import (
    ImageRecord,
    MaskRecord,
    MaskSet,
    MaskSource,
    NewMask,
    Purpose,
    Reader,
    ReaderKind,
)

__all__ = ["ImportMasks", "mask_format_named"]

_BATCH = 64
_PEOPLE = (MaskSource.HUMAN, MaskSource.ADJUDICATED)


@dataclass(frozen=True, slots=True)
class ImportMasks:
    """Takes a mask for every picture of the same hash, or of the same relative path, or else name.

    The mask of a.jpg is a.png, or a.jpg.png; a name that fits several pictures is a problem.

    Attributes:
        folder: Of masks, or a zip of it, or one file.
        reader: Who drew them; "" for masks that are exact by construction.
        reader_kind: expert, researcher or developer.
        mask_format: png, coco, labelme or cvat.
        labels: Which labels are ink, for all formats but png; those with a word for ink in them if empty.
        empty_is_ink_free: Whether pictures on which no ink was drawn count as looked at and free of ink; else
            they are left out. An empty PNG says that there is none.
    """

    kind: ClassVar[str] = "import masks"
    folder: str
    reader: str = ""
    reader_kind: str = ReaderKind.EXPERT
    mask_format: str = MaskFormat.PNG
    labels: tuple[str, ...] = ()
    empty_is_ink_free: bool = False

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Importing masks of {Path(self.folder).name}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Import; return counts, labels left out, and the problems, each with file and reason."""
        path, kind = Path(self.folder), _kind(self.reader_kind)
        mask_format = mask_format_named(self.mask_format)
        with open_bundle(path) as bundle:
            found = _find(bundle, mask_format, InkLabels(self.labels))
            if found.skipped:
                ctx.notice(
                    f"Left out, for not being ink or having no area: {_counts(found.skipped)}. If one of "
                    "these labels is ink, say which."
                )
            reader = project.store.readers.add(self.reader, kind) if self.reader else None
            importing = _Importing(project, reader, empty_is_ink_free=self.empty_is_ink_free)
            importing.problems += [_problem(path, error) for error in found.problems]
            try:
                for drawn in ctx.track(found.drawn, "Importing masks"):
                    importing.take(drawn)
            except JobCancelled:
                importing.keep()
                raise
            importing.keep()
        if importing.n_changed:
            ctx.notice(f"{importing.n_changed} masks were changed since they were exported.")
        if importing.n_empty:
            ctx.notice(f"On {importing.n_empty} pictures no ink was drawn; they are left out.")
        return importing.result() | {"left_out_labels": found.skipped}


class _Importing:
    """Masks on their way into a project.

    Attributes:
        problems: Each with file and reason.
        n_changed: Masks that are not what their manifest says.
        n_empty: Pictures on which nothing was drawn.
    """

    def __init__(self, project: Project, reader: Reader | None, *, empty_is_ink_free: bool) -> None:
        self._project = project
        self._reader = reader
        self._takes_empty = empty_is_ink_free
        self._pictures = PicturesByName(project.store.images.all())
        self._taken: set[int] = set()
        self._waiting: list[NewMask] = []
        self._judged = _judged(project, reader)
        self._imported = 0
        self.problems: list[dict[str, str]] = []
        self.n_changed = 0
        self.n_empty = 0

    def take(self, drawn: Drawn) -> None:
        """Read a mask, to be kept with others; one that cannot be used becomes a problem."""
        try:
            image = self._picture(drawn)
            mask = self._read(drawn, image)
        except InputError as error:
            self.problems.append({"file": drawn.file, "reason": error.reason})
            return
        if mask is not None:
            self._taken.add(image.id)
            self._waiting.append(mask)
            if len(self._waiting) == _BATCH:
                self.keep()

    def keep(self) -> None:
        """Keep the masks read so far that are not already there, in one transaction."""
        masks, self._waiting = self._waiting, []
        heads = self._heads([mask.image_id for mask in masks])
        new = [m for m in masks if m.image_id not in heads or heads[m.image_id].sha256 != m.encoded.sha256]
        if self._reader is None:
            self._project.store.masks.add_many(new)
        else:
            # One that an earlier version began and that was cut short may have accepted only some.
            known = {m.image_id for m in masks} - {m.image_id for m in new} - self._judged
            self._project.store.decisions.accept_many(
                new, reader_id=self._reader.id, known=[heads[number] for number in sorted(known)]
            )
        self._imported += len(new)

    def _heads(self, image_ids: list[int]) -> dict[int, MaskRecord]:
        """Return what is current where masks would go: the exact masks, or what the reader last left."""
        masks = self._project.store.masks
        if self._reader is None:
            return masks.best(image_ids, MaskSet.EXACT)
        return masks.heads(image_ids, self._reader.id, Purpose.REVIEW)

    def result(self) -> dict[str, Any]:
        """Return the counts and problems."""
        already_there = len(self._taken) - self._imported
        return {
            "imported": self._imported,
            "already_there": already_there,
            "no_ink_drawn": self.n_empty,
            "changed_since_export": self.n_changed,
            "problems": self.problems,
        }

    def _picture(self, drawn: Drawn) -> ImageRecord:
        image = self._pictures.of(drawn)
        if image.id in self._taken:
            raise InputError(
                drawn.file, f"another mask of {image.path} lies in this folder too", "Leave one."
            )
        return image

    def _read(self, drawn: Drawn, image: ImageRecord) -> NewMask | None:
        mask = drawn.read((image.height, image.width))
        if not (drawn.is_empty_told or self._takes_empty or mask.any()):
            self.n_empty += 1
            return None
        is_changed = bool(drawn.pixels_sha256) and drawn.pixels_sha256 != pixels_sha256(mask)
        _check_origin(drawn, has_reader=self._reader is not None, is_changed=is_changed)
        self.n_changed += is_changed
        if self._reader is None:
            return new_mask(image.id, mask, MaskSource.EXACT)
        return new_mask(image.id, mask, MaskSource.HUMAN, reader_id=self._reader.id, tool="import")


def mask_format_named(name: str) -> MaskFormat:
    """Return the format of that name.

    Raises:
        GsalError: There is none.
    """
    try:
        return MaskFormat(name)
    except ValueError:
        raise GsalError(f"There is no format {name}; the formats are {', '.join(MaskFormat)}.") from None


def _find(bundle: Bundle, mask_format: MaskFormat, labels: InkLabels) -> Findings:
    match mask_format:
        case MaskFormat.PNG:
            return find_png_masks(bundle)
        case MaskFormat.COCO:
            return find_coco_masks(bundle, labels)
        case MaskFormat.LABELME:
            return find_labelme_masks(bundle, labels)
        case MaskFormat.CVAT:
            return find_cvat_masks(bundle, labels)


def _kind(name: str) -> ReaderKind:
    try:
        return ReaderKind(name)
    except ValueError:
        raise GsalError(
            f"There is no kind of reader {name}; the kinds are {', '.join(ReaderKind)}."
        ) from None


def _counts(labels: dict[str, int]) -> str:
    return ", ".join(f"{label} ({count})" for label, count in sorted(labels.items()))


def _problem(folder: Path, error: InputError) -> dict[str, str]:
    inside = error.path.is_relative_to(folder) and error.path != folder
    return {
        "file": str(error.path.relative_to(folder)) if inside else error.path.name,
        "reason": error.reason,
    }


def _check_origin(drawn: Drawn, *, has_reader: bool, is_changed: bool) -> None:
    """Refuse to let a mask count as what it is not; a program's that somebody changed is theirs."""
    source = drawn.source
    if not has_reader and source in _PEOPLE:
        raise InputError(drawn.file, "a person drew it: say who (--reader)")
    if not has_reader and source not in {"", MaskSource.EXACT}:
        raise InputError(drawn.file, f"a program made it ({source}), so it is not exact")
    if has_reader and source not in {"", *_PEOPLE} and not is_changed:
        raise InputError(drawn.file, f"no reader made it ({source}), and nobody has changed it since")


def _judged(project: Project, reader: Reader | None) -> set[int]:
    """Return the pictures that the reader has a verdict on."""
    if reader is None:
        return set()
    return set(project.store.decisions.status_by_image(reader.id, Purpose.REVIEW))
