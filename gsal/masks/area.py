"""How much ink a mask holds, at the reference size of SPEC 1."""

import numpy as np

from gsal.arrays import Mask

__all__ = ["MIN_INK_PX", "REFERENCE_PX", "ink_px", "is_inked"]

REFERENCE_PX = 224
"""Long side in pixels that ink is measured at; part of the definition of "inked"."""

MIN_INK_PX = 100.0
"""A picture is inked when it holds more than this (paper, section 3.1)."""


def ink_px(mask: Mask) -> float:
    """Count ink pixels as if the long side had 224 pixels, unrounded and without resampling (SPEC 1).

    Args:
        mask: (H, W) bool.

    Returns:
        Ink pixels x (224 / max(H, W))^2; 0 for a mask without pixels.

    >>> import numpy as np
    >>> ink_px(np.ones((448, 224), bool))
    25088.0
    """
    if mask.size == 0:
        return 0.0
    scale: float = REFERENCE_PX / max(mask.shape)
    return int(np.count_nonzero(mask)) * scale**2


def is_inked(mask: Mask, *, min_ink_px: float = MIN_INK_PX) -> bool:
    """Whether a mask holds more than `min_ink_px` ink pixels at the reference size."""
    return ink_px(mask) > min_ink_px
