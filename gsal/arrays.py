"""Names for the arrays that travel between packages."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Coverage", "FloatArray", "IntArray", "Mask", "RgbImage", "SaliencyMap"]

RgbImage: TypeAlias = npt.NDArray[np.uint8]
"""(H, W, 3) uint8, sRGB, upright."""

Mask: TypeAlias = npt.NDArray[np.bool_]
"""(H, W) bool, True = ink."""

Coverage: TypeAlias = npt.NDArray[np.float32]
"""(h, w) float32 in [0, 1]: the share of each cell of the network's grid that a mask covers."""

SaliencyMap: TypeAlias = npt.NDArray[np.floating]
"""(H, W) signed saliency for one class."""

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
