"""Masks as PNG files, for other programs and from them."""

import io
import stat
from pathlib import Path, PurePosixPath
from typing import NoReturn

import numpy as np
from PIL import Image, PngImagePlugin

from gsal.arrays import Mask
from gsal.errors import ImageError
from gsal.files import write_bytes
from gsal.masks.bundle import Bundle
from gsal.masks.foreign import Drawn, Findings, expect_shape
from gsal.masks.manifest import NAME, MaskRow, read_rows

__all__ = ["decode_png", "encode_png", "find_png_masks", "read_png", "write_png"]

_REMEDY = "Save it as a grey or 1-bit PNG: 0 = no ink, one other value = ink."
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, RuntimeError, ArithmeticError)
_MODES = {"1", "L", "P", "I;16", "I;16B"}
_MAX_VALUES = 2


def write_png(path: Path, mask: Mask) -> None:
    """Write a mask (H, W) bool as a 1-bit PNG, white = ink, without any metadata; whole or not at all."""
    write_bytes(path, encode_png(mask))


def encode_png(mask: Mask) -> bytes:
    """Return a mask (H, W) bool as the content of a 1-bit PNG, white = ink, without any metadata."""
    buffer = io.BytesIO()
    Image.fromarray(mask.astype(np.uint8) * 255).convert("1", dither=Image.Dither.NONE).save(buffer, "PNG")
    return buffer.getvalue()


def read_png(path: Path, shape: tuple[int, int]) -> Mask:
    """Read a mask; never resized, never thresholded by guess.

    Args:
        path: A PNG file, 1-bit, grey or palette, with 0 for no ink and at most one other value for ink.
        shape: (height, width) of its picture, upright.

    Returns:
        (H, W) bool.

    Raises:
        ImageError: No PNG, damaged, of another size, in colour or transparent, or of more than two values.
    """
    return decode_png(_content(path), path, shape)


def decode_png(data: bytes, path: Path, shape: tuple[int, int]) -> Mask:
    """Read a mask from the content of a PNG file, as `read_png` does; `path` is for messages."""
    try:
        picture = PngImagePlugin.PngImageFile(io.BytesIO(data))
    except _DAMAGE as error:
        raise ImageError(path, "not a PNG file, or damaged", _REMEDY) from error
    expect_shape(path, (picture.height, picture.width), shape)
    if picture.mode not in _MODES:
        _refuse(path, f"the mask has colours or transparency (mode {picture.mode})")
    try:
        picture.load()
        PngImagePlugin.PngImageFile(io.BytesIO(data)).verify()
    except _DAMAGE as error:
        raise ImageError(path, "incomplete: the file is cut off or damaged", "Export it again.") from error
    values = np.asarray(picture)
    mask: Mask = values != 0
    if np.unique(values[mask]).size >= _MAX_VALUES:
        _refuse(path, "the mask has more than two values, so what is ink is not clear")
    return mask


def find_png_masks(bundle: Bundle) -> Findings:
    """Find the PNG masks of a folder or zip, each named like its picture, or listed in a manifest."""
    findings = Findings()
    rows: dict[str, MaskRow] = {}
    for name in bundle.names:
        if PurePosixPath(name).name == NAME:
            folder = PurePosixPath(name).parent
            listed = read_rows(bundle.read(name), bundle.path / name)
            rows |= {str(folder / mask): row for mask, row in listed.items()}
    for name in bundle.names:
        if PurePosixPath(name).suffix.lower() == ".png":
            findings.drawn.append(_drawn(bundle, name, rows.get(name)))
    return findings


def _drawn(bundle: Bundle, name: str, row: MaskRow | None) -> Drawn:
    def read(shape: tuple[int, int]) -> Mask:
        return decode_png(bundle.read(name), bundle.path / name, shape)

    stem = str(PurePosixPath(name).with_suffix(""))
    if row is None:
        return Drawn(name, (stem,), read, is_empty_told=True)
    return Drawn(
        name,
        (stem,),
        read,
        picture_sha256=row.picture_sha256,
        source=row.source,
        pixels_sha256=row.pixels_sha256,
        is_empty_told=True,
    )


def _content(path: Path) -> bytes:
    """Read a regular file; pipes and folders are refused before they are opened."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            _refuse(path, "it is not a file", "Name a PNG file.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ImageError(path, "no such file", "Check its path.") from error
    except OSError as error:
        raise ImageError(path, f"it cannot be read ({error.strerror})", "Check its permissions.") from error


def _refuse(path: Path, reason: str, remedy: str = _REMEDY) -> NoReturn:
    raise ImageError(path, reason, remedy)
