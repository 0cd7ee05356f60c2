"""What a step changed, as the exclusive-or of a mask before and after it, in 64-pixel tiles.

The same delta takes a step back and does it again; deltas of a chain of steps may be applied in any order.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Self

import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask
from gsal.editing.box import Box
from gsal.errors import ProjectDamaged
from gsal.records import EncodedDelta

__all__ = [
    "TILE_PX",
    "Tile",
    "TileDelta",
    "decode",
    "encode",
    "runs",
    "tile_slices",
    "tiles_of",
    "tiles_with",
]

TILE_PX = 64
_TILE_BYTES = TILE_PX * TILE_PX // 8
_HEADER = struct.Struct(">4sIII")
_MAGIC = b"GSD1"
_ZLIB_LEVEL = 1

Tile = tuple[int, int]
"""(row, column) of a tile, counted in tiles."""


@dataclass(frozen=True, slots=True)
class TileDelta:
    """The pixels that a step flipped.

    Attributes:
        shape: (height, width) of the mask in pixels.
        tiles: Those in which a pixel flipped, each once.
        bits: Per tile 512 bytes: 64 rows of 64 bits, 1 where a pixel flipped, 0 beyond the mask's border.
    """

    shape: tuple[int, int]
    tiles: tuple[Tile, ...]
    bits: bytes

    @classmethod
    def between(cls, before: Mapping[Tile, npt.NDArray[np.uint8]], mask: npt.NDArray[np.uint8]) -> Self:
        """Compare tiles as they were with the mask as it is; tiles that are the same are left out."""
        changed: list[Tile] = []
        flipped = np.zeros((len(before), TILE_PX, TILE_PX), np.uint8)
        for tile, old in before.items():
            part = flipped[len(changed)][: old.shape[0], : old.shape[1]]
            np.bitwise_xor(old, mask[tile_slices(tile)], out=part)
            if part.any():
                changed.append(tile)
        bits = np.packbits(flipped[: len(changed)]).tobytes()
        return cls((mask.shape[0], mask.shape[1]), tuple(changed), bits)

    def apply(self, mask: npt.NDArray[np.uint8]) -> Box:
        """Flip the pixels of a mask in place.

        Args:
            mask: uint8 of 0 and 1, of the delta's shape.

        Returns:
            The box of the tiles, inside the mask; an empty one when there are none.
        """
        flipped = np.unpackbits(np.frombuffer(self.bits, np.uint8)).reshape(-1, TILE_PX, TILE_PX)
        for tile, flips in zip(self.tiles, flipped, strict=True):
            part = mask[tile_slices(tile)]
            part ^= flips[: part.shape[0], : part.shape[1]]
        return Box.around(runs(self.tiles)).clipped(*self.shape)


def tile_slices(tile: Tile) -> tuple[slice, slice]:
    """Return what to index a mask with; slices end at its border by themselves."""
    top, left = tile[0] * TILE_PX, tile[1] * TILE_PX
    return slice(top, top + TILE_PX), slice(left, left + TILE_PX)


def runs(tiles: Iterable[Tile]) -> Iterator[Box]:
    """Join neighbours in a row of tiles to boxes of pixels; they may reach beyond the mask.

    >>> list(runs([(0, 2), (0, 1), (3, 3)]))
    [Box(top=0, left=64, bottom=64, right=192), Box(top=192, left=192, bottom=256, right=256)]
    """
    for row, in_row in groupby(sorted(tiles), key=lambda tile: tile[0]):
        columns = [column for _, column in in_row]
        for _, run in groupby(enumerate(columns), key=lambda pair: pair[1] - pair[0]):
            neighbours = [column for _, column in run]
            left, right = neighbours[0] * TILE_PX, (neighbours[-1] + 1) * TILE_PX
            yield Box(row * TILE_PX, left, (row + 1) * TILE_PX, right)


def tiles_of(pixels: npt.NDArray[np.uint8], box: Box) -> Iterator[tuple[Tile, npt.NDArray[np.uint8]]]:
    """Cut the pixels of a box, whose top left is a tile's, into tiles; they are views."""
    for top in range(0, box.bottom - box.top, TILE_PX):
        for left in range(0, box.right - box.left, TILE_PX):
            tile = (box.top + top) // TILE_PX, (box.left + left) // TILE_PX
            yield tile, pixels[top : top + TILE_PX, left : left + TILE_PX]


