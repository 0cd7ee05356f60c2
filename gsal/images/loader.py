"""The one loader: every picture that the program looks at comes through here."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageFile

from gsal.arrays import RgbImage
from gsal.errors import ImageError
from gsal.images.colour import to_srgb
from gsal.images.formats import (
    ACCEPTED,
    DECODE_ERRORS,
    ends_early,
    foreign_format,
    open_header,
    suffix_is_wrong,
)
from gsal.images.quiet import QUIET_PILLOW

__all__ = ["MAX_PIXELS", "MIN_SIDE_PX", "ImageInfo", "load_rgb", "load_thumbnail", "probe"]

MAX_PIXELS = 200_000_000
MIN_SIDE_PX = 8
"""Smaller pictures cannot show a lesion: they are icons, tracking pixels or mistakes."""

_PREFIX_BYTES = 4096
_INCOMPLETE = "incomplete: the file is cut off or damaged"
_CUT_WORDS = ("truncated", "incomplete", "not enough", "unexpected end", "end of file", "broken data stream")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """What reading a picture once, whole, tells about it.

    Attributes:
        width: Upright, in pixels.
        height: Upright, in pixels.
        sha256: Of the file's bytes.
        size_bytes: Of the file.
        mtime_ns: Of the file.
        notes: What had to be changed to show it ("transparent parts were laid on white").
    """

    width: int
    height: int
    sha256: str
    size_bytes: int
    mtime_ns: int
    notes: tuple[str, ...]


def load_rgb(path: Path, *, max_pixels: int = MAX_PIXELS) -> RgbImage:
    """Load a picture upright, in sRGB, whole or not at all.

    Args:
        path: A JPEG, PNG, TIFF, BMP, WebP or GIF file, whatever its name; of several frames the first.
        max_pixels: Larger pictures are refused by their header, before anything is decoded.

    Returns:
        (H, W, 3) uint8.

    Raises:
        ImageError: It cannot be used; `reason` says why in one clause.
    """
    with _opened(path) as (stream, _):
        picture, _ = _decode(stream, path, max_pixels=max_pixels)
    return np.array(picture)


def probe(path: Path, *, max_pixels: int = MAX_PIXELS) -> ImageInfo:
    """Read a picture once, decoding all of it, so that what is found good stays good.

    Raises:
        ImageError: It cannot be used.
    """
    with _opened(path) as (stream, status):
        picture, notes = _decode(stream, path, max_pixels=max_pixels)
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return ImageInfo(picture.width, picture.height, digest, status.st_size, status.st_mtime_ns, tuple(notes))


def load_thumbnail(path: Path, *, side: int, max_pixels: int = MAX_PIXELS) -> RgbImage:
    """Load a small copy, quickly: a JPEG is decoded at a fraction of its size.

    Args:
        path: As for `load_rgb`.
        side: Of the square that the copy fits in, in pixels; a smaller picture is not enlarged.
        max_pixels: As for `load_rgb`.

    Returns:
        (h, w, 3) uint8, max(h, w) <= side.

    Raises:
        ImageError: It cannot be used.
    """
    with _opened(path) as (stream, _):
        picture, _ = _decode(stream, path, max_pixels=max_pixels, draft_side=side)
    picture.thumbnail((side, side), Image.Resampling.BOX)
    return np.array(picture)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BufferedReader, os.stat_result]]:
    """Open a regular file; a pipe or device would hang, so the kind is asked before it is opened."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ImageError(
                path, "it is a folder, not a picture", "Name the pictures in it, or import the folder."
            )
        if not stat.S_ISREG(status.st_mode):
            raise ImageError(path, "it is a pipe or device, not a file", "Remove it from the folder.")
        if status.st_size == 0:
            raise ImageError(path, "empty file", "Copy it again from where it came.")
        stream = path.open("rb")
    except FileNotFoundError as error:
        raise ImageError(path, "no such file", "Put it back, or correct its path.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or "bad name"
        raise ImageError(
            path, f"it cannot be opened ({reason})", "Check the file and its permissions."
        ) from error
    with stream:
        yield stream, status


def _decode(
    stream: BufferedReader, path: Path, *, max_pixels: int, draft_side: int | None = None
) -> tuple[Image.Image, list[str]]:
    """Decode to mode RGB, sRGB and upright, with notes; `draft_side` allows a smaller JPEG, not below it."""
    with QUIET_PILLOW:
        picture = _header(stream, path)
        _check_size(path, picture.size, max_pixels=max_pixels)
        notes = _notes(picture, path)
        if draft_side is not None:
            picture.draft(None, (draft_side, draft_side))
        try:
            picture.load()
            is_cut = picture.im.size != picture.size or ends_early(stream, picture)
        except MemoryError as error:
            raise ImageError(path, "too large for the memory of this machine", "Reduce it first.") from error
        except DECODE_ERRORS as error:
            raise ImageError(path, _damage(error), "Copy it again from where it came.") from error
        if is_cut:
            raise ImageError(path, _INCOMPLETE, "Copy it again from where it came.")
        turn = _turn(picture, notes)
        try:
            rgb, changes = to_srgb(picture)
        except DECODE_ERRORS as error:
            raise ImageError(path, str(error), "Save it as 8-bit RGB.") from error
    if turn is not None:
        rgb = rgb.transpose(turn)
    return rgb, notes + changes


def _header(stream: BufferedReader, path: Path) -> ImageFile.ImageFile:
    prefix = stream.read(_PREFIX_BYTES)
    try:
        picture = open_header(stream, prefix)
    except Image.DecompressionBombError as error:
        raise ImageError(path, "too large to be decoded", "Reduce it first.") from error
    except DECODE_ERRORS as error:
        raise ImageError(path, _damage(error), "Copy it again from where it came.") from error
    if picture is None:
        foreign = foreign_format(prefix, path.suffix)
        reason = f"it is {foreign}, which is not supported" if foreign else "not an image"
        raise ImageError(path, reason, f"Accepted are {ACCEPTED}.")
    return picture


def _check_size(path: Path, size: tuple[int, int], *, max_pixels: int) -> None:
    width, height = size
    if width * height > max_pixels:
        megapixels, limit = width * height / 1e6, max_pixels / 1e6
        reason = f"too large ({width} x {height} = {megapixels:.0f} megapixels, the limit is {limit:.0f})"
        raise ImageError(path, reason, "Reduce it first.")
    if min(size) < MIN_SIDE_PX:
        reason = f"too small ({width} x {height} pixels, each side must have at least {MIN_SIDE_PX})"
        raise ImageError(path, reason, "Leave it out, or bring the original picture.")


def _notes(picture: ImageFile.ImageFile, path: Path) -> list[str]:
    notes = []
    if suffix_is_wrong(path.suffix, picture.format or ""):
        notes.append(f"its name ends in {path.suffix.lower()}, but it is {picture.format}")
    try:
        frames = getattr(picture, "n_frames", 1)
    except DECODE_ERRORS:
        frames = 1
    if frames > 1:
        notes.append("it holds several frames or pages; the first was taken")
    return notes


def _damage(error: BaseException) -> str:
    text = str(error).lower()
    is_cut = isinstance(error, EOFError) or any(word in text for word in _CUT_WORDS)
    return _INCOMPLETE if is_cut else f"damaged, or of a kind that cannot be decoded ({error})"


def _turn(picture: Image.Image, notes: list[str]) -> Image.Transpose | None:
    """Read which way up the picture is (EXIF orientation, or the one in XMP)."""
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except DECODE_ERRORS:
        notes.append("its EXIF data are damaged and were ignored")
        return None
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    if turn is not None:
        notes.append("it was turned upright by its EXIF orientation")
    return turn
