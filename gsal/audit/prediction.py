"""A classifier's figures that need no saliency: Table 2, recall by ink, and what ablation does."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gsal.audit.ablation import AboveChance, Change, above_chance, changed
from gsal.audit.answers import Answers
from gsal.audit.performance import Performance, performance
from gsal.audit.recall import ClassRecall, recall_by_ink
from gsal.records import Variant

__all__ = ["PredictionFigures", "prediction_figures_of"]


@dataclass(frozen=True, slots=True)
class PredictionFigures:
    """What the answers of a classifier, or of a cross-validation's pooled networks, come to.

    Attributes:
        name: Of the model, or of the group.
        performance: On all, inked and uninked pictures.
        recall: Of each class on the same three.
        changes: Under each variant that was predicted.
        ablated_training: For a model trained on ablated pictures, how it does on such; else None.
    """

    name: str
    performance: tuple[Performance, ...]
    recall: tuple[ClassRecall, ...]
    changes: tuple[Change, ...]
    ablated_training: AboveChance | None


def prediction_figures_of(
    answers: Mapping[Variant, Answers],
    *,
    is_ablated_training: bool,
    rng: np.random.Generator,
    draws: int = 1000,
) -> PredictionFigures:
    """Compute all figures.

    Args:
        answers: On the pictures as they are, and on each variant predicted.
        is_ablated_training: Whether the model learned from ablated pictures.
        rng: Draws the patients of the bootstraps.
        draws: Of the bootstraps.
    """
    original = answers[Variant.ORIGINAL]
    ablated = answers.get(Variant.ABLATED)
    return PredictionFigures(
        name=original.model,
        performance=performance(original, rng=rng, draws=draws),
        recall=recall_by_ink(original),
        changes=tuple(
            changed(original, after, variant=str(variant))
            for variant, after in answers.items()
            if variant is not Variant.ORIGINAL
        ),
        ablated_training=above_chance(ablated) if is_ablated_training and ablated is not None else None,
    )
