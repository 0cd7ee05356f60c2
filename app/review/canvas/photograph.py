"""The photograph as the screen shows it: one halving of it, at the zoom, once per view."""

import cv2
import numpy as np
import numpy.typing as npt

from app.review.canvas.grid import Axis

__all__ = ["render"]

_Pixels = npt.NDArray[np.uint8]
_SHARP_FROM = 3.0
"""Screen pixels per picture pixel from which on pixels are shown as squares."""


def render(level: _Pixels, rows: Axis, columns: Axis, *, tones: _Pixels | None) -> _Pixels:
    """Return the part of a halving that is in view, on the screen's pixels.

    Args:
        level: (h, w, 4) uint8, a halving of the photograph.
        rows: How it lies on the screen, downwards.
        columns: And across.
        tones: (256,) what each value is shown as; None as it is.

    Returns:
        (rows.size, columns.size, 4) uint8.
    """
    part = level[rows.low : rows.high, columns.low : columns.high]
    if rows.step >= _SHARP_FROM or rows.step == 1:
        shown = _nearest(part, rows, columns)
    else:
        shown = _smooth(part, rows, columns)
    return shown if tones is None else np.asarray(cv2.LUT(shown, tones), dtype=np.uint8)


def _nearest(part: _Pixels, rows: Axis, columns: Axis) -> _Pixels:
    inner = slice(_margin(rows), -_margin(rows))
    whole = np.ascontiguousarray(part).view(np.uint32)[..., 0]
    shown = whole.take(columns.first[inner], axis=1).take(rows.first[inner], axis=0)
    return shown[..., None].view(np.uint8)


def _margin(axis: Axis) -> int:
    return (axis.first.size - axis.size) // 2


def _smooth(part: _Pixels, rows: Axis, columns: Axis) -> _Pixels:
    def offset(axis: Axis) -> float:
        return (axis.start + 0.5 - axis.origin) / axis.step - 0.5 - axis.low

    matrix = np.array([[1 / columns.step, 0, offset(columns)], [0, 1 / rows.step, offset(rows)]])
    shown = cv2.warpAffine(
        part,
        matrix,
        (columns.size, rows.size),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(shown, dtype=np.uint8)
