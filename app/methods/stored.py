"""What is known of one model's saliency methods and of what ink does, read off the window's thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gsal.errors import GsalError
from gsal.jobs.saliency.runs import latest_mask_set
from gsal.project import Project
from gsal.records import MaskSet, ModelKind, ModelRecord, ModelStatus, SaliencyMethod

if TYPE_CHECKING:
    from gsal.jobs.audits.counterfactual import InkEffect
    from gsal.jobs.audits.methods import ModelMethods

__all__ = ["Compared", "read_compared"]

_DRAWS = 300
"""Of each bootstrap: ten methods take some seconds then; `gsal methods` takes more."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What is shown of one model.

    Attributes:
        models: Names of all classifiers that are ready, for choosing.
        model: The one that is shown; "" if there is none.
        mask_set: The masks its figures rest on.
        methods: None without a model, or where there is nothing to judge it by.
        effects: Of each variant that is predicted for some pictures.
        problem: Why there is nothing to judge it by; "" if there is.
    """

    models: tuple[str, ...]
    model: str
    mask_set: str
    methods: "ModelMethods | None" = None
    effects: "tuple[InkEffect, ...]" = ()
    problem: str = ""

    @property
    def explained(self) -> tuple[SaliencyMethod, ...]:
        """The methods that saliency is computed by, of some pictures at least."""
        entries = () if self.methods is None else self.methods.entries
        return tuple(SaliencyMethod(entry.method) for entry in entries if entry.explained)


def read_compared(project: Project, model: str, mask_set: str) -> Compared:
    """Compare the methods on a model; some seconds of work.

    Args:
        project: Whose.
        model: Name of a classifier; the newest if there is none of this name.
        mask_set: The masks the figures rest on; "" for those saliency was last computed over.
    """
    known = {
        m.name: m for m in project.store.models.all(ModelKind.CLASSIFIER) if m.status is ModelStatus.READY
    }
    chosen = MaskSet(mask_set or latest_mask_set(project) or MaskSet.BEST)
    if not known:
        return Compared((), "", str(chosen))
    name = model if model in known else _usual(project, known)
    try:
        methods, effects = _figures(project, known[name], chosen)
    except GsalError as error:
        return Compared(tuple(known), name, str(chosen), problem=str(error))
    return Compared(tuple(known), name, str(chosen), methods, effects)


def _usual(project: Project, known: Mapping[str, ModelRecord]) -> str:
    """Return the network that saliency was last computed of, else the newest."""
    by_number = {record.id: name for name, record in known.items()}
    runs = [run for run in project.store.saliency.runs() if run.rows and run.settings.model_id in by_number]
    if not runs:
        return list(known)[-1]
    return by_number[max(runs, key=lambda run: run.id).settings.model_id]


def _figures(
    project: Project, model: ModelRecord, mask_set: MaskSet
) -> "tuple[ModelMethods, tuple[InkEffect, ...]]":
    # Statistics are heavy for a window that only opens.
    from gsal.jobs.audits.counterfactual import effects_of
    from gsal.jobs.audits.methods import compare_methods
    from gsal.jobs.audits.pairs import COUNTERFACTUALS, stored_pairs
    from gsal.progress import JobContext

    measured = project.store.jobs.done("counterfactual")
    seed = int(measured[-1].settings.get("seed", 0)) if measured else 0
    stored = [
        stored_pairs(project, model, variant, JobContext(), mask_set=mask_set, seed=seed)
        for variant in COUNTERFACTUALS
    ]
    methods = compare_methods(project, model, mask_set=mask_set, draws=_DRAWS)
    return methods, effects_of(stored)
