"""Which file formats are pictures here, and what another file probably is."""

import struct
import zlib
from typing import BinaryIO

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

__all__ = ["ACCEPTED", "DECODE_ERRORS", "ends_early", "foreign_format", "open_header", "suffix_is_wrong"]

ACCEPTED = "JPEG, PNG, TIFF, BMP, WebP and GIF"
"""The accepted formats, for texts."""

_PLUGINS = (
    (JpegImagePlugin, "JPEG", {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"}),
    (PngImagePlugin, "PNG", {".png", ".apng"}),
    (TiffImagePlugin, "TIFF", {".tif", ".tiff"}),
    (BmpImagePlugin, "BMP", {".bmp", ".dib"}),
    (WebPImagePlugin, "WEBP", {".webp"}),
    (GifImagePlugin, "GIF", {".gif"}),
)
_SUFFIXES = {name: suffixes for _, name, suffixes in _PLUGINS} | {"MPO": _PLUGINS[0][2]}
_ALL_SUFFIXES = frozenset().union(*_SUFFIXES.values())

DECODE_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders are known to raise on damaged files (found by flipping and cutting bytes)."""

_FOREIGN = (
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a zip archive or office document"),
    (0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (0, b"FUJIFILMCCD-RAW", "a camera raw file"),
    (0, b"IIRO", "a camera raw file"),
    (0, b"IIU\x00", "a camera raw file"),
    (128, b"DICM", "a DICOM file"),
)
_BRANDS = {
    b"heic": "a HEIC picture",
    b"heix": "a HEIC picture",
    b"mif1": "a HEIF picture",
    b"msf1": "a HEIF picture",
}
_BRANDS |= {
    b"hevc": "a HEIC picture",
    b"avif": "an AVIF picture",
    b"avis": "an AVIF picture",
    b"crx ": "a camera raw file",
}
_RAW_SUFFIXES = {".cr2", ".nef", ".arw", ".dng", ".orf", ".rw2", ".pef", ".srw", ".raf", ".cr3", ".raw"}


def open_header(stream: BinaryIO, prefix: bytes) -> ImageFile.ImageFile | None:
    """Read a picture's header with the decoder its first bytes ask for; None when no decoder knows them.

    The decoders are called directly, for `PIL.Image.open` warns or refuses by a limit global to the process.
    """
    for _, name, _ in _PLUGINS:
        factory, accept = Image.OPEN[name]
        if accept is None or accept(prefix) is not True:
            continue
        stream.seek(0)
        return factory(stream, "")
    return None


def suffix_is_wrong(suffix: str, picture_format: str) -> bool:
    """Whether a file name promises another picture format than its content is.

    >>> suffix_is_wrong(".jpg", "PNG"), suffix_is_wrong(".JPG", "JPEG"), suffix_is_wrong("", "PNG")
    (True, False, False)
    """
    lowered = suffix.lower()
    return lowered in _ALL_SUFFIXES and lowered not in _SUFFIXES[picture_format]


def foreign_format(prefix: bytes, suffix: str) -> str:
    """Name what a file is that is no accepted picture; "" when that cannot be told.

    >>> foreign_format(b"%PDF-1.7", ".jpg")
    'a PDF document'
    """
    for offset, signature, name in _FOREIGN:
        if prefix[offset:].startswith(signature):
            return name
    if prefix[4:8] == b"ftyp":
        return _BRANDS.get(prefix[8:12], "a video or HEIF file")
    if suffix.lower() in _RAW_SUFFIXES:
        return "a camera raw file"
    if b"<svg" in prefix.lower():
        return "an SVG drawing"
    return ""


def ends_early(stream: BinaryIO, picture: ImageFile.ImageFile) -> bool:
    """Whether a file that decodes is cut off or damaged all the same.

    A JPEG whose tail was never written (zeros) decodes to a half grey picture: its end marker is missing.
    Of a PNG Pillow checks no checksum of the pixels unless asked to.
    """
    stream.seek(0)
    if picture.format in {"JPEG", "MPO"}:
        return not _has_jpeg_end(stream.read())
    if picture.format == "PNG":
        try:
            PngImagePlugin.PngImageFile(stream).verify()
        except DECODE_ERRORS:
            return True
    return False


def _has_jpeg_end(data: bytes) -> bool:
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:  # fill byte
            position += 1
            continue
        if marker == 0xDA:
            return data.find(b"\xff\xd9", position) >= 0
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return True  # no marker structure that could be followed: the decoder had the last word
