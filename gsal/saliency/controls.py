"""Maps that know nothing of the network: what a saliency method has to be better than."""

import cv2
import numpy as np
from torch import Tensor

from gsal.arrays import FloatArray
from gsal.saliency.noise import generators

__all__ = ["random_map", "sobel_edges"]


def random_map(images: Tensor, *, seed: int = 0) -> FloatArray:
    """Return standard normal noise for each of (N, channels, H, W), the same for every class: (N, H, W).

    It depends on the seed and on what the picture holds.
    """
    drawn_by = generators(images, seed=seed)
    return np.stack([one.standard_normal(tuple(images.shape[-2:])) for one in drawn_by])


def sobel_edges(images: Tensor) -> FloatArray:
    """Return the length of Sobel's gradient, summed over the channels of (N, channels, H, W): (N, H, W)."""
    pixels = images.detach().cpu().double().numpy()
    return np.stack([sum(_edges(channel) for channel in picture) for picture in pixels])


def _edges(channel: FloatArray) -> FloatArray:
    across, down = (cv2.Sobel(channel, cv2.CV_64F, *order, ksize=3) for order in ((1, 0), (0, 1)))
    return np.hypot(across, down)
