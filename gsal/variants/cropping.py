"""Ink cut away: the largest upright rectangle of a picture that has none."""

from dataclasses import dataclass

import numpy as np

from gsal.arrays import Mask, RgbImage
from gsal.variants.margin import require_same_size, widened

__all__ = ["LEAST_SHARE", "Rectangle", "crop", "find_crop", "largest_free_rectangle"]

LEAST_SHARE = 0.2
"""Of the picture's area; a smaller crop shows another thing than the picture did, and counts as none."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Whole pixels: rows top to top + height, columns left to left + width, the ends excluded."""

    top: int
    left: int
    height: int
    width: int

    @property
    def area(self) -> int:
        """In pixels."""
        return self.height * self.width


def crop(image: RgbImage, mask: Mask) -> RgbImage | None:
    """Return the part of a picture within `find_crop`; None without one.

    Winkler et al. (2019) cut ink off like this. Nothing sees to it that the lesion is in it, and resized to a
    network's square it is stretched otherwise than the picture.

    Args:
        image: (H, W, 3) uint8.
        mask: (H, W) bool, True = ink.

    Returns:
        (h, w, 3) uint8, a new array.

    Raises:
        ValueError: Mask and picture differ in size.
    """
    require_same_size(image, mask)
    found = find_crop(mask)
    if found is None:
        return None
    return image[found.top : found.top + found.height, found.left : found.left + found.width].copy()


def find_crop(mask: Mask) -> Rectangle | None:
    """Return the largest rectangle without ink or its margin; None where it is under LEAST_SHARE of all."""
    found = largest_free_rectangle(widened(mask))
    return found if found is not None and found.area >= LEAST_SHARE * mask.size else None


def largest_free_rectangle(mask: Mask) -> Rectangle | None:
    """Return the largest upright rectangle without ink; of equals, one that ends first.

    Exact, in time proportional to the pixels. Going down the rows, each pixel knows how many free ones are
    above it, and how far left and right a rectangle of that height reaches; each maximal rectangle is that
    of some pixel on its lowest row.

    Args:
        mask: (H, W) bool, True = ink.

    Returns:
        None if every pixel is ink.

    >>> largest_free_rectangle(np.array([[1, 0, 0], [0, 0, 0], [0, 0, 1]], dtype=np.bool_))
    Rectangle(top=0, left=1, height=2, width=2)
    """
    width = mask.shape[1]
    columns = np.arange(width)
    heights, left, right = np.zeros(width, np.int64), np.zeros(width, np.int64), np.full(width, width)
    best: Rectangle | None = None
    for row, inked in enumerate(mask):
        free_from = np.maximum.accumulate(np.where(inked, columns + 1, 0))
        free_to = np.minimum.accumulate(np.where(inked, columns, width)[::-1])[::-1]
        heights = np.where(inked, 0, heights + 1)
        left = np.where(inked, 0, np.maximum(left, free_from))
        right = np.where(inked, width, np.minimum(right, free_to))
        areas = heights * (right - left)
        at = int(areas.argmax())
        if areas[at] > (best.area if best else 0):
            high = int(heights[at])
            best = Rectangle(row + 1 - high, int(left[at]), high, int(right[at] - left[at]))
    return best
