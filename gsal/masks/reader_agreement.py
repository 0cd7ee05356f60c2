"""How well two readers' masks agree: on one picture, and over many."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask
from gsal.masks.agreement import dice, kappa, kappa_interval, surface_dice
from gsal.masks.area import REFERENCE_PX
from gsal.masks.evaluation import EVALUATION_PX, NSD_TOLERANCE_PX, MeanScore

__all__ = [
    "Agreement",
    "Figures",
    "Measured",
    "OverallAgreement",
    "agreement_of",
    "figures",
    "measured",
    "overall",
]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A mask ready to be compared.

    Attributes:
        mask: (h, w) bool with a long side of 448 px at most.
        ink_px: At the reference size, counted on all pixels (SPEC 1).
        is_inked: Whether that is more than the project's minimum.
    """

    mask: Mask
    ink_px: float
    is_inked: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """How well two masks agree.

    Attributes:
        dice, nsd: At a long side of 448 px, edges within 2 px; NaN when neither has ink, 0 when one has none.
        is_first_inked, is_second_inked: The two decisions.
    """

    dice: float
    nsd: float
    is_first_inked: bool
    is_second_inked: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """The readers with each other, and the third mask with each.

    Attributes:
        readers: First against second.
        first, second: The third mask against each of them.
    """

    readers: Figures
    first: Figures
    second: Figures


@dataclass(frozen=True, slots=True)
class OverallAgreement:
    """How well two readings agree over pictures.

    Attributes:
        n: Pictures.
        n_same: Pictures with the same decision on ink or no ink.
        kappa: Cohen's, on those decisions; NaN where undefined.
        kappa_low, kappa_high: Of its 95 % interval, by a bootstrap of the pictures.
        dice, nsd: Means over the pictures where either mask has ink.
    """

    n: int
    n_same: int
    kappa: float
    kappa_low: float
    kappa_high: float
    dice: MeanScore
    nsd: MeanScore


def measured(mask: Mask | npt.NDArray[np.uint8], *, min_ink_px: float) -> Measured:
    """Measure a mask (H, W) of 0 and 1, or bool.

    A pixel of the smaller mask is ink when half of it is covered; a mask whose strokes are all too thin for
    that is ink wherever it covers anything, for it is not empty (SPEC 4: empty is no pixel).
    """
    pixels = mask.view(np.uint8)
    long_side = max(mask.shape)
    ink_px = cv2.countNonZero(pixels) * (REFERENCE_PX / long_side) ** 2
    scale = min(1.0, EVALUATION_PX / long_side)
    height, width = (max(1, round(side * scale)) for side in mask.shape)
    share = cv2.resize(pixels * np.uint8(255), (width, height), interpolation=cv2.INTER_AREA)
    small: Mask = share >= 128
    if ink_px and not small.any():
        rows, columns = np.nonzero(pixels)
        small[rows * height // mask.shape[0], columns * width // mask.shape[1]] = True
    return Measured(small, ink_px, ink_px > min_ink_px)


def figures(first: Measured, second: Measured) -> Figures:
    """Compare two masks of one picture.

    Raises:
        ValueError: They differ in size.
    """
    # A picture smaller than 448 px is compared as it is, and the tolerance shrinks with it.
    tolerance_px = NSD_TOLERANCE_PX * max(first.mask.shape) / EVALUATION_PX
    return Figures(
        dice(first.mask, second.mask),
        surface_dice(first.mask, second.mask, tolerance_px=tolerance_px),
        first.is_inked,
        second.is_inked,
    )


def agreement_of(first: Measured, second: Measured, result: Measured) -> Agreement:
    """Compare two readers' masks and the third."""
    return Agreement(figures(first, second), figures(result, first), figures(result, second))


def overall(pictures: Sequence[Figures]) -> OverallAgreement:
    """Put the figures of pictures together; none at all give NaN."""
    first = np.array([one.is_first_inked for one in pictures], np.bool_)
    second = np.array([one.is_second_inked for one in pictures], np.bool_)
    low, high = kappa_interval(first, second)
    return OverallAgreement(
        n=len(pictures),
        n_same=int((first == second).sum()),
        kappa=kappa(first, second),
        kappa_low=low,
        kappa_high=high,
        dice=_mean([one.dice for one in pictures]),
        nsd=_mean([one.nsd for one in pictures]),
    )


def _mean(values: Sequence[float]) -> MeanScore:
    defined = [value for value in values if not math.isnan(value)]
    mean = math.fsum(defined) / len(defined) if defined else math.nan
    return MeanScore(mean, len(defined), len(values) - len(defined))
