"""How wide the strokes of a mask are."""

import cv2
import numpy as np

from gsal.arrays import Mask
from gsal.masks.evaluation import EVALUATION_PX, NSD_TOLERANCE_PX

__all__ = ["THIN_PX", "WIDE_PX", "stroke_width_px"]

THIN_PX = 2 * NSD_TOLERANCE_PX
"""Narrower strokes are thin, in px of 448: each side is within the surface Dice's tolerance of the other."""

WIDE_PX = 12.0
"""Strokes of this width and more are wide, in px of 448: a marker's, or a smear."""


def stroke_width_px(mask: Mask) -> float:
    """Give the width of the stroke that the median ink pixel belongs to, in pixels at a long side of 448.

    Half of a straight stroke lies within a quarter of its width from its edges, so the width is four times the
    median distance to what is no ink. Unlike a middle line's, this median is not moved by frayed edges. Each
    pixel is split into 2 x 2 first, so that a straight stroke's width is exact. Beyond the picture's border a
    stroke is taken to end.

    Args:
        mask: (H, W) bool.

    Returns:
        NaN for a mask without ink.

    >>> mask = np.zeros((448, 448), np.bool_)
    >>> mask[100:105] = True
    >>> round(stroke_width_px(mask), 1)
    5.0
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return float("nan")
    box = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.uint8)
    fine = np.pad(box.repeat(2, axis=0).repeat(2, axis=1), 1)
    away = cv2.distanceTransform(fine, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # To the nearest pixel's centre that is no ink; the edge is half a fine pixel nearer, a quarter of a whole.
    depth = (float(np.median(away[fine > 0])) - 0.5) / 2
    return 4 * depth * EVALUATION_PX / max(mask.shape)
