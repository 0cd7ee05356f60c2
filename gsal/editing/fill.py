"""Filling: the area that an outline of ink encloses."""

import math

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask
from gsal.editing.box import Box
from gsal.editing.brush import Point

__all__ = ["enclosed"]

_FLAGS = 4 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY | 1 << 8


def enclosed(mask: Mask | npt.NDArray[np.uint8], point: Point) -> tuple[Box, Mask] | None:
    """Return the region without ink around a point, if ink closes it off on all sides.

    Pixels of ink that touch at a corner are closed; the picture's border closes nothing.

    Args:
        mask: (H, W) bool, or uint8 of 0 and 1.
        point: Where to look.

    Returns:
        A box and the region in it, bool of the box's shape; both empty when the point is on ink. None when
        the region is open to the border or the point lies outside.

    >>> import numpy as np
    >>> ring = np.zeros((5, 6), bool)
    >>> ring[0:4, 1:5] = True
    >>> ring[1:3, 2:4] = False
    >>> box, region = enclosed(ring, (2.5, 1.5))
    >>> box, int(region.sum())
    (Box(top=1, left=2, bottom=3, right=4), 4)
    >>> enclosed(ring, (0.5, 0.5)) is None
    True
    """
    pixels = mask.view(np.bool_)
    column, row = math.floor(point[0]), math.floor(point[1])
    ink = Box.of(pixels)
    at = Box(row, column, row + 1, column + 1)
    if at.clipped(ink.bottom, ink.right) != at or row < ink.top or column < ink.left:
        return None
    part = pixels[ink.slices].view(np.uint8)
    if pixels[row, column]:
        return Box(row, column, row, column), np.zeros((0, 0), np.bool_)
    region = np.zeros((part.shape[0] + 2, part.shape[1] + 2), np.uint8)
    seed = column - ink.left, row - ink.top
    _, _, _, (left, top, wide, high) = cv2.floodFill(part, region, seed, 0, flags=_FLAGS)
    found = Box(top, left, top + high, left + wide)
    # Beside the box of the ink nothing could close it.
    if found.grown(1).clipped(*part.shape) != found.grown(1):
        return None
    return found.moved(ink.top, ink.left), region[1:-1, 1:-1][found.slices].view(np.bool_)
