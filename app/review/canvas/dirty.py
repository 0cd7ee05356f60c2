"""What must be drawn again, in squares of one raster: regions that join into few rectangles draw fast."""

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QRegion

from gsal.editing.box import Box

__all__ = ["around_boxes", "around_ring"]

_SIDE_PX = 64
_SMALL_PX = 8 * _SIDE_PX
_FULL_SHARE = 0.6
_Squares = npt.NDArray[np.bool_]


def around_boxes(boxes: list[Box]) -> QRegion:
    """Return a region that holds these boxes of the widget."""
    whole = Box.around(boxes)
    if len(boxes) == 1 or _is_small(whole):
        return QRegion(_rect(whole))
    top, left = whole.top // _SIDE_PX, whole.left // _SIDE_PX
    squares = np.zeros((_last(whole.bottom) - top, _last(whole.right) - left), np.bool_)
    for box in boxes:
        rows = slice(box.top // _SIDE_PX - top, _last(box.bottom) - top)
        squares[rows, box.left // _SIDE_PX - left : _last(box.right) - left] = True
    return _region(squares, top, left)


def around_ring(centres: list[QPointF], *, inner: float, outer: float) -> QRegion:
    """Return a region that holds rings about these points of the widget."""
    whole = Box(
        math.floor(min(at.y() for at in centres) - outer),
        math.floor(min(at.x() for at in centres) - outer),
        math.ceil(max(at.y() for at in centres) + outer),
        math.ceil(max(at.x() for at in centres) + outer),
    )
    if _is_small(whole):
        return QRegion(_rect(whole))
    top, left = whole.top // _SIDE_PX, whole.left // _SIDE_PX
    squares = np.zeros((_last(whole.bottom) - top, _last(whole.right) - left), np.bool_)
    half = _SIDE_PX / 2
    rows = (np.arange(squares.shape[0]) + top) * _SIDE_PX + half
    columns = (np.arange(squares.shape[1]) + left) * _SIDE_PX + half
    for at in centres:
        down, across = np.abs(rows - at.y())[:, None], np.abs(columns - at.x())[None]
        nearest = np.square(np.maximum(down - half, 0)) + np.square(np.maximum(across - half, 0))
        farthest = np.square(down + half) + np.square(across + half)
        squares |= (nearest <= outer**2) & (farthest >= max(inner, 0) ** 2)
    return _region(squares, top, left)


def _region(squares: _Squares, top: int, left: int) -> QRegion:
    """Join squares of the raster, whose first is (top, left), row by row."""
    if np.count_nonzero(squares) > _FULL_SHARE * squares.size:
        height, width = squares.shape
        return QRegion(left * _SIDE_PX, top * _SIDE_PX, width * _SIDE_PX, height * _SIDE_PX)
    edges = np.diff(np.pad(squares, ((0, 0), (1, 1))).view(np.int8), axis=1)
    rows, starts = np.nonzero(edges > 0)
    stops = np.nonzero(edges < 0)[1]
    region = QRegion()
    for row, start, stop in zip(rows.tolist(), starts.tolist(), stops.tolist(), strict=True):
        x, y = (left + start) * _SIDE_PX, (top + row) * _SIDE_PX
        region += QRect(x, y, (stop - start) * _SIDE_PX, _SIDE_PX)
    return region


def _is_small(whole: Box) -> bool:
    return whole.bottom - whole.top <= _SMALL_PX and whole.right - whole.left <= _SMALL_PX


def _rect(box: Box) -> QRect:
    return QRect(box.left, box.top, box.right - box.left, box.bottom - box.top)


def _last(edge: int) -> int:
    return -(-edge // _SIDE_PX)
