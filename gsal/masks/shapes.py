"""Outlines of other programs as masks, filled as those programs fill them."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw
from pycocotools import mask as coco  # type: ignore[import-untyped]

from gsal.arrays import Mask
from gsal.masks.runs import counts_of, mask_of_runs

__all__ = ["Point", "circle", "coco_polygon", "polygon", "rectangle"]

Point = tuple[float, float]
"""(x, y) in pixels; (0, 0) is the corner of the picture."""

_MIN_POINTS = 3
_FAR = 10
"""Points further off than so many times the picture's long side are damage, and slow to fill."""


def polygon(points: Sequence[Point], shape: tuple[int, int]) -> Mask:
    """Fill a polygon with its outline, as labelme does (Pillow).

    Args:
        points: At least three.
        shape: (height, width).

    Raises:
        ValueError: There are too few, or one lies far off the picture.
    """
    _expect(points, shape, at_least=_MIN_POINTS)
    picture, draw = _canvas(shape)
    draw.polygon([tuple(point) for point in points], fill=1, outline=1)
    return _mask(picture)


def rectangle(first: Point, second: Point, shape: tuple[int, int]) -> Mask:
    """Fill an upright rectangle between two opposite corners, as labelme does (Pillow)."""
    _expect([first, second], shape, at_least=2)
    picture, draw = _canvas(shape)
    left, right = sorted((first[0], second[0]))
    top, bottom = sorted((first[1], second[1]))
    draw.rectangle((left, top, right, bottom), fill=1, outline=1)
    return _mask(picture)


def circle(centre: Point, edge: Point, shape: tuple[int, int]) -> Mask:
    """Fill a circle through a point, as labelme does (Pillow)."""
    _expect([centre, edge], shape, at_least=2)
    picture, draw = _canvas(shape)
    (x, y), radius = centre, math.dist(centre, edge)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=1, outline=1)
    return _mask(picture)


def coco_polygon(points: Sequence[Point], shape: tuple[int, int]) -> Mask:
    """Fill a polygon as COCO and CVAT do (pycocotools).

    Args:
        points: At least three.
        shape: (height, width).

    Raises:
        ValueError: There are too few, or one lies far off the picture.
    """
    _expect(points, shape, at_least=_MIN_POINTS)
    # Four numbers would be taken for a box; a polygon has six at least.
    flat = [float(value) for point in points for value in point]
    (runs,) = coco.frPyObjects([flat], *shape)
    # Its own decoder does not look whether the runs fit, and uses what NumPy gives up.
    return mask_of_runs(counts_of(runs["counts"].decode("ascii")), shape, is_by_column=True)


def _expect(points: Sequence[Point], shape: tuple[int, int], *, at_least: int) -> None:
    if len(points) < at_least:
        raise ValueError(f"expected at least {at_least} points, got {len(points)}")
    far = _FAR * max(shape)
    if not all(abs(value) <= far for point in points for value in point):
        raise ValueError("a point lies far off the picture")


def _canvas(shape: tuple[int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("L", (shape[1], shape[0]))
    return picture, ImageDraw.Draw(picture)


def _mask(picture: Image.Image) -> Mask:
    mask: Mask = np.asarray(picture) != 0
    return mask
