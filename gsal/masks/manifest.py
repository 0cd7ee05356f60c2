"""The table that goes with exported masks: which picture, what made it, and hashes to know both again."""

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from gsal.arrays import Mask
from gsal.errors import InputError
from gsal.spreadsheets import guarded, unguarded

__all__ = ["NAME", "UPRIGHT", "MaskRow", "pixels_sha256", "read_rows", "table"]

NAME = "masks.csv"
"""Of the manifest, in the folder of the masks."""

UPRIGHT = "upright"
"""Orientation of every exported mask: that of the picture with its EXIF orientation applied."""


@dataclass(frozen=True, slots=True)
class MaskRow:
    """One exported mask; all attributes are texts, as in the table.

    Attributes:
        picture: Root and path of the picture; "" when names are not to be told.
        mask: The mask's file, relative to the manifest.
        picture_sha256: Of the picture's file.
        width, height: Of picture and mask, upright, in pixels.
        orientation: "upright".
        source: What made it (`MaskSource`).
        reader_kind: Who drew it; "" when nobody did.
        reader: Their name, only when asked for.
        uuid: Of the revision.
        parent_uuid: Of the revision it began from; "" for an empty start.
        ink_px: Ink at the reference size of 224 px (SPEC 1), unrounded.
        is_enlarged: "1" where the project keeps it smaller than its picture, as masks of rules and networks.
        mask_sha256: Of the mask's file.
        pixels_sha256: Of its pixels, see `pixels_sha256`.
        created: When, UTC.
    """

    picture: str
    mask: str
    picture_sha256: str
    width: str
    height: str
    orientation: str
    source: str
    reader_kind: str
    reader: str
    uuid: str
    parent_uuid: str
    ink_px: str
    is_enlarged: str
    mask_sha256: str
    pixels_sha256: str
    created: str


_COLUMNS = tuple(field.name for field in fields(MaskRow))
_NEEDED = ("mask", "picture_sha256")


def pixels_sha256(mask: Mask) -> str:
    """Return the SHA-256 of a mask's pixels, whatever file they are in.

    One bit per pixel, each row filled up to whole bytes, the leftmost pixel in the highest bit:
    `hashlib.sha256(numpy.packbits(mask, axis=1).tobytes())`.

    Args:
        mask: (H, W) bool.
    """
    return hashlib.sha256(np.packbits(mask, axis=1).tobytes()).hexdigest()


def table(rows: Iterable[MaskRow], *, with_readers: bool) -> str:
    """Return the manifest as CSV; a text that a spreadsheet would take for a formula gets ' before it.

    Args:
        rows: In the order wanted.
        with_readers: Whether the column with the readers' names is there at all.
    """
    columns = [name for name in _COLUMNS if with_readers or name != "reader"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    # The plain writer leaves a carriage return in a file's name unquoted.
    quoting = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        cells = [guarded(getattr(row, name)) for name in columns]
        (quoting if any("\r" in cell for cell in cells) else writer).writerow(cells)
    return text.getvalue()


def read_rows(data: bytes, path: Path) -> dict[str, MaskRow]:
    """Read a manifest back.

    Args:
        data: Content of the file.
        path: Its path, for messages.

    Returns:
        Rows by the mask's file; columns that are missing are empty.

    Raises:
        InputError: It is no such table; the text names the line.
    """
    remedy = "Export the masks again, or take the table away: masks are then found by their names."
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(path, "it is not UTF-8", remedy) from error
    rows: dict[str, MaskRow] = {}
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if missing := [name for name in _NEEDED if name not in header]:
            raise InputError(path, f"it has no column {' and '.join(missing)}", remedy)
        for values in reader:
            cells = dict(zip(header, values, strict=False))
            row = MaskRow(**{name: unguarded(cells.get(name, "")) for name in _COLUMNS})
            if row.mask in rows:
                raise InputError(path, f"line {reader.line_num}: {row.mask} is listed twice", remedy)
            rows[row.mask] = row
    except csv.Error as error:
        raise InputError(path, f"line {reader.line_num} cannot be read", remedy) from error
    return rows
