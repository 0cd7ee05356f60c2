"""How far a runtime is from plain torch."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gsal.arrays import RgbImage
from gsal.runtimes.runtime import Pictures, Runtime

__all__ = ["CHANGED_SHARE", "LARGEST_DIFFERENCE", "Agreement", "agreement", "fixed_picture"]

LARGEST_DIFFERENCE = 0.05
"""Of two probabilities of one pixel, at most: five times what bfloat16 does to a trained network."""

CHANGED_SHARE = 5e-4
"""Share of pixels that are ink by one and not by the other, at most: twenty times what bfloat16 does."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of a runtime with another, over pictures.

    Attributes:
        largest_difference: Of the probabilities of one pixel; infinite where one is no number.
        changed_share: Share of pixels that are ink by one and not by the other.
        pictures: How many were compared.
    """

    largest_difference: float
    changed_share: float
    pictures: int

    @property
    def is_exact_enough(self) -> bool:
        """Whether masks may be made with it: within LARGEST_DIFFERENCE and CHANGED_SHARE."""
        return self.largest_difference <= LARGEST_DIFFERENCE and self.changed_share <= CHANGED_SHARE


def agreement(
    runtime: Runtime, reference: Runtime, pictures: Iterable[Pictures], *, threshold: float = 0.5
) -> Agreement:
    """Compare a runtime with another.

    Args:
        runtime: To be compared.
        reference: What it is compared with, e.g. `gsal.runtimes.pytorch.PlainTorch`.
        pictures: Batches, (N, H, W, 3) uint8 each.
        threshold: Probability above which a pixel is ink.

    Raises:
        ValueError: A runtime returned another shape, or there was nothing to compare.
    """
    largest, changed, pixels, n = 0.0, 0, 0, 0
    for batch in pictures:
        found, expected = runtime(batch), reference(batch)
        if found.shape != expected.shape:
            raise ValueError(f"{runtime.name} returned {found.shape}, expected {expected.shape}")
        difference = np.abs(found - expected).max(initial=0)
        largest = max(largest, float(difference)) if np.isfinite(difference) else float("inf")
        changed += int(((found > threshold) != (expected > threshold)).sum())
        pixels, n = pixels + found.size, n + len(batch)
    if not pixels:
        raise ValueError("no picture to compare on")
    return Agreement(largest, changed / pixels, n)


def fixed_picture(*, height: int = 224, width: int = 320) -> RgbImage:
    """Return a picture (height, width, 3) uint8 of skin tones with dark and blue bars: always the same."""
    rng = np.random.default_rng(0)
    picture = np.array([205, 160, 140]) + rng.normal(0, 6, (height, width, 3))
    rows, columns = np.mgrid[:height, :width]
    picture[(rows - height / 2) ** 2 + (columns - width / 2) ** 2 < (height / 4) ** 2] -= (90, 80, 70)
    picture[height // 8 : height // 8 + 6, width // 8 : -width // 8] = (60, 50, 150)
    picture[height // 8 : -height // 8, width // 8 : width // 8 + 5] = (40, 40, 45)
    return np.asarray(picture.clip(0, 255), np.uint8)
