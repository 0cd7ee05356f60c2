"""The faint edge of ink around a mask."""

import cv2
import numpy as np

from gsal.arrays import Mask, RgbImage

__all__ = ["radius_px", "require_same_size", "widened"]

_MARGIN = 0.004


def widened(mask: Mask) -> Mask:
    """Add a narrow margin to a mask: a disc of 0.4 % of the long side, at least one pixel.

    Where a person or a rule draws the edge, the lens, the pen and JPEG have spread some ink further. What is
    left of it would tell a network where the ink was, and inpainting would draw its fill from it.

    Args:
        mask: (H, W) bool, True = ink.

    >>> widened(np.eye(3, dtype=np.bool_) & (np.arange(3) == 1)).astype(int)
    array([[0, 1, 0],
           [1, 1, 1],
           [0, 1, 0]])
    """
    radius = radius_px(mask, _MARGIN)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    wide: Mask = cv2.dilate(mask.astype(np.uint8), disc).astype(np.bool_)
    return wide


def radius_px(mask: Mask, share: float) -> int:
    """Return a share of the long side in whole pixels, at least one."""
    return max(1, round(share * float(max(mask.shape))))


def require_same_size(image: RgbImage, mask: Mask) -> None:
    """Refuse a mask of another size than the picture.

    Raises:
        ValueError: Mask and picture differ in size.
    """
    if mask.shape != image.shape[:2]:
        raise ValueError(f"the mask is {mask.shape}, the picture {image.shape[:2]}")
