"""Between a picture's pixels and the network's grid, and back, without a half-pixel shift."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import Coverage, FloatArray, Mask, RgbImage
from gsal.masks.area import MIN_INK_PX, REFERENCE_PX, ink_px

__all__ = [
    "MIN_INK_PX",
    "REFERENCE_PX",
    "WORKING_PX",
    "Geometry",
    "coverage",
    "fitted",
    "ink_px",
    "resize_image",
    "resize_map",
    "resize_mask",
    "scaled_shape",
    "working_shape",
]

Array = TypeVar("Array", bound=npt.NDArray[Any])

WORKING_PX = 1024
"""Long side at which masks of rules and networks are made and kept."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """How a picture was laid on a square network input: whole, each axis scaled on its own.

    Pixel centres are at half integers on both sides, so column x of the picture lies at
    (x + .5) size / width - .5 of the grid.

    Attributes:
        height: Of the picture, in pixels.
        width: Of the picture, in pixels.
        size: Side of the network's input, in pixels.
    """

    height: int
    width: int
    size: int

    def to_network(self, image: RgbImage) -> RgbImage:
        """Resize the picture (H, W, 3) uint8 to the network's grid (S, S, 3) uint8."""
        self._expect(image.shape[:2])
        return resize_image(image, height=self.size, width=self.size)

    def coverage(self, mask: Mask) -> Coverage:
        """Give the share of each cell of the network's grid that a mask (H, W) covers, (S, S) float32.

        Never thresholded: sum(w) / S^2 is the mask's share of the picture.
        """
        self._expect(mask.shape)
        return coverage(mask, height=self.size, width=self.size)

    def to_picture(self, values: npt.NDArray[np.floating]) -> FloatArray:
        """Bring a map (S, S) of the network's grid to the picture's pixels, (H, W) float64, bilinearly."""
        if values.shape != (self.size, self.size):
            raise ValueError(f"expected a map of {self.size} x {self.size}, got {values.shape}")
        return _resize(values.astype(np.float64), self.height, self.width)

    def working(self, *, long_side: int = WORKING_PX) -> tuple[int, int]:
        """Give (height, width) of the working copy of the picture; see `working_shape`."""
        return working_shape(self.height, self.width, long_side=long_side)

    def _expect(self, shape: tuple[int, ...]) -> None:
        if shape != (self.height, self.width):
            raise ValueError(f"expected {self.height} x {self.width} pixels, got {shape}")


def working_shape(height: int, width: int, *, long_side: int = WORKING_PX) -> tuple[int, int]:
    """Give (height, width) scaled so that the longer is `long_side`; smaller pictures stay as they are.

    >>> working_shape(3000, 4000), working_shape(300, 200), working_shape(20000, 8)
    ((768, 1024), (300, 200), (1024, 1))
    """
    scale = min(1.0, long_side / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


def scaled_shape(height: int, width: int, *, long_side: int) -> tuple[int, int]:
    """Give (height, width) scaled so that the longer is `long_side`, also where the picture is smaller.

    >>> scaled_shape(3000, 4000, long_side=448), scaled_shape(300, 200, long_side=448)
    ((336, 448), (448, 299))
    """
    scale = long_side / max(height, width)
    return max(1, round(height * scale)), max(1, round(width * scale))


def resize_image(image: RgbImage, *, height: int, width: int) -> RgbImage:
    """Resize a picture (H, W, 3) uint8: area average where an axis shrinks, bilinear where it grows."""
    return _resize(image, height, width)


def resize_map(values: npt.NDArray[np.float32], *, height: int, width: int) -> npt.NDArray[np.float32]:
    """Resize a map (H, W) float32 as `resize_image` does a picture: pixel centres stay where they were."""
    return _resize(values, height, width)


def resize_mask(mask: Mask, *, height: int, width: int) -> Mask:
    """Resize a mask (H, W) bool: ink where at least half of the new pixel is covered.

    Strokes thinner than half a new pixel vanish: use `coverage` for measuring, this for showing and for
    starting a mask from one of another size.
    """
    resized: Mask = coverage(mask, height=height, width=width) >= 0.5
    return resized


def fitted(mask: Mask, *, height: int, width: int) -> Mask:
    """Resize a mask (H, W) bool for measuring: as `resize_mask`, but one with ink never becomes empty.

    Strokes that are all too thin for half a new pixel become every new pixel that they touch (SPEC 4: empty
    is no pixel).
    """
    if mask.shape == (height, width):
        return mask
    resized = resize_mask(mask, height=height, width=width)
    if mask.any() and not resized.any():
        rows, columns = np.nonzero(mask)
        resized[rows * height // mask.shape[0], columns * width // mask.shape[1]] = True
    return resized


def coverage(mask: Mask, *, height: int, width: int) -> Coverage:
    """Give the share of each cell of a height x width grid that a mask (H, W) covers, float32 in [0, 1].

    Exact by area in both directions (SPEC 1: `cv2.INTER_AREA`, which is exact only where an axis shrinks).
    """
    values: Coverage = mask.astype(np.float32)
    if height <= mask.shape[0] and width <= mask.shape[1]:
        values = _cv2_resize(values, height, width, cv2.INTER_AREA)
    else:
        values = _spread(_spread(values, height).T, width).T
    return cast(Coverage, np.clip(values, 0.0, 1.0))


def _spread(values: Coverage, new_cells: int) -> Coverage:
    """Share the cells of the first axis out over new ones, by the length that they have in common."""
    cells, shares = _sources(values.shape[0], new_cells)
    spread: Coverage = shares[0][:, None] * values[cells[0]]
    for cell, share in zip(cells[1:], shares[1:], strict=True):
        spread += share[:, None] * values[cell]
    return spread


@lru_cache(maxsize=64)
def _sources(cells: int, new_cells: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Give (k, new_cells) old cells that fill each new one, and their shares; few, as most fill nothing."""
    shares = _overlap(cells, new_cells)
    most = int(np.count_nonzero(shares, axis=1).max())
    order = np.argsort(shares == 0, axis=1, kind="stable")[:, :most]
    return order.T, np.take_along_axis(shares, order, axis=1).T


def _overlap(cells: int, new_cells: int) -> npt.NDArray[np.float32]:
    """Give (new_cells, cells): the share of each new cell that each old one fills, along one axis."""
    edges = np.arange(cells + 1) * (new_cells / cells)
    starts = np.maximum(edges[:-1], np.arange(new_cells)[:, None])
    ends = np.minimum(edges[1:], np.arange(1, new_cells + 1)[:, None])
    shares: npt.NDArray[np.float32] = np.maximum(ends - starts, 0.0).astype(np.float32)
    return shares


def _resize(values: Array, height: int, width: int) -> Array:
    """Resize along each axis by the way that fits it; a mixed call of cv2 would average along neither."""
    shrunk = _cv2_resize(values, min(height, values.shape[0]), min(width, values.shape[1]), cv2.INTER_AREA)
    return _cv2_resize(shrunk, height, width, cv2.INTER_LINEAR)


def _cv2_resize(values: Array, height: int, width: int, interpolation: int) -> Array:
    if values.shape[:2] == (height, width):
        return values
    return cast(Array, cv2.resize(values, (width, height), interpolation=interpolation))
