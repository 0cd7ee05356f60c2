"""What colour the ink under a mask has, whatever the skin below it."""

import math
from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, Mask, RgbImage

__all__ = ["InkColourName", "absorbance", "colour_named", "ink_colour"]

_GAP = 0.006  # of the long side: the blurred edge belongs to neither
_REACH = 0.03
_LEAST_GAP_PX = 2.0
_LEAST_REACH_PX = 6.0
_NEUTRAL = 0.35
_FLOOR = 1e-3


class InkColourName(StrEnum):
    """Names of ink, see `colour_named`."""

    VIOLET = "violet"
    BLUE = "blue"
    GREEN = "green"
    BLACK = "black"
    RED = "red"
    OTHER = "other"


_HUES = (
    (20.0, InkColourName.RED),
    (75.0, InkColourName.OTHER),
    (165.0, InkColourName.GREEN),
    (230.0, InkColourName.BLUE),
    (345.0, InkColourName.VIOLET),
    (360.0, InkColourName.RED),
)
"""Upper ends of hues in degrees: orange, yellow and brown are other, cyan is blue, pink is red."""


def ink_colour(picture: RgbImage, mask: Mask) -> InkColourName | None:
    """Name the colour of the ink under a mask; None for a mask without ink.

    Args:
        picture: (H, W, 3) uint8, sRGB.
        mask: (H, W) bool.
    """
    if picture.shape[:2] != mask.shape:
        raise ValueError(f"a picture of {picture.shape[:2]} pixels and a mask of {mask.shape}")
    if not mask.any():
        return None
    long_side_px = max(mask.shape)
    box = _around(mask)
    picture, mask = picture[box], mask[box]
    ink, skin = _core(mask), _beside(mask, long_side_px=long_side_px)
    inked = np.median(picture[ink], axis=0)
    bare = np.median(picture[skin], axis=0) if skin.any() else np.full(3, 255.0)
    return colour_named(inked, bare)


def colour_named(ink: npt.NDArray[np.floating], skin: npt.NDArray[np.floating]) -> InkColourName:
    """Name the colour of ink from what it looks like and the bare skin beside it.

    Ink is a filter on skin (Beer and Lambert), so its colour is in what it takes away, `absorbance`, and not
    in what is seen: a faint violet stroke is brownish grey on brown skin, and violet all the same.

    - black: it takes all three channels alike, the smallest absorbance at least .65 of the largest. (Opaque
      black is no filter; where its gloss is all that is seen, skin makes it .7.)
    - else by the hue of what it lets through, the largest absorbance minus each, as HSV has it, in degrees:
      red from 345 to 20, green from 75 to 165, blue to 230, violet to 345; other between red and green.
      Gentian violet takes red and green alike (240), a blue pen takes mostly red (200 to 220).

    Args:
        ink: (3,) sRGB in [0, 255].
        skin: (3,) the same.

    >>> colour_named(np.array([120.0, 90, 150]), np.array([210.0, 170, 150]))
    <InkColourName.VIOLET: 'violet'>
    """
    taken = absorbance(ink, skin)
    strongest = float(taken.max())
    if strongest <= 0:
        return InkColourName.OTHER
    through = strongest - taken
    if through.max() <= _NEUTRAL * strongest:
        return InkColourName.BLACK
    hue = _hue(through)
    return next(name for end, name in _HUES if hue < end)


def absorbance(ink: npt.NDArray[np.floating], skin: npt.NDArray[np.floating]) -> FloatArray:
    """Give -ln(ink / skin) of linear light in each channel, never below 0; (3,) float64."""
    ratio = np.maximum(_linear(ink), _FLOOR) / np.maximum(_linear(skin), _FLOOR)
    taken: FloatArray = np.maximum(-np.log(ratio), 0.0)
    return taken


def _linear(srgb: npt.NDArray[np.floating]) -> FloatArray:
    """Undo the transfer function of sRGB (IEC 61966-2-1): 0 to 255 becomes 0 to 1 of light."""
    value = srgb.astype(np.float64) / 255
    linear: FloatArray = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear


def _hue(colour: FloatArray) -> float:
    """Give the hue of an (r, g, b) as HSV defines it, in [0, 360)."""
    red, green, blue = colour.tolist()
    most, least = max(red, green, blue), min(red, green, blue)
    if most == red:
        sixth = (green - blue) / (most - least) % 6
    elif most == green:
        sixth = (blue - red) / (most - least) + 2
    else:
        sixth = (red - green) / (most - least) + 4
    return float(60 * sixth % 360)


def _core(mask: Mask) -> Mask:
    """Return the half of the ink that is farthest from its edge."""
    depth = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    core: Mask = mask & (depth >= np.median(depth[mask]))
    return core


def _around(mask: Mask) -> tuple[slice, slice]:
    """Return the part of the picture that the ink and the band around it lie in."""
    margin = math.ceil(max(_LEAST_REACH_PX, _REACH * max(mask.shape)))
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (
        slice(max(0, rows[0] - margin), rows[-1] + margin + 1),
        slice(max(0, columns[0] - margin), columns[-1] + margin + 1),
    )


def _beside(mask: Mask, *, long_side_px: int) -> Mask:
    """Return a band around the ink, past its blurred edge."""
    away = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 3)
    near, far = max(_LEAST_GAP_PX, _GAP * long_side_px), max(_LEAST_REACH_PX, _REACH * long_side_px)
    band: Mask = (away > near) & (away <= far)
    return band
