"""Inked pictures found, and ink-free ones left alone, over the threshold of a network's probability."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray
from gsal.masks.area import MIN_INK_PX, REFERENCE_PX
from gsal.masks.probabilities import LEVELS
from gsal.masks.proportions import Proportion, wilson

__all__ = ["THRESHOLDS", "CurvePoint", "ink_by_threshold", "threshold_curve"]

THRESHOLDS = tuple(step / LEVELS for step in range(1, LEVELS))
"""Those that are kept with a network's mask: .05, .10 ... .95."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a network finds when the pixels above a threshold are its mask.

    Attributes:
        threshold: Of the probability.
        sensitivity: Share of the inked pictures that are called inked.
        specificity: Share of the ink-free pictures that are called ink-free.
    """

    threshold: float
    sensitivity: Proportion
    specificity: Proportion


def ink_by_threshold(steps: npt.NDArray[np.uint8]) -> FloatArray:
    """Count the ink of the mask at each threshold, at the reference size.

    Args:
        steps: (H, W) uint8, of `gsal.masks.probabilities.decode`.

    Returns:
        (19,) float64, the ink pixels (SPEC 1) at each of `THRESHOLDS`; never rising.

    >>> ink_by_threshold(np.full((224, 1), 3, np.uint8))[:4].tolist()
    [224.0, 224.0, 224.0, 0.0]
    """
    counts = np.bincount(steps.ravel(), minlength=LEVELS)
    above = counts[::-1].cumsum()[::-1][1:LEVELS]
    scale: float = REFERENCE_PX / max(steps.shape)
    ink: FloatArray = above * scale**2
    return ink


def threshold_curve(
    ink: Sequence[FloatArray], is_inked: Sequence[bool], *, min_ink_px: float = MIN_INK_PX
) -> tuple[CurvePoint, ...]:
    """Give both shares, with Wilson's intervals, at each of `THRESHOLDS`; no pictures give no curve.

    Args:
        ink: Of each picture, from `ink_by_threshold`.
        is_inked: What is true of each.
        min_ink_px: A picture is called inked above this (SPEC 1).
    """
    if not len(ink):
        return ()
    called = np.stack(ink) > min_ink_px
    truth = np.asarray(is_inked, np.bool_)
    found, left_alone = called[truth].sum(axis=0), (~called[~truth]).sum(axis=0)
    n_inked = int(truth.sum())
    return tuple(
        CurvePoint(
            threshold,
            wilson(int(found[number]), n_inked),
            wilson(int(left_alone[number]), len(truth) - n_inked),
        )
        for number, threshold in enumerate(THRESHOLDS)
    )
