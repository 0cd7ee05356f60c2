"""Outlines of other programs as masks, filled as those programs fill them."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw
from pycocotools import mask as coco  # type: ignore[import-untyped]

from gsal.arrays import Mask
from gsal.masks.runs import counts_of

__all__ = ["Outlines", "Point", "coco_polygon"]

Point = tuple[float, float]
"""(x, y) in pixels; (0, 0) is the corner of the picture."""

_MIN_POINTS = 3
_FAR = 10
"""Points further off than so many times the picture's long side are damage, and slow to fill."""


class Outlines:
    """The filled outlines of one picture, drawn one over the other as labelme draws them (Pillow).

    On one picture for all of them: a shape then costs what it covers, not the whole picture.

    Args:
        shape: (height, width).
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._picture = Image.new("L", (shape[1], shape[0]))
        self._draw = ImageDraw.Draw(self._picture)

    def polygon(self, points: Sequence[Point]) -> None:
        """Fill a polygon with its outline.

        Args:
            points: At least three.

        Raises:
            ValueError: There are too few, or one lies far off the picture.
        """
        _expect(points, self._shape, at_least=_MIN_POINTS)
        self._draw.polygon([tuple(point) for point in points], fill=1, outline=1)

    def rectangle(self, points: Sequence[Point]) -> None:
        """Fill an upright rectangle between its first two points, opposite corners."""
        _expect(points, self._shape, at_least=2)
        left, right = sorted((points[0][0], points[1][0]))
        top, bottom = sorted((points[0][1], points[1][1]))
        self._draw.rectangle((left, top, right, bottom), fill=1, outline=1)

    def circle(self, points: Sequence[Point]) -> None:
        """Fill a circle, given its centre and a point it goes through."""
        _expect(points, self._shape, at_least=2)
        (x, y), radius = points[0], math.dist(points[0], points[1])
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=1, outline=1)

    def mask(self) -> Mask:
        """Return what was drawn, (H, W) bool."""
        mask: Mask = np.asarray(self._picture) != 0
        return mask


def coco_polygon(points: Sequence[Point], shape: tuple[int, int]) -> list[int]:
    """Fill a polygon as COCO and CVAT do (pycocotools).

    Args:
        points: At least three.
        shape: (height, width).

    Returns:
        Run lengths down the columns, for `gsal.masks.runs`.

    Raises:
        ValueError: There are too few, or one lies far off the picture.
    """
    _expect(points, shape, at_least=_MIN_POINTS)
    # Four numbers would be taken for a box; a polygon has six at least.
    flat = [float(value) for point in points for value in point]
    (runs,) = coco.frPyObjects([flat], *shape)
    # Its own decoder does not look whether the runs fit, and uses what NumPy gives up.
    return counts_of(runs["counts"].decode("ascii"))


def _expect(points: Sequence[Point], shape: tuple[int, int], *, at_least: int) -> None:
    if len(points) < at_least:
        raise ValueError(f"expected at least {at_least} points, got {len(points)}")
    far = _FAR * max(shape)
    if not all(abs(value) <= far for point in points for value in point):
        raise ValueError("a point lies far off the picture")
