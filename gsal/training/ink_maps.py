"""Ink probabilities of pictures of any shape: padded, in batches of equal shape, large ones in tiles."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import RgbImage

__all__ = ["OVERLAP_PX", "STRIDE_PX", "TILE_PX", "InkMap", "Run", "ink_map", "ink_maps", "padded"]

InkMap: TypeAlias = npt.NDArray[np.float32]
"""(H, W) float32: the probability of ink."""

Run: TypeAlias = Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]]
"""From pictures (N, H, W, 3) uint8, H and W multiples of STRIDE_PX, to probabilities (N, H, W)."""

STRIDE_PX = 32
"""Sides are padded to multiples of this: the deepest features of the networks are 1/32 of the input."""

TILE_PX = 768
"""Side of a tile; larger pictures go through the network in overlapping tiles, so memory stays bounded."""

OVERLAP_PX = 192
"""Of two tiles; within it one fades into the other."""

_LEAST_WEIGHT = np.float32(1e-3)


def ink_maps(run: Run, pictures: Sequence[RgbImage], *, batch_size: int = 8) -> list[InkMap]:
    """Return the ink probabilities of each picture, (H, W) float32 at its own size.

    Args:
        run: A network.
        pictures: (H, W, 3) uint8 each, at the scale the network works at.
        batch_size: Pictures at a time, of equal padded shape.
    """
    found: dict[int, InkMap] = {}
    small: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, picture in enumerate(pictures):
        if max(picture.shape[:2]) > TILE_PX:
            found[index] = ink_map(run, picture)
        else:
            small[_padded_shape(picture)].append(index)
    for indices in small.values():
        for start in range(0, len(indices), batch_size):
            part = indices[start : start + batch_size]
            maps = run(np.stack([padded(pictures[index]) for index in part]))
            for index, values in zip(part, maps, strict=True):
                height, width = pictures[index].shape[:2]
                found[index] = values[:height, :width]
    return [found[index] for index in range(len(pictures))]


def ink_map(run: Run, picture: RgbImage, *, tile_px: int = TILE_PX, overlap_px: int = OVERLAP_PX) -> InkMap:
    """Return the ink probabilities of one picture, by tiles that fade into each other.

    Args:
        run: A network.
        picture: (H, W, 3) uint8.
        tile_px: Side of a tile, a multiple of STRIDE_PX; a picture that fits is one tile.
        overlap_px: Of neighbouring tiles, at least.
    """
    height, width = picture.shape[:2]
    total, weights = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    for top, rows in _spans(height, tile_px, overlap_px):
        for left, columns in _spans(width, tile_px, overlap_px):
            part = np.s_[top : top + rows, left : left + columns]
            values = run(padded(picture[part])[None])[0, :rows, :columns]
            weight = _fade(rows, top > 0, top + rows < height, overlap_px)[:, None] * _fade(
                columns, left > 0, left + columns < width, overlap_px
            )
            total[part] += weight * values
            weights[part] += weight
    return np.asarray(total / weights, np.float32)


def _spans(extent: int, tile: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Yield start and length of the fewest tiles that cover an axis, evenly spread."""
    if extent <= tile:
        yield 0, extent
        return
    count = -(-(extent - overlap) // (tile - overlap))
    for start in np.linspace(0, extent - tile, count).round().astype(int).tolist():
        yield start, tile


def _fade(length: int, before: bool, after: bool, overlap: int) -> npt.NDArray[np.float32]:
    """Return weights along an axis that rise from an edge with a neighbour and fall toward one."""
    ramp = np.clip((np.arange(length, dtype=np.float32) + 0.5) / overlap, _LEAST_WEIGHT, 1)
    rise = ramp if before else np.ones_like(ramp)
    fall = ramp[::-1] if after else np.ones_like(ramp)
    return np.asarray(np.minimum(rise, fall), np.float32)


def _padded_shape(picture: RgbImage) -> tuple[int, int]:
    height, width = picture.shape[:2]
    return -(-height // STRIDE_PX) * STRIDE_PX, -(-width // STRIDE_PX) * STRIDE_PX


def padded(picture: RgbImage) -> RgbImage:
    """Go on with the mirrored picture at the right and the bottom, to multiples of STRIDE_PX."""
    rows, columns = (new - old for new, old in zip(_padded_shape(picture), picture.shape[:2], strict=True))
    return np.asarray(cv2.copyMakeBorder(picture, 0, rows, 0, columns, cv2.BORDER_REFLECT_101), np.uint8)
