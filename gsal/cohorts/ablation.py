"""Lesion ablation: everything but the ink is painted over."""

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, Mask, RgbImage

__all__ = ["ablate"]


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
    if mask.shape != image.shape[:2]:
        raise ValueError(f"the mask is {mask.shape}, the picture {image.shape[:2]}")
    colour: npt.NDArray[np.float64] = (
        image.mean(axis=(0, 1), dtype=np.float64) if fill is None else np.asarray(fill, dtype=np.float64)
    )
    paint = np.rint(colour).clip(0, 255).astype(np.uint8)
    return np.where(mask[:, :, None], image, paint)
