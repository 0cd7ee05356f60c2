"""One picture's mask against its reference mask (SPEC 4)."""

from dataclasses import dataclass, replace

from gsal.arrays import Mask
from gsal.masks import agreement
from gsal.masks.area import MIN_INK_PX, ink_px

__all__ = [
    "EVALUATION_PX",
    "NSD_TOLERANCE_PX",
    "MaskPair",
    "MeanScore",
    "PictureScore",
    "agreed",
    "judged",
    "score",
]

EVALUATION_PX = 448
"""Long side in pixels that edge distances are expressed at, whatever the size of the masks."""

NSD_TOLERANCE_PX = 2.0
"""Tolerance of the surface Dice, at `EVALUATION_PX`."""

_NAN = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class MaskPair:
    """Two masks of one picture, both (H, W) bool.

    Attributes:
        image: Name of the picture.
        predicted: What is judged.
        truth: What it is judged by.
        predicted_ink_px, truth_ink_px: At the reference size, where they were counted on masks of more pixels
            than these; None counts these.
        outline: Of the truth, where several masks are compared with it.
    """

    image: str
    predicted: Mask
    truth: Mask
    predicted_ink_px: float | None = None
    truth_ink_px: float | None = None
    outline: agreement.Outline | None = None


@dataclass(frozen=True, slots=True)
class PictureScore:
    """One picture's figures; NaN where undefined.

    Attributes:
        image: Name of the picture.
        dice, iou, precision, recall: See `gsal.masks.agreement`.
        nsd: Surface Dice at 2 px of 448.
        hd95: In pixels at a long side of 448.
        predicted_ink_px, truth_ink_px: At the reference size (SPEC 1).
        is_predicted_inked: More than the minimum of ink.
        is_inked: What is true: more than the minimum of ink, or what people say; None where nobody said.
        decision_px: What the decision on ink is cut from: the predicted ink, unless several masks decided.
    """

    image: str
    dice: float
    iou: float
    precision: float
    recall: float
    nsd: float
    hd95: float
    predicted_ink_px: float
    truth_ink_px: float
    is_predicted_inked: bool
    is_inked: bool | None
    decision_px: float


@dataclass(frozen=True, slots=True)
class MeanScore:
    """A mean over the pictures where a score is defined.

    Attributes:
        mean: NaN when it is defined nowhere.
        n: Pictures in the mean.
        undefined: Pictures left out.
    """

    mean: float
    n: int
    undefined: int


def score(pair: MaskPair, *, min_ink_px: float = MIN_INK_PX) -> PictureScore:
    """Compare the two masks of one picture.

    Args:
        pair: Of one size.
        min_ink_px: A picture is inked above this (SPEC 1).

    Raises:
        ValueError: The masks differ in size.
    """
    predicted, truth = pair.predicted, pair.truth
    if predicted.shape != truth.shape:
        raise ValueError(f"{pair.image}: masks of different size, {predicted.shape} and {truth.shape}")
    scale = max(truth.shape) / EVALUATION_PX
    near, hd95 = agreement.surface_figures(
        predicted, truth, tolerance_px=NSD_TOLERANCE_PX * scale, outline=pair.outline
    )
    predicted_ink_px = ink_px(predicted) if pair.predicted_ink_px is None else pair.predicted_ink_px
    truth_ink_px = ink_px(truth) if pair.truth_ink_px is None else pair.truth_ink_px
    return PictureScore(
        image=pair.image,
        dice=agreement.dice(predicted, truth),
        iou=agreement.iou(predicted, truth),
        precision=agreement.precision(predicted, truth),
        recall=agreement.recall(predicted, truth),
        nsd=near,
        hd95=hd95 / scale,
        predicted_ink_px=predicted_ink_px,
        truth_ink_px=truth_ink_px,
        is_predicted_inked=predicted_ink_px > min_ink_px,
        is_inked=truth_ink_px > min_ink_px,
        decision_px=predicted_ink_px,
    )


def judged(
    image: str, *, predicted_ink_px: float, is_inked: bool, min_ink_px: float = MIN_INK_PX
) -> PictureScore:
    """Give the score of a picture of which people said whether it is inked, but not where."""
    return replace(
        agreed(image, dice=_NAN, nsd=_NAN),
        predicted_ink_px=predicted_ink_px,
        is_predicted_inked=predicted_ink_px > min_ink_px,
        is_inked=is_inked,
        decision_px=predicted_ink_px,
    )


def agreed(image: str, *, dice: float, nsd: float) -> PictureScore:
    """Give the score of two masks of which neither is the truth: only how far they agree."""
    return PictureScore(
        image=image,
        dice=dice,
        iou=_NAN,
        precision=_NAN,
        recall=_NAN,
        nsd=nsd,
        hd95=_NAN,
        predicted_ink_px=_NAN,
        truth_ink_px=_NAN,
        is_predicted_inked=False,
        is_inked=None,
        decision_px=_NAN,
    )
