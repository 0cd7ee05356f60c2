"""Masks as bytes: cropped to their ink, one bit per pixel, compressed, with a checksum."""

import hashlib
import struct
import zlib

import numpy as np

from gsal.arrays import Mask
from gsal.errors import ProjectDamaged
from gsal.records import EncodedMask

__all__ = ["decode", "encode"]

_ZLIB_LEVEL = 1


def encode(mask: Mask) -> EncodedMask:
    """Encode a mask; equal masks give equal checksums.

    Args:
        mask: (H, W) bool.

    >>> import numpy as np
    >>> mask = np.zeros((9, 20), bool)
    >>> mask[2:5, 3:17] = True
    >>> encoded = encode(mask)
    >>> (encoded.top, encoded.left, encoded.box_height, encoded.box_width)
    (2, 3, 3, 14)
    >>> bool((decode(encoded) == mask).all())
    True
    """
    height, width = mask.shape
    rows = np.flatnonzero(mask.any(axis=1))
    if rows.size == 0:
        return _signed((height, width, 0, 0, 0, 0), b"")
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(mask[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    bits = np.packbits(mask[top:bottom, left:right], axis=1)
    data = zlib.compress(bits.tobytes(), _ZLIB_LEVEL)
    return _signed((height, width, top, left, bottom - top, right - left), data)


def decode(encoded: EncodedMask) -> Mask:
    """Decode a mask, (H, W) bool, after verifying its checksum.

    Raises:
        ProjectDamaged: What is stored is not what was written.
    """
    shape = _shape(encoded)
    if _digest(shape, encoded.data) != encoded.sha256:
        raise _damaged("its checksum does not fit")
    mask = np.zeros((encoded.height, encoded.width), np.bool_)
    if encoded.box_height == 0:
        return mask
    row_bytes = (encoded.box_width + 7) // 8
    expected = encoded.box_height * row_bytes
    try:
        packed = zlib.decompressobj().decompress(encoded.data, expected + 1)
    except zlib.error as error:
        raise _damaged("it cannot be unpacked") from error
    bottom, right = encoded.top + encoded.box_height, encoded.left + encoded.box_width
    if len(packed) != expected or bottom > encoded.height or right > encoded.width:
        raise _damaged("its size does not fit")
    bits = np.frombuffer(packed, np.uint8).reshape(encoded.box_height, row_bytes)
    box = np.unpackbits(bits, axis=1, count=encoded.box_width)
    mask[encoded.top : bottom, encoded.left : right] = box.view(np.bool_)
    return mask


def _signed(shape: tuple[int, int, int, int, int, int], data: bytes) -> EncodedMask:
    return EncodedMask(*shape, data=data, sha256=_digest(shape, data))


def _shape(encoded: EncodedMask) -> tuple[int, int, int, int, int, int]:
    box = (encoded.top, encoded.left, encoded.box_height, encoded.box_width)
    return (encoded.height, encoded.width, *box)


def _digest(shape: tuple[int, ...], data: bytes) -> str:
    return hashlib.sha256(struct.pack(">6q", *shape) + data).hexdigest()


def _damaged(reason: str) -> ProjectDamaged:
    return ProjectDamaged(
        f"A stored mask is damaged: {reason}. Open an earlier version of this mask, or restore the project's "
        "database from a backup."
    )
