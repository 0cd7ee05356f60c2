"""Ink out of focus: its colour stays, its strokes and letters go."""

import cv2
import numpy as np

from gsal.arrays import Mask, RgbImage
from gsal.variants.margin import require_same_size, widened

__all__ = ["blur"]

_SIGMA = 0.02


def blur(image: RgbImage, mask: Mask) -> RgbImage:
    """Blur the ink and its margin by a Gaussian of 2 % of the long side.

    The blurred picture takes the place of the ink only: what the ink's colour says stays, what its shape says
    goes. The skin around it stays sharp.

    Args:
        image: (H, W, 3) uint8.
        mask: (H, W) bool, True = ink.

    Returns:
        (H, W, 3) uint8, a new array; outside `widened(mask)` it is the picture.

    Raises:
        ValueError: Mask and picture differ in size.
    """
    require_same_size(image, mask)
    soft = cv2.GaussianBlur(np.ascontiguousarray(image), (0, 0), max(1.0, _SIGMA * max(mask.shape)))
    return np.where(widened(mask)[:, :, None], soft, image)
