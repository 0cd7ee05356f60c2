"""A round brush pulled along a straight line: which pixels it covers."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray, Mask
from gsal.editing.box import Box

__all__ = ["Point", "Spans", "bounds", "fill", "paint", "spans"]

Point = tuple[float, float]
"""(x, y) on the picture in pixels; the centre of the first pixel is (.5, .5)."""


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """What a brush covers: one run of pixels per row, for it is convex.

    Attributes:
        top: The first row.
        left: (rows,) int64, first column of each row.
        right: (rows,) int64, one behind the last column; `right <= left` where a row has none.
    """

    top: int
    left: IntArray
    right: IntArray

    @property
    def box(self) -> Box:
        """What holds them all; empty when nothing is covered."""
        rows = np.flatnonzero(self.right > self.left)
        if not rows.size:
            return Box(self.top, 0, self.top, 0)
        first, last = int(rows[0]), int(rows[-1]) + 1
        left, right = self.left[first:last], self.right[first:last]
        is_covered = right > left
        return Box(
            self.top + first, int(left[is_covered].min()), self.top + last, int(right[is_covered].max())
        )

    def bands(self, height: int) -> list[Box]:
        """Return a narrow box for each strip of so many rows (0 to height - 1, and so on) that is covered."""
        cuts = range(self.top // height * height, self.top + len(self.left), height)
        return [box for cut in cuts if not (box := self._rows(cut, cut + height).box).is_empty]

    def pixels(self, box: Box) -> Mask:
        """Return which pixels of a box are covered, bool of the box's shape.

        Args:
            box: Whose rows lie within those of the spans.
        """
        rows = slice(box.top - self.top, box.bottom - self.top)
        columns = np.arange(box.left, box.right, dtype=np.int32)
        left, right = self.left[rows].astype(np.int32), self.right[rows].astype(np.int32)
        covered: Mask = (columns >= left[:, None]) & (columns < right[:, None])
        return covered

    def _rows(self, top: int, bottom: int) -> "Spans":
        first, last = max(0, top - self.top), bottom - self.top
        return Spans(self.top + first, self.left[first:last], self.right[first:last])


def bounds(start: Point, end: Point, *, radius: float) -> Box:
    """Return a box that holds every pixel the brush covers; it may reach outside the picture."""
    (x0, y0), (x1, y1) = start, end
    return Box(
        math.floor(min(y0, y1) - radius),
        math.floor(min(x0, x1) - radius),
        math.ceil(max(y0, y1) + radius) + 1,
        math.ceil(max(x0, x1) + radius) + 1,
    )


def spans(start: Point, end: Point, *, radius: float, shape: tuple[int, int]) -> Spans:
    """Return the pixels whose centres lie within `radius` of the segment, and the ones under its two ends.

    The ends matter to a brush of one pixel alone, which could otherwise miss all centres.

    Args:
        start: Where the segment begins.
        end: Where it ends, possibly the same point.
        radius: In pixels.
        shape: (height, width) of the picture; what lies outside is left out.
    """
    height, width = shape
    box = bounds(start, end, radius=radius)
    top, bottom = max(0, box.top), min(height, box.bottom)
    y = np.arange(top, max(top, bottom), dtype=np.float64) + 0.5
    leftmost = -_reach((-start[0], start[1]), (-end[0], end[1]), radius, y)
    rightmost = _reach(start, end, radius, y)
    is_missed = np.isnan(leftmost)
    left = np.where(is_missed, width, np.ceil(leftmost - 0.5)).astype(np.int64)
    right = np.where(is_missed, 0, np.floor(rightmost - 0.5) + 1).astype(np.int64)
    for x, row in ((start[0], math.floor(start[1]) - top), (end[0], math.floor(end[1]) - top)):
        if 0 <= row < len(y):
            left[row] = min(left[row], math.floor(x))
            right[row] = max(right[row], math.floor(x) + 1)
    return Spans(top, np.clip(left, 0, width), np.clip(right, 0, width))


def paint(mask: npt.NDArray[np.uint8], start: Point, end: Point, *, radius: float, value: int) -> Box:
    """Set the pixels of a mask that the brush covers; return the box of what may have changed."""
    covered = spans(start, end, radius=radius, shape=(mask.shape[0], mask.shape[1]))
    fill(mask, covered, value=value)
    return covered.box


def fill(mask: npt.NDArray[np.uint8], covered: Spans, *, value: int) -> None:
    """Set the covered pixels of a mask."""
    rows = mask[covered.top : covered.top + len(covered.left)]
    for row, left, right in zip(rows, covered.left.tolist(), covered.right.tolist(), strict=True):
        row[left:right] = value


def _reach(start: Point, end: Point, radius: float, y: FloatArray) -> FloatArray:
    """Return how far to the right the brush reaches on each line y; NaN where it does not touch it.

    The reach x(t) + sqrt(r^2 - (y - y(t))^2) is concave along the segment, so it is largest where its slope
    is 0: at the height r dx / L beside the centre, or at the end nearest to that.
    """
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    if dy:
        beside = -math.copysign(radius * dx / math.hypot(dx, dy), dx * dy)
        t = np.clip((y - y0 - beside) / dy, 0, 1)
    else:
        t = np.full_like(y, float(dx > 0))
    with np.errstate(invalid="ignore"):
        return np.asarray(x0 + t * dx + np.sqrt(radius * radius - (y - y0 - t * dy) ** 2), np.float64)
