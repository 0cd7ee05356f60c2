"""Ink painted over with what surrounds it."""

import cv2
import numpy as np

from gsal.arrays import Mask, RgbImage
from gsal.variants.margin import radius_px, require_same_size, widened

__all__ = ["inpaint"]

_RADIUS = 0.005


def inpaint(image: RgbImage, mask: Mask) -> RgbImage:
    """Fill the ink and its margin from the skin around it.

    Each pixel is drawn from known ones within 0.5 % of the long side (Telea, "An image inpainting technique
    based on the fast marching method", 2004). Wide fields of ink become smooth, which a network can see, too.

    Args:
        image: (H, W, 3) uint8.
        mask: (H, W) bool, True = ink.

    Returns:
        (H, W, 3) uint8, a new array; outside `widened(mask)` it is the picture. Where that is everything,
        there is nothing to fill from, and all becomes the picture's mean.

    Raises:
        ValueError: Mask and picture differ in size.
    """
    require_same_size(image, mask)
    hole = widened(mask)
    if hole.all():
        return np.broadcast_to(np.rint(image.mean(axis=(0, 1))).astype(np.uint8), image.shape).copy()
    radius = radius_px(mask, _RADIUS)
    filled = cv2.inpaint(np.ascontiguousarray(image), hole.astype(np.uint8), radius, cv2.INPAINT_TELEA)
    return np.where(hole[:, :, None], filled, image)
