"""How much a pixel looks like ink: where its colour lies between the ink under the pen and skin beside it."""

import math
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import RgbImage
from gsal.editing.box import Box
from gsal.editing.brush import Point

__all__ = ["DEFAULT_TOLERANCE", "TOLERANCES", "InkColour"]

TOLERANCES = (5, 100)
"""Least and greatest that make sense, in percent of the way from the ink's colour to the skin's."""
DEFAULT_TOLERANCE = 55
"""Between what served strokes of the ink brush best and what served single clicks of the wand."""

_LIGHTNESS_WEIGHT = 0.3  # light falls unevenly on skin; hue does not change with it
_SIDEWAYS_WEIGHT = 0.3  # of the difference across the line from ink to skin
_DEEPER_WEIGHT = 0.1  # of ink that is stronger than where the stroke began
_LEAST_CONTRAST = 6.0
_INK_HALF_PX = 2
_LEAST_REACH_PX = 16
_SKIN_SAMPLES_PER_SIDE = 64
_STRIP_PIXELS = 16_384  # what fits into the cache with all that is computed of it
# OpenCV keeps L of 0 to 100 in 0 to 255.
_TO_WEIGHTED = np.array([_LIGHTNESS_WEIGHT * 100 / 255, 1.0, 1.0])


@dataclass(frozen=True, slots=True, eq=False)
class InkColour:
    """The colours of ink and of skin at one place of one picture.

    Colours are CIELAB from 8-bit sRGB (OpenCV's, steps of one in a and b), with lightness weighted by .3.

    Attributes:
        to_axes: (3, 4) float64, from 8-bit Lab to the way from ink (0) to skin (1) and two directions across.
        blur_px: Side of the square that is averaged before colours are compared.
        is_on_ink: Whether the place looks like ink: unlike what is around, and darker or bluer than that.
    """

    to_axes: npt.NDArray[np.float64]
    blur_px: int
    is_on_ink: bool

    @classmethod
    def at(cls, picture: RgbImage, point: Point, *, reach_px: float) -> Self:
        """Take the ink's colour at a point, and the skin's from what differs most from it nearby.

        Args:
            picture: (H, W, 3) uint8.
            point: On ink; outside the picture the nearest pixel counts.
            reach_px: How far from the point skin will be found.
        """
        blur_px = 3 if max(picture.shape[:2]) < 2500 else 5
        ink_box = _around(point, _INK_HALF_PX, picture)
        ink = np.median(_lab(picture, ink_box, blur_px).reshape(-1, 3) * _TO_WEIGHTED, axis=0)
        reach = _around(point, max(round(reach_px), _LEAST_REACH_PX), picture)
        step = max(1, (reach.bottom - reach.top) // _SKIN_SAMPLES_PER_SIDE)
        sample = picture[reach.top : reach.bottom : step, reach.left : reach.right : step]
        nearby = cv2.cvtColor(np.ascontiguousarray(sample), cv2.COLOR_RGB2LAB).reshape(-1, 3) * _TO_WEIGHTED
        difference = np.linalg.norm(nearby - ink, axis=1)
        is_skin = difference >= np.percentile(difference, 90) / 2
        skin = np.median(nearby[is_skin], axis=0)
        return cls(_axes(ink, skin), blur_px, _looks_like_ink(skin - ink))

    def distances(self, picture: RgbImage, box: Box) -> npt.NDArray[np.uint8]:
        """Return how far the pixels of a box are from the ink: 0 its colour, 100 that of skin.

        Args:
            picture: (H, W, 3) uint8.
            box: Inside it.

        Returns:
            uint8 of the box's shape, in percent, at most 255.
        """
        distances = np.empty((box.bottom - box.top, box.right - box.left), np.uint8)
        height = max(1, _STRIP_PIXELS // max(1, distances.shape[1]))
        for top in range(box.top, box.bottom, height):
            strip = Box(top, box.left, min(top + height, box.bottom), box.right)
            distances[top - box.top : strip.bottom - box.top] = self._far(_lab(picture, strip, self.blur_px))
        return distances

    def _far(self, lab: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        towards_skin, across, athwart = cv2.split(cv2.transform(lab.astype(np.float32), self.to_axes))
        towards_skin = np.maximum(towards_skin, -_DEEPER_WEIGHT * towards_skin)
        far = cv2.sqrt(towards_skin * towards_skin + across * across + athwart * athwart)
        return np.asarray(cv2.convertScaleAbs(far, alpha=100), np.uint8)


def _looks_like_ink(way: npt.NDArray[np.float64]) -> bool:
    # Ink of every kind is darker, bluer, or both; where neither holds, the pen stands on skin beside it.
    lightness, _, yellow = way
    return bool(np.linalg.norm(way) >= _LEAST_CONTRAST and lightness + yellow > 0)


def _axes(ink: npt.NDArray[np.float64], skin: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    way = skin - ink
    contrast = max(float(np.linalg.norm(way)), _LEAST_CONTRAST)
    basis = np.linalg.svd(way[None])[2]  # the way, and two directions at right angles to it
    basis[0] *= 1.0 if basis[0] @ way >= 0 else -1.0
    rows = basis / contrast * np.array([[1.0], [_SIDEWAYS_WEIGHT], [_SIDEWAYS_WEIGHT]])
    from_lab = rows * _TO_WEIGHTED
    return np.hstack([from_lab, (-rows @ ink)[:, None]])


def _around(point: Point, half_px: int, picture: RgbImage) -> Box:
    height, width = picture.shape[:2]
    column = min(max(math.floor(point[0]), 0), width - 1)
    row = min(max(math.floor(point[1]), 0), height - 1)
    return Box(row, column, row + 1, column + 1).grown(half_px).clipped(height, width)


def _lab(picture: RgbImage, box: Box, blur_px: int) -> npt.NDArray[np.uint8]:
    wide = box.grown(blur_px // 2).clipped(*picture.shape[:2])
    smooth = cv2.blur(picture[wide.slices], (blur_px, blur_px))
    inner = box.moved(-wide.top, -wide.left)
    return np.asarray(cv2.cvtColor(smooth[inner.slices], cv2.COLOR_RGB2LAB), np.uint8)
