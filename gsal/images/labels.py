"""The table that says what a folder of pictures shows: labels.csv."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gsal.errors import LabelsError

__all__ = ["LabelRow", "LabelsTable", "Problem", "read_labels"]

REQUIRED = ("file", "label")
_KNOWN = (*REQUIRED, "patient_id", "lesion_id")
_DELIMITERS = (",", ";", "\t")
_MAX_BYTES = 256_000_000
_SAVE_AS = 'Save it as "CSV UTF-8" and import again.'
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Problem:
    """One picture or row that does not go in, while the rest does.

    Attributes:
        file: Which, as the user knows it.
        reason: One clause.
        line: Of the table of labels, from 1; None without a table.
    """

    file: str
    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One row.

    Attributes:
        line: Where it begins in the table, from 1.
        file: As written, relative to the table's folder.
        label: Class name; None when empty.
        patient_id: "" when unknown.
        lesion_id: "" when unknown.
        extra: Other columns by name.
    """

    line: int
    file: str
    label: str | None
    patient_id: str = ""
    lesion_id: str = ""
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelsTable:
    """A table with the rows that can be used, and why others cannot."""

    rows: tuple[LabelRow, ...]
    problems: tuple[Problem, ...]
    columns: tuple[str, ...]


def read_labels(path: Path) -> LabelsTable:
    """Read a table of labels.

    UTF-8 with or without a byte order mark; columns `file` and `label` (which may be empty), optional
    `patient_id` and `lesion_id`, others kept; parted by commas, semicolons or tabs. A row that cannot be used
    is listed and the rest goes in; of a file named twice the first row counts.

    Raises:
        LabelsError: The table as a whole cannot be used; the text names the line.
    """
    text = _text(path)
    columns, delimiter = _header(path, text)
    rows: list[LabelRow] = []
    problems: list[Problem] = []
    first_rows: dict[str, LabelRow] = {}
    for line, cells in _records(path, text, delimiter):
        if line == 1 or not any(cells):
            continue
        found = _row(line, cells, columns)
        if isinstance(found, LabelRow):
            earlier = first_rows.setdefault(found.file, found)
            if earlier is found:
                rows.append(found)
                continue
            found = Problem(found.file, f"listed again: line {earlier.line} already has it", line)
        problems.append(found)
    if not rows and not problems:
        raise LabelsError(path, "it has a header but no rows", "Write one row per picture.")
    return LabelsTable(tuple(rows), tuple(problems), columns)


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise LabelsError(path, "no such file", "Check the path of the table of labels.")
        if path.stat().st_size > _MAX_BYTES:
            raise LabelsError(
                path, f"larger than {_MAX_BYTES // 1_000_000} MB", "This is no table of labels."
            )
        data = path.read_bytes()
    except OSError as error:
        raise LabelsError(path, f"it cannot be read ({error.strerror})", "Check its permissions.") from error
    if data.startswith(_UTF_16) or b"\0" in data[:4096]:
        raise LabelsError(path, "line 1: its encoding is UTF-16 or binary, not UTF-8", _SAVE_AS)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"line {line}: its encoding is not UTF-8 (byte 0x{data[error.start]:02x})"
        raise LabelsError(path, reason, _SAVE_AS) from error
    if not text.strip():
        raise LabelsError(path, "empty file", f"It needs a header line with {' and '.join(REQUIRED)}.")
    return text


def _header(path: Path, text: str) -> tuple[tuple[str, ...], str]:
    """Find the delimiter that gives the first line its required columns."""
    found: tuple[str, ...] = ()
    best = ""
    for delimiter in _DELIMITERS:
        _, cells = next(_records(path, text, delimiter))
        columns = tuple(cell.lower() if cell.lower() in _KNOWN else cell for cell in cells)
        if len(columns) > len(found):
            found, best = columns, delimiter
    missing = [name for name in REQUIRED if name not in found]
    if missing:
        reason = f"line 1: no column {' and '.join(missing)} (it has: {', '.join(found)})"
        raise LabelsError(path, reason, f"Name the columns {', '.join(REQUIRED)} in the first line.")
    doubled = {name for name in found if name and found.count(name) > 1}
    if doubled:
        reason = f"line 1: the column {min(doubled)} appears more than once"
        raise LabelsError(path, reason, "Rename or remove one of them.")
    return found, best


def _records(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins at, its cells without surrounding blanks."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise LabelsError(path, f"line {line}: {error}", "Check the quotation marks of that line.") from error


def _row(line: int, cells: list[str], columns: tuple[str, ...]) -> LabelRow | Problem:
    values = dict(zip(columns, cells, strict=False))
    file = values.get("file", "")
    if not file:
        return Problem("", "no file is named in this row", line)
    surplus = [cell for cell in cells[len(columns) :] if cell]
    if len(cells) < len(columns) or surplus:
        return Problem(file, f"the row has {len(cells)} cells where the header has {len(columns)}", line)
    extra = {name: value for name, value in values.items() if name and name not in _KNOWN}
    patient, lesion = values.get("patient_id", ""), values.get("lesion_id", "")
    return LabelRow(line, file, values["label"] or None, patient, lesion, extra)
