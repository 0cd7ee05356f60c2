"""A round brush pulled along a straight line: which pixels it covers."""

import math

import numpy as np
import numpy.typing as npt

from gsal.editing.box import Box

__all__ = ["Point", "bounds", "capsule", "paint"]

Point = tuple[float, float]
"""(x, y) on the picture in pixels; the centre of the first pixel is (.5, .5)."""


def bounds(start: Point, end: Point, *, radius: float) -> Box:
    """Return a box that holds every pixel the brush covers; it may reach outside the picture."""
    (x0, y0), (x1, y1) = start, end
    return Box(
        math.floor(min(y0, y1) - radius),
        math.floor(min(x0, x1) - radius),
        math.ceil(max(y0, y1) + radius) + 1,
        math.ceil(max(x0, x1) + radius) + 1,
    )


def capsule(start: Point, end: Point, *, radius: float) -> tuple[Box, npt.NDArray[np.bool_]]:
    """Return the pixels whose centres lie within `radius` of the segment, and the box they lie in.

    Args:
        start: Where the segment begins.
        end: Where it ends, possibly the same point.
        radius: In pixels.

    Returns:
        Their `bounds`, and a bool array of that shape.
    """
    (x0, y0), (x1, y1) = start, end
    box = bounds(start, end, radius=radius)
    y = np.arange(box.top, box.bottom, dtype=np.float32)[:, None] + np.float32(0.5 - y0)
    x = np.arange(box.left, box.right, dtype=np.float32)[None, :] + np.float32(0.5 - x0)
    dx, dy = np.float32(x1 - x0), np.float32(y1 - y0)
    length_sq = dx * dx + dy * dy
    if length_sq > 0:
        along = np.clip((x * dx + y * dy) / length_sq, 0, 1)
        x = x - along * dx
        y = y - along * dy
    return box, x * x + y * y <= np.float32(radius * radius)


def paint(mask: npt.NDArray[np.uint8], start: Point, end: Point, *, radius: float, value: int) -> Box:
    """Set the pixels of a mask that the brush covers; return the box of what may have changed."""
    box, covered = capsule(start, end, radius=radius)
    inside = box.clipped(*mask.shape)
    if not inside.is_empty:
        part = covered[
            inside.top - box.top : inside.bottom - box.top, inside.left - box.left : inside.right - box.left
        ]
        mask[inside.slices][part] = value
    return inside
