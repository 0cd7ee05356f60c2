"""Lesion ablation: everything but the ink is painted over."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, Mask, RgbImage
from gsal.variants.margin import require_same_size

__all__ = ["ablate", "mean_colour"]


def ablate(
    image: RgbImage, mask: Mask, *, fill: tuple[float, float, float] | FloatArray | None = None
) -> RgbImage:
    """Replace every uninked pixel by the per-channel mean of the whole picture, ink included (SPEC 5).

    The mean still tells the colour of the skin; a mean over the whole data set as `fill` does not.

    Args:
        image: (H, W, 3) uint8.
        mask: (H, W) bool, True = ink, which stays.
        fill: Other colour to paint with, three values in 0..255.

    Returns:
        (H, W, 3) uint8, a new array; colours are rounded to the nearest, halves to even.

    Raises:
        ValueError: Mask and picture differ in size.
    """
    require_same_size(image, mask)
    colour: npt.NDArray[np.float64] = (
        image.mean(axis=(0, 1), dtype=np.float64) if fill is None else np.asarray(fill, dtype=np.float64)
    )
    paint = np.rint(colour).clip(0, 255).astype(np.uint8)
    return np.where(mask[:, :, None], image, paint)


def mean_colour(pictures: Iterable[RgbImage]) -> tuple[int, int, int]:
    """Return the mean colour of pictures, each counting alike, in whole steps; grey without any.

    >>> mean_colour([np.full((2, 2, 3), 10, np.uint8), np.full((4, 4, 3), 20, np.uint8)])
    (15, 15, 15)
    """
    means = [picture.mean(axis=(0, 1), dtype=np.float64) for picture in pictures]
    if not means:
        return 128, 128, 128
    red, green, blue = np.rint(np.mean(means, axis=0)).astype(int).tolist()
    return red, green, blue