def tiles_with(pixels: Mask, box: Box) -> list[Tile]:
    """Return the tiles in which any pixel of a box is True.

    Args:
        pixels: Bool of the box's shape.
        box: Inside a mask.

    >>> tiles_with(np.eye(3, dtype=bool), Box(62, 10, 65, 13))
    [(0, 0), (1, 0)]
    """
    if box.is_empty:
        return []
    rows, columns = box.top // TILE_PX, box.left // TILE_PX
    row_cuts = np.maximum(np.arange(rows * TILE_PX, box.bottom, TILE_PX) - box.top, 0).tolist()
    column_cuts = np.maximum(np.arange(columns * TILE_PX, box.right, TILE_PX) - box.left, 0)
    # A hundred times as fast as reduceat along this axis.
    ends = [*row_cuts[1:], box.bottom - box.top]
    in_rows = np.stack([pixels[top:end].any(axis=0) for top, end in zip(row_cuts, ends, strict=True)])
    in_tiles = np.logical_or.reduceat(in_rows, column_cuts, axis=1)
    return [(rows + row, columns + column) for row, column in np.argwhere(in_tiles).tolist()]


def encode(delta: TileDelta) -> EncodedDelta:
    """Encode a delta: a header with its shape and number of tiles, then their places and bits, compressed.

    >>> delta = TileDelta((70, 90), ((1, 0),), bytes([255]) + bytes(511))
    >>> decode(encode(delta), (70, 90)) == delta
    True
    """
    height, width = delta.shape
    places = np.array(delta.tiles, "<u2").tobytes()
    data = _HEADER.pack(_MAGIC, height, width, len(delta.tiles)) + zlib.compress(
        places + delta.bits, _ZLIB_LEVEL
    )
    return EncodedDelta(data=data, sha256=hashlib.sha256(data).hexdigest())


def decode(encoded: EncodedDelta, shape: tuple[int, int]) -> TileDelta:
    """Decode a delta after verifying its checksum.

    Args:
        encoded: What `encode` returned; `sha256` is that of `data`.
        shape: (height, width) that the mask has.

    Raises:
        ProjectDamaged: What is stored is not what was written, or belongs to a mask of another shape.
    """
    if hashlib.sha256(encoded.data).hexdigest() != encoded.sha256:
        raise _damaged("its checksum does not fit")
    if len(encoded.data) < _HEADER.size:
        raise _damaged("it is too short")
    magic, height, width, n_tiles = _HEADER.unpack_from(encoded.data)
    if magic != _MAGIC or (height, width) != shape:
        raise _damaged(f"it is of a mask of {width} x {height} pixels, expected {shape[1]} x {shape[0]}")
    expected = n_tiles * (4 + _TILE_BYTES)
    try:
        unpacked = zlib.decompressobj().decompress(encoded.data[_HEADER.size :], expected + 1)
    except zlib.error as error:
        raise _damaged("it cannot be unpacked") from error
    if len(unpacked) != expected:
        raise _damaged("its size does not fit")
    places = np.frombuffer(unpacked, "<u2", 2 * n_tiles).reshape(n_tiles, 2)
    if n_tiles and (places.max(axis=0) * TILE_PX >= shape).any():
        raise _damaged("it lies outside the picture")
    tiles = tuple((int(row), int(column)) for row, column in places)
    return TileDelta(shape, tiles, unpacked[4 * n_tiles :])


def _damaged(reason: str) -> ProjectDamaged:
    return ProjectDamaged(
        f"A stored stroke is damaged: {reason}. Open an earlier version of this mask, or restore the "
        "project's database from a backup."
    )
