"""How unsure a network is of a picture's ink: how far its mask moves with the threshold."""

import numpy as np
import numpy.typing as npt

from gsal.masks.area import MIN_INK_PX, ink_px

__all__ = ["HIGH", "LOW", "uncertainty"]

LOW, HIGH = 0.25, 0.75
"""The two thresholds between which a pixel counts as unsure."""


def uncertainty(probabilities: npt.NDArray[np.float32], *, min_ink_px: float = MIN_INK_PX) -> float:
    """Give the share of a mask that depends on the threshold, in [0, 1].

    u = area(LOW < p <= HIGH) / (area(p > LOW) + area(p > HIGH) + min_ink_px): one minus the Dice of the masks
    at both thresholds, with as much ink added to both as decides "inked", so that a few unsure pixels on an
    ink-free picture do not make it the least sure of all. Areas are in pixels of the reference size (SPEC 1),
    so u does not depend on the size of the map.

    Args:
        probabilities: (H, W) float32, of ink.
        min_ink_px: The project's bound of "inked", in pixels of the reference size, above 0.

    >>> half = np.zeros((224, 224), np.float32)
    >>> half[:10, :20] = 0.5  # 200 pixels that are ink at LOW and are not at HIGH
    >>> round(uncertainty(half, min_ink_px=100.0), 4)
    0.6667
    """
    at_low, at_high = ink_px(probabilities > LOW), ink_px(probabilities > HIGH)
    return (at_low - at_high) / (at_low + at_high + min_ink_px)
