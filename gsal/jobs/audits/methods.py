"""Compare all saliency methods on each model: complete, sane, faithful, a sign of errors, how costly."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gsal.arrays import FloatArray
from gsal.audit import plain
from gsal.audit.data import AuditData
from gsal.audit.methods import MethodFigures, method_figures
from gsal.jobs.audits.audit import mask_sources
from gsal.jobs.audits.basis import judged_table
from gsal.jobs.audits.pairs import stored_pairs
from gsal.jobs.audits.rows import audit_table, chosen_mask_set, covered, rows_of
from gsal.jobs.cohorts.judged import table_of_judged
from gsal.jobs.models.files import ready_models
from gsal.jobs.saliency.checked import strongest_checks
from gsal.jobs.saliency.runs import audited_runs
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    MaskSet,
    ModelKind,
    ModelRecord,
    SaliencyMethod,
    SaliencyTable,
    Variant,
)
from gsal.saliency.cost import passes_of
from gsal.saliency.sanity import MethodSanity

__all__ = ["CompareMethods", "MethodEntry", "ModelMethods", "compare_methods", "methods_in"]


@dataclass(frozen=True, slots=True)
class MethodEntry:
    """One method on one model, or why there are no figures of it.

    Attributes:
        method: Slug.
        explained: Pictures with a map aggregated over their present mask.
        refused: Why it cannot explain the model; "" if it can.
        figures: Once all pictures are explained.
        sanity: The check of its sanity that stands, on the most pictures and draws; None before the first.
        cost: Forward passes through the network that take as long, per picture.
    """

    method: str
    explained: int
    refused: str
    figures: MethodFigures | None
    sanity: MethodSanity | None
    cost: float


@dataclass(frozen=True, slots=True)
class ModelMethods:
    """All methods on one model.

    Attributes:
        name: Of the model.
        mask_set: The masks the figures rest on.
        pictures: Validation pictures that have a mask.
        unanswered: Inked ones that are not predicted without their ink yet; faithfulness rests on the others.
        entries: One per method, in their own order.
    """

    name: str
    mask_set: str
    pictures: int
    unanswered: int
    entries: tuple[MethodEntry, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Methods that could explain the model and have not, or not all pictures."""
        return tuple(one.method for one in self.entries if one.figures is None and not one.refused)


@dataclass(frozen=True, slots=True)
class CompareMethods:
    """Computes the table from what is stored; what is missing is said, not computed.

    Attributes:
        models: Names of classifiers; all that are ready if empty.
        mask_set: The masks the figures rest on; "" for those saliency was last computed over.
        seed: Of the bootstraps.
    """

    kind: ClassVar[str] = "compare methods"
    models: tuple[str, ...] = ()
    mask_set: str = ""
    seed: int = 0

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Comparing saliency methods"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Compare.

        Returns:
            "mask_set"; "mask_sources", the validation pictures by what made their masks; "models"
            (`ModelMethods`).

        Raises:
            ModelError: There is no such classifier.
            CohortError: There is no split yet.
            GsalError: There is no such mask set.
        """
        mask_set = MaskSet(chosen_mask_set(project, self.mask_set))
        models = ready_models(project, self.models, ModelKind.CLASSIFIER)
        compared = [
            plain.encode(compare_methods(project, model, mask_set=mask_set, seed=self.seed))
            for model in ctx.track(models, "Comparing saliency methods")
        ]
        sources = mask_sources(project, mask_set)
        return {"mask_set": str(mask_set), "mask_sources": sources, "models": compared}


def methods_in(model: dict[str, Any]) -> ModelMethods:
    """Return one of the "models" of a job's stored result."""
    return plain.decode(ModelMethods, model)


def compare_methods(
    project: Project, model: ModelRecord, *, mask_set: MaskSet, seed: int = 0, draws: int = 1000
) -> ModelMethods:
    """Compare the methods on one model from what is stored, with the usual settings of each.

    Args:
        project: Whose.
        model: The classifier.
        mask_set: The masks the figures rest on.
        seed: Of the bootstraps.
        draws: Of each bootstrap.

    Raises:
        CohortError: There is no split yet.
    """
    masks = project.store.masks.hashes(mask_set)
    images = judged_table(table_of_judged(project, model), model.classes, masks)
    predictions = project.store.predictions.table(model.id)
    without = stored_pairs(project, model, Variant.INPAINTED, JobContext(), mask_set=mask_set, seed=seed)
    runs = audited_runs(project.store.saliency.runs(model.id), mask_set)
    by_method = {run.settings.method: run for run in runs}
    pairs = without.pairs if without.pairs.n else None
    checked = strongest_checks(project, model)

    def entry(method: SaliencyMethod) -> MethodEntry:
        run = by_method.get(method)
        explained, figures = 0, None
        if run is not None:
            rows = project.store.saliency.table(run.id)
            explained = covered(images, rows, masks)
            if images.ids and explained == len(images.ids):
                data = audit_table(project, model, run.settings, images, predictions, rows)
                figures = method_figures(data, _gap(data, rows), pairs, seed=seed, draws=draws)
        refused = model.brought.refused.get(method, "")
        return MethodEntry(
            method=str(method),
            explained=explained,
            refused=refused,
            figures=figures,
            sanity=checked.get(method),
            cost=_cost(method, model),
        )

    return ModelMethods(
        name=model.name,
        mask_set=str(mask_set),
        pictures=len(images.ids),
        unanswered=without.waiting,
        entries=tuple(entry(method) for method in SaliencyMethod),
    )


def _gap(data: AuditData, rows: SaliencyTable) -> FloatArray:
    """Return (N,) float64, the completeness gap of the class explained."""
    at = rows_of(data.image_ids, rows.image_ids, what=f"saliency of {data.model}")
    return np.asarray(rows.values[at, data.explained, COLUMNS.index("gap")], dtype=np.float64)


def _cost(method: SaliencyMethod, model: ModelRecord) -> float:
    size = model.preprocessing.size
    return passes_of([method], classes=len(model.classes), size=size).forward_equivalents
