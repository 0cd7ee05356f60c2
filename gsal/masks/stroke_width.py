"""How wide the strokes of a mask are."""

import cv2
import numpy as np

from gsal.arrays import Mask
from gsal.masks.evaluation import EVALUATION_PX, NSD_TOLERANCE_PX

__all__ = ["THIN_PX", "WIDE_PX", "stroke_width_px"]

THIN_PX = 4 * NSD_TOLERANCE_PX
"""Narrower strokes are thin, in px of 448: the surface Dice forgives more than half of their width."""

WIDE_PX = 2 * THIN_PX
"""Strokes of this width and more are wide, in px of 448: a marker's, or a smear."""


def stroke_width_px(mask: Mask) -> float:
    """Give the mean width of the strokes, each pixel of ink counting alike, in pixels at a long side of 448.

    The pixels of a straight stroke are a quarter of its width from its edges on average, so the width is four
    times the mean distance to what is no ink. Frayed edges hardly move this mean, unlike a middle line's.
    Each pixel is split into 2 x 2 first, so that a straight stroke's width is exact. Beyond the picture's
    border a stroke is taken to end.

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
    away = cv2.distanceTransform(fine, cv2.DIST_L2, cv2.DIST_MASK_5)
    # Distances are to the centre of a pixel that is no ink; the edge is half a pixel nearer.
    depth_px = (float(away[fine > 0].mean()) - 0.5) / 2
    long_side: int = max(mask.shape)
    return 4 * depth_px * EVALUATION_PX / long_side
