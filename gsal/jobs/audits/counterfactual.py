"""Measure what ink does to answers: take it away, lay it on, ask again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from gsal.audit import plain
from gsal.audit.counterfactual import Counterfactual, counterfactual_of
from gsal.jobs.audits.audit import mask_sources
from gsal.jobs.audits.pairs import COUNTERFACTUALS, StoredPairs, stored_pairs
from gsal.jobs.audits.rows import chosen_mask_set
from gsal.jobs.models.files import ready_models
from gsal.jobs.predictions.predict import Predict
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, ModelKind

__all__ = ["InkEffect", "MeasureInkEffect", "effects_in", "effects_of"]


@dataclass(frozen=True, slots=True)
class InkEffect:
    """What one variant does to a classifier's answers, as far as it is predicted.

    Attributes:
        figures: Over the pictures that are.
        waiting: Pictures that are not yet.
        left_out: Pictures that have no such variant, by the reason.
    """

    figures: Counterfactual
    waiting: int
    left_out: dict[str, int]


@dataclass(frozen=True, slots=True)
class MeasureInkEffect:
    """Predicts what is missing of the pictures without their ink and with another's, and compares answers.

    Attributes:
        models: Names of classifiers; all that are ready if empty.
        mask_set: Says which pixels are ink; "" for the masks saliency was last computed over.
        seed: Of whose ink is pasted.
    """

    kind: ClassVar[str] = "counterfactual"
    models: tuple[str, ...] = ()
    mask_set: str = ""
    seed: int = 0

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Measuring what ink does"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Predict and compare.

        Returns:
            "mask_set"; "mask_sources", the pictures judged by what made their masks; "models", each with
            its "name", "cohort", "seed", "fold" and "variants" (`InkEffect`).

        Raises:
            ModelError: There is no such classifier, or its answers are not numbers.
            GsalError: There is no such mask set.
        """
        mask_set = MaskSet(chosen_mask_set(project, self.mask_set))
        variants = tuple(map(str, COUNTERFACTUALS))
        Predict(self.models, variants=variants, mask_set=mask_set, seed=self.seed).run(ctx, project)
        models: list[dict[str, Any]] = []
        asked: list[StoredPairs] = []
        for model in ready_models(project, self.models, ModelKind.CLASSIFIER):
            stored = [
                stored_pairs(project, model, variant, ctx, mask_set=mask_set, seed=self.seed)
                for variant in COUNTERFACTUALS
            ]
            asked += stored
            models.append(
                {
                    "name": model.name,
                    "cohort": model.cohort,
                    "seed": model.seed,
                    "fold": model.fold,
                    "variants": [plain.encode(effect) for effect in effects_of(stored)],
                }
            )
        judged = {i for one in asked for i in one.pairs.image_ids.tolist()}
        sources = mask_sources(project, mask_set, judged)
        return {"mask_set": str(mask_set), "mask_sources": sources, "models": models}


def effects_of(stored: Sequence[StoredPairs]) -> tuple[InkEffect, ...]:
    """Return the figures of the variants that have an answer to at least one picture."""
    return tuple(
        InkEffect(counterfactual_of(one.pairs), one.waiting, one.left_out) for one in stored if one.pairs.n
    )


def effects_in(model: dict[str, Any]) -> tuple[InkEffect, ...]:
    """Return the figures in one of the "models" of a job's stored result."""
    return tuple(plain.decode(InkEffect, one) for one in model["variants"])
