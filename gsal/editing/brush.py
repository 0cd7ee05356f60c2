"""A round brush pulled along a straight line: which pixels it covers."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray, Mask
from gsal.editing.box import Box

__all__ = ["Point", "Spans", "bounds", "fill", "paint", "spans"]

_SIDES = np.array([[-1.0], [1.0]])
_LEAST_RISE = 1e-9
_NOWHERE = 1 << 40

Point = tuple[float, float]
"""(x, y) on the picture in pixels; the centre of the first pixel is (.5, .5)."""


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """What a brush covers: one run of pixels per row, for it is convex.

    Attributes:
        top: The first row.
        left: (rows,) int64, first column of each row, inside the picture.
        right: (rows,) int64, one behind the last column; not beyond `left` where a row has none.
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
        # A segment of a convex shape that is cut off by the picture is still one run of rows.
        first, last = int(rows[0]), int(rows[-1]) + 1
        left, right = int(self.left[first:last].min()), int(self.right[first:last].max())
        return Box(self.top + first, left, self.top + last, right)

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
        left, right = np.clip((self.left[rows], self.right[rows]), 0, box.right).astype(np.int32)
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
    left, right = _reach(start, end, radius, y)
    for x, row in ((start[0], math.floor(start[1]) - top), (end[0], math.floor(end[1]) - top)):
        if 0 <= row < left.size:
            left[row] = min(left[row], math.floor(x))
            right[row] = max(right[row], math.floor(x) + 1)
    return Spans(top, np.maximum(left, 0), np.minimum(right, width))


def paint(mask: npt.NDArray[np.uint8], start: Point, end: Point, *, radius: float, value: int) -> Box:
    """Set the pixels of a mask that the brush covers; return the box of what may have changed."""
    covered = spans(start, end, radius=radius, shape=(mask.shape[0], mask.shape[1]))
    fill(mask, covered, value=value)
    return covered.box


def fill(mask: npt.NDArray[np.uint8], covered: Spans, *, value: int) -> None:
    """Set the covered pixels of a mask."""
    rows = mask[covered.top : covered.top + len(covered.left)]
    for row, left, right in zip(rows, covered.left.tolist(), covered.right.tolist(), strict=True):
        if left < right:  # a negative end would count from the row's other side
            row[left:right] = value


def _reach(start: Point, end: Point, radius: float, y: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the first covered column on each line y, and one behind the last; not beyond it where none is.

    The reach to the right, x(t) + sqrt(r^2 - (y - y(t))^2), is concave along the segment, so it is largest
    where its slope is 0: at the height r dx / L beside the centre, or at the end nearest to that.
    """
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    offset = y - y0
    if abs(dy) > _LEAST_RISE:
        beside = -math.copysign(radius * dx / math.hypot(dx, dy), dx * dy)
        t = np.minimum(np.maximum((offset - _SIDES * beside) / dy, 0), 1)
    else:
        t = (_SIDES * dx > 0).astype(np.float64)
    height = offset - t * dy
    half_sq = radius * radius - height * height
    reach = x0 + t * dx + _SIDES * np.sqrt(np.maximum(half_sq, 0))
    left = np.ceil(reach[0] - 0.5).astype(np.int64)
    right = np.floor(reach[1] + 0.5).astype(np.int64)
    is_missed = half_sq.min(axis=0) < 0
    left[is_missed] = _NOWHERE
    right[is_missed] = -_NOWHERE
    return left, right
