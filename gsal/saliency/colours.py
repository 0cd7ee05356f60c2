"""Colour maps for saliency: equal steps of a value look equally large, and zero looks like nothing."""

from enum import StrEnum
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["ZERO", "ColourMap", "Table", "levels", "table"]

Table = npt.NDArray[np.uint8]
"""(256, 3) uint8, sRGB."""

ZERO = 128
"""The entry of a diverging map that stands for 0."""


class ColourMap(StrEnum):
    """A diverging map shows both signs about a neutral zero, a sequential one the positive part only."""

    BLUE_ORANGE = "blue-orange"
    GREEN_PURPLE = "green-purple"
    VIRIDIS = "viridis"
    MAGMA = "magma"
    CIVIDIS = "cividis"

    @property
    def is_diverging(self) -> bool:
        """Whether it shows both signs."""
        return self in _ENDS


_NEUTRAL_LIGHTNESS = 95.0
_END_LIGHTNESS, _END_CHROMA = 50.0, 58.0
_ENDS = {ColourMap.BLUE_ORANGE: (280.0, 48.0), ColourMap.GREEN_PURPLE: (145.0, 320.0)}
"""Hue angles in CIELAB for the largest value against a class, and for it."""

_SEQUENTIAL = {
    ColourMap.VIRIDIS: cv2.COLORMAP_VIRIDIS,
    ColourMap.MAGMA: cv2.COLORMAP_MAGMA,
    ColourMap.CIVIDIS: cv2.COLORMAP_CIVIDIS,
}


@cache
def table(colours: ColourMap) -> Table:
    """Return the colours of a map from its smallest value to its largest.

    The diverging ones are straight lines in CIELAB from a near-white to two ends of one lightness and one
    chroma, so that equal values of either sign differ equally from zero. The sequential ones are OpenCV's.

    >>> [int(value) for value in table(ColourMap.BLUE_ORANGE)[ZERO]]
    [241, 241, 241]
    """
    if colours.is_diverging:
        return _diverging(*_ENDS[colours])
    ramp = np.arange(256, dtype=np.uint8)[None]
    coloured = cv2.applyColorMap(ramp, _SEQUENTIAL[colours])
    return _kept(np.asarray(coloured[0, :, ::-1], dtype=np.uint8))


def levels(values: npt.NDArray[np.floating], limit: float, colours: ColourMap) -> npt.NDArray[np.uint8]:
    """Return which entry of a map's table each value is shown as.

    Args:
        values: Any shape, signed.
        limit: The value at the end of the scale; what lies beyond is shown as it.
        colours: Zero is `ZERO` on a diverging map, and 0, with all that is negative, on a sequential one.

    >>> levels(np.array([-2.0, -1.0, 0.0, 1.0]), 1.0, ColourMap.BLUE_ORANGE).tolist()
    [1, 1, 128, 255]
    """
    shares = np.clip(values / limit, -1.0, 1.0) if limit > 0 else np.zeros_like(values)
    scaled = ZERO + 127 * shares if colours.is_diverging else 255 * np.maximum(shares, 0.0)
    found: npt.NDArray[np.uint8] = np.rint(scaled).astype(np.uint8)
    return found


def _diverging(against: float, favour: float) -> Table:
    # Entry 0 repeats entry 1: with 256 entries there is no other whole number for zero in the middle.
    shares = (np.maximum(np.arange(256), 1) - ZERO) / 127
    hue = np.radians(np.where(shares < 0, against, favour))
    size = np.abs(shares)
    lab = np.stack(
        [
            _NEUTRAL_LIGHTNESS - (_NEUTRAL_LIGHTNESS - _END_LIGHTNESS) * size,
            _END_CHROMA * size * np.cos(hue),
            _END_CHROMA * size * np.sin(hue),
        ],
        axis=-1,
    )
    rgb = cv2.cvtColor(lab[None].astype(np.float32), cv2.COLOR_LAB2RGB)[0]
    return _kept(np.rint(255 * np.clip(rgb, 0, 1)).astype(np.uint8))


def _kept(made: Table) -> Table:
    made = np.ascontiguousarray(made)
    made.setflags(write=False)  # one array serves everybody
    return made
