"""What makes a region of pixels a pen stroke: its width, its size, how it joins."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask

__all__ = ["StrokeShape", "disc", "joined", "otsu", "strokes_of", "thick_parts", "without_hairs"]

_CLOSING = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))


@dataclass(frozen=True, slots=True)
class StrokeShape:
    """Limits of a stroke as fractions: of the picture's area, of its long side, of its short side.

    Attributes:
        min_area: Smaller regions are specks.
        max_area: Larger ones are cloth or the lesion.
        max_half_width: Of the widest place, over the long side.
        max_border: Picture border that it may cover, over the short side; more is a glove, ruler or shadow.
    """

    min_area: float
    max_area: float
    max_half_width: float
    max_border: float


def disc(radius_px: float) -> npt.NDArray[np.uint8]:
    """Give the smallest disc-shaped structuring element with at least this radius."""
    side = 2 * max(1, round(radius_px)) + 1
    return cast(npt.NDArray[np.uint8], cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))


def joined(strong: Mask, weak: Mask) -> Mask:
    """Keep the regions (8-connected) of `weak` that hold a pixel of `strong`: a threshold with hysteresis."""
    if not strong.any():
        return np.zeros_like(strong)
    count, labels = cv2.connectedComponents((weak | strong).astype(np.uint8), connectivity=8)
    keep = np.zeros(count, np.bool_)
    keep[labels[strong]] = True
    kept: Mask = keep[labels]
    return kept


def thick_parts(region: Mask, *, width_px: float, grow_px: float) -> Mask:
    """Find where a region is at least `width_px` wide (an opening by a disc), grown by `grow_px`.

    By distances, so the cost does not depend on the width. Beyond the border the region is taken to go on.
    """
    radius = width_px / 2
    if not region.any():
        return np.zeros_like(region)
    core = cv2.distanceTransform(region.astype(np.uint8), cv2.DIST_L2, 3) > radius
    if not core.any():
        return core
    away = cv2.distanceTransform((~core).astype(np.uint8), cv2.DIST_L2, 3)
    grown: Mask = away <= radius + grow_px
    return grown


def without_hairs(region: Mask, *, hair_half_width_px: float) -> Mask:
    """Drop parts that are no wider than a hair, keeping the tapering ends of what is wider."""
    if not region.any():
        return region
    radius = max(1, round(hair_half_width_px))
    core = cv2.morphologyEx(region.astype(np.uint8), cv2.MORPH_OPEN, disc(radius))
    near = cv2.dilate(core, disc(2 * radius)) > 0
    return joined(core > 0, region & near)


def strokes_of(region: Mask, shape: StrokeShape) -> Mask:
    """Close pinholes and drop every 8-connected part that is no stroke by its shape.

    Args:
        region: (H, W) bool.
        shape: What counts as a stroke.
    """
    if not region.any():
        return region
    closed = cv2.morphologyEx(region.astype(np.uint8), cv2.MORPH_CLOSE, _CLOSING)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    height, width = region.shape
    inside = np.flatnonzero(closed)
    half_width = np.zeros(count, np.float32)
    depth = cv2.distanceTransform(closed, cv2.DIST_L2, 3)
    np.maximum.at(half_width, labels.ravel()[inside].astype(np.intp), depth.ravel()[inside])
    area = stats[:, cv2.CC_STAT_AREA] / (height * width)
    keep = (area >= shape.min_area) & (area <= shape.max_area)
    keep &= half_width <= shape.max_half_width * max(height, width)
    on_border = _border_pixels(cast(npt.NDArray[np.int32], labels), count)
    keep &= on_border <= shape.max_border * min(height, width)
    keep[0] = False
    kept: Mask = keep[labels]
    return kept


def _border_pixels(labels: npt.NDArray[np.int32], count: int) -> npt.NDArray[np.int64]:
    border = np.concatenate([labels[0], labels[-1], labels[1:-1, 0], labels[1:-1, -1]])
    return np.bincount(border, minlength=count)


def otsu(values: npt.NDArray[np.float32], *, high: float) -> float:
    """Give Otsu's threshold of values in [0, high], clipped, at 256 levels."""
    levels = cv2.convertScaleAbs(np.clip(values, 0, high).reshape(-1, 1), alpha=255 / high)
    threshold, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return float(threshold) / 255 * high
