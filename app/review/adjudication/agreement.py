"""How well two readers agree on a picture, and the third mask with each of them."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask
from gsal.images.geometry import working_shape
from gsal.masks.agreement import dice, surface_dice
from gsal.masks.area import REFERENCE_PX
from gsal.masks.evaluation import EVALUATION_PX, NSD_TOLERANCE_PX

__all__ = ["Agreement", "Figures", "Measured", "agreement_of", "measured"]


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


def measured(mask: Mask | npt.NDArray[np.uint8], *, min_ink_px: float) -> Measured:
    """Measure a mask (H, W) of 0 and 1, or bool.

    A pixel of the smaller mask is ink when half of it is covered; a mask whose strokes are all too thin for
    that is ink wherever it covers anything, for it is not empty (SPEC 4: empty is no pixel).
    """
    pixels = mask.view(np.uint8)
    ink_px = cv2.countNonZero(pixels) * (REFERENCE_PX / max(mask.shape)) ** 2
    height, width = working_shape(*mask.shape, long_side=EVALUATION_PX)
    share = cv2.resize(pixels * np.uint8(255), (width, height), interpolation=cv2.INTER_AREA)
    small: Mask = share >= 128
    if ink_px and not small.any():
        rows, columns = np.nonzero(pixels)
        small[rows * height // mask.shape[0], columns * width // mask.shape[1]] = True
    return Measured(small, ink_px, ink_px > min_ink_px)


def agreement_of(first: Measured, second: Measured, result: Measured) -> Agreement:
    """Compare two readers' masks and the third."""
    return Agreement(_figures(first, second), _figures(result, first), _figures(result, second))


def _figures(first: Measured, second: Measured) -> Figures:
    return Figures(
        dice(first.mask, second.mask),
        surface_dice(first.mask, second.mask, tolerance_px=NSD_TOLERANCE_PX),
        first.is_inked,
        second.is_inked,
    )
