"""A network's or rule's masks against reference masks, picture by picture and in all (SPEC 4)."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gsal.arrays import Mask
from gsal.masks import agreement
from gsal.masks.area import MIN_INK_PX, ink_px
from gsal.masks.proportions import Proportion, wilson

__all__ = [
    "EVALUATION_PX",
    "NSD_TOLERANCE_PX",
    "MaskPair",
    "MeanScore",
    "PictureScore",
    "SegmenterEvaluation",
    "evaluate",
    "score",
    "summarise",
]

EVALUATION_PX = 448
"""Long side in pixels that edge distances are expressed at, whatever the size of the masks."""

NSD_TOLERANCE_PX = 2.0
"""Tolerance of the surface Dice, at `EVALUATION_PX`."""


@dataclass(frozen=True, slots=True, eq=False)
class MaskPair:
    """Two masks of one picture, both (H, W) bool.

    Attributes:
        image: Name of the picture.
        predicted: What is judged.
        truth: What it is judged by.
    """

    image: str
    predicted: Mask
    truth: Mask


@dataclass(frozen=True, slots=True)
class PictureScore:
    """One picture's figures; NaN where undefined.

    Attributes:
        image: Name of the picture.
        dice, iou, precision, recall: See `gsal.masks.agreement`.
        nsd: Surface Dice at 2 px of 448.
        hd95: In pixels at a long side of 448.
        predicted_ink_px, truth_ink_px: At the reference size (SPEC 1).
        is_predicted_inked, is_inked: More than the minimum of ink.
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
    is_inked: bool


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


@dataclass(frozen=True, slots=True)
class SegmenterEvaluation:
    """What masks are worth, in all.

    Attributes:
        pictures: One score per picture.
        dice, iou, precision, recall, nsd, hd95: Means over the pictures where they are defined.
        sensitivity: Share of the inked pictures that are called inked.
        specificity: Share of the ink-free pictures that are called ink-free.
        same_decision: Share of the pictures that both call inked, or both ink-free.
        both_empty: Pictures without any ink in both masks: right decisions, left out of Dice and NSD.
        one_empty: Pictures where one mask alone is empty: Dice 0, NSD 0, HD95 undefined.
        min_ink_px: What "inked" means here.
    """

    pictures: tuple[PictureScore, ...]
    dice: MeanScore
    iou: MeanScore
    precision: MeanScore
    recall: MeanScore
    nsd: MeanScore
    hd95: MeanScore
    sensitivity: Proportion
    specificity: Proportion
    same_decision: Proportion
    both_empty: int
    one_empty: int
    min_ink_px: float

    def to_json(self, *, per_picture: bool = False) -> dict[str, Any]:
        """Give the figures JSON-ready, NaN as None; the single pictures only when asked for."""
        content = {
            "n": len(self.pictures),
            **{name: asdict(getattr(self, name)) for name in (*_SCORES, *_SHARES)},
            "both_empty": self.both_empty,
            "one_empty": self.one_empty,
            "min_ink_px": self.min_ink_px,
        }
        if per_picture:
            content["pictures"] = [asdict(picture) for picture in self.pictures]
        return {name: _without_nan(value) for name, value in content.items()}


_SCORES: tuple[str, ...] = ("dice", "iou", "precision", "recall", "nsd", "hd95")
_SHARES: tuple[str, ...] = ("sensitivity", "specificity", "same_decision")


def evaluate(pairs: Iterable[MaskPair], *, min_ink_px: float = MIN_INK_PX) -> SegmenterEvaluation:
    """Compare masks picture by picture; pairs may come from a generator, one is held at a time.

    Args:
        pairs: Both masks of each picture, of one size.
        min_ink_px: A picture is inked above this (SPEC 1).

    Raises:
        ValueError: The masks of a pair differ in size.
    """
    return summarise([score(pair, min_ink_px=min_ink_px) for pair in pairs], min_ink_px=min_ink_px)


def score(pair: MaskPair, *, min_ink_px: float = MIN_INK_PX) -> PictureScore:
    """Compare the two masks of one picture."""
    predicted, truth = pair.predicted, pair.truth
    if predicted.shape != truth.shape:
        raise ValueError(f"{pair.image}: masks of different size, {predicted.shape} and {truth.shape}")
    scale = max(truth.shape) / EVALUATION_PX
    predicted_ink_px, truth_ink_px = ink_px(predicted), ink_px(truth)
    return PictureScore(
        image=pair.image,
        dice=agreement.dice(predicted, truth),
        iou=agreement.iou(predicted, truth),
        precision=agreement.precision(predicted, truth),
        recall=agreement.recall(predicted, truth),
        nsd=agreement.surface_dice(predicted, truth, tolerance_px=NSD_TOLERANCE_PX * scale),
        hd95=agreement.hd95(predicted, truth) / scale,
        predicted_ink_px=predicted_ink_px,
        truth_ink_px=truth_ink_px,
        is_predicted_inked=predicted_ink_px > min_ink_px,
        is_inked=truth_ink_px > min_ink_px,
    )


def summarise(pictures: Sequence[PictureScore], *, min_ink_px: float = MIN_INK_PX) -> SegmenterEvaluation:
    """Put the scores of pictures together; any subset may be given (by start, by label ...)."""
    inked = [picture for picture in pictures if picture.is_inked]
    free = [picture for picture in pictures if not picture.is_inked]
    empties = [(picture.predicted_ink_px == 0) + (picture.truth_ink_px == 0) for picture in pictures]
    return SegmenterEvaluation(
        pictures=tuple(pictures),
        dice=_mean(pictures, lambda picture: picture.dice),
        iou=_mean(pictures, lambda picture: picture.iou),
        precision=_mean(pictures, lambda picture: picture.precision),
        recall=_mean(pictures, lambda picture: picture.recall),
        nsd=_mean(pictures, lambda picture: picture.nsd),
        hd95=_mean(pictures, lambda picture: picture.hd95),
        sensitivity=wilson(sum(picture.is_predicted_inked for picture in inked), len(inked)),
        specificity=wilson(sum(not picture.is_predicted_inked for picture in free), len(free)),
        same_decision=wilson(sum(p.is_predicted_inked == p.is_inked for p in pictures), len(pictures)),
        both_empty=empties.count(2),
        one_empty=empties.count(1),
        min_ink_px=min_ink_px,
    )


def _mean(pictures: Sequence[PictureScore], value_of: Callable[[PictureScore], float]) -> MeanScore:
    values = [value for picture in pictures if not math.isnan(value := value_of(picture))]
    mean = math.fsum(values) / len(values) if values else float("nan")
    return MeanScore(mean, len(values), len(pictures) - len(values))


def _without_nan(value: object) -> object:
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, dict):
        return {name: _without_nan(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_nan(item) for item in value]
    return value
