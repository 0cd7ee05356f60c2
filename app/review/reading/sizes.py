"""Masks at the size of their picture."""

import cv2
import numpy as np

from gsal.arrays import Mask
from gsal.images.geometry import resize_mask

__all__ = ["at_size"]


def at_size(mask: Mask, height: int, width: int) -> Mask:
    """Return a mask at a picture's size; enlarging is quick also at 24 megapixels."""
    if mask.shape == (height, width):
        return mask
    if mask.shape[0] > height or mask.shape[1] > width:
        return resize_mask(mask, height=height, width=width)
    larger = cv2.resize(mask.view(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST_EXACT)
    return larger.view(np.bool_)
