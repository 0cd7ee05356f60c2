"""From what is stored per picture to what an audit rests on."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from gsal.arrays import IntArray
from gsal.audit.data import AuditData
from gsal.audit.shortfall import Kind, Shortfall
from gsal.errors import GsalError
from gsal.jobs.audits.basis import AuditBasis, read_basis
from gsal.jobs.masks.making import mask_set_named
from gsal.jobs.models.files import ready_models
from gsal.jobs.saliency.asked import methods_named
from gsal.jobs.saliency.runs import latest_mask_set
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    ImageTable,
    MaskSet,
    ModelKind,
    ModelRecord,
    PredictionTable,
    SaliencyMethod,
    SaliencyRun,
    SaliencyRunSettings,
    SaliencyTable,
)

__all__ = [
    "audit_data",
    "audit_table",
    "chosen_mask_set",
    "covered",
    "finished_tables",
    "rows_of",
]


def chosen_mask_set(project: Project, asked: str) -> str:
    """Return the mask set that was asked for, or else the one saliency was last computed over."""
    return mask_set_named(asked) if asked else latest_mask_set(project) or MaskSet.BEST


def audit_data(
    project: Project, names: Collection[str], *, mask_set: str, methods: Collection[str] = ()
) -> list[AuditData]:
    """Read from the store what `finished_tables` returns, without what it left out."""
    basis = read_basis(project, ready_models(project, names, ModelKind.CLASSIFIER), mask_set=mask_set)
    return finished_tables(basis, names=names, methods=methods)[0]


def finished_tables(
    basis: AuditBasis, *, names: Collection[str] = (), methods: Collection[str] = ()
) -> tuple[list[AuditData], list[Shortfall]]:
    """Return a table of each model and method whose saliency is complete, and what was left out.

    They are of the pictures as they are, with the usual settings: other variants and settings are other runs.
    Pictures without a mask in the set are left out: nobody knows whether they are inked.

    Args:
        basis: Of the models.
        names: Those of them that were asked for by name.
        methods: Slugs of those that were asked for; all there are if empty.

    Raises:
        GsalError: Nothing is complete, or something that was asked for by name is not.
    """
    asked = methods_named(methods)
    tables, unfinished, unbegun = [], [], []
    for model in basis.models:
        judged = basis.judged[model.name]
        runs = [run for run in basis.audited(model.name) if not asked or run.settings.method in asked]
        unbegun += _unbegun(model.name, asked, runs, expected=len(judged.ids))
        complete = []
        for run in runs:
            rows = basis.project.store.saliency.table(run.id)
            n = covered(judged, rows, basis.masks)
            if judged.ids and n == len(judged.ids):
                complete.append((run, rows))
            else:
                method = str(run.settings.method)
                unfinished.append(Shortfall(Kind.SALIENCY, model.name, method, n, len(judged.ids)))
        if complete:
            answers = basis.project.store.predictions.table(model.id)
            tables += [
                audit_table(basis.project, model, run.settings, judged, answers, rows)
                for run, rows in complete
            ]
    required = [*(unfinished if names or asked else ()), *(unbegun if names else ())]
    if required or not tables:
        raise _incomplete(required or unfinished, basis.mask_set)
    return tables, [*unfinished, *unbegun]


def covered(images: ImageTable, rows: SaliencyTable, masks: Mapping[int, str]) -> int:
    """Return of how many pictures there are rows that rest on their present masks."""
    stored = dict(zip(rows.image_ids.tolist(), rows.mask_sha256, strict=True))
    return sum(stored.get(i) == masks[i] for i in images.ids)


def _unbegun(
    model: str, asked: Sequence[SaliencyMethod], runs: Sequence[SaliencyRun], *, expected: int
) -> list[Shortfall]:
    """Return the methods asked for that a model has no run of; without any, whether it has no run at all."""
    begun = {run.settings.method for run in runs}
    missing = [str(method) for method in asked if method not in begun] if asked else [""] * (not runs)
    return [Shortfall(Kind.SALIENCY, model, method, 0, expected) for method in missing]


def _incomplete(shortfalls: Sequence[Shortfall], mask_set: str) -> GsalError:
    """Say what is missing first, and how to make it; without any, that there is nothing at all."""
    one = shortfalls[0] if shortfalls else None
    if one is None or not one.of:
        whose = f" of {one.model}" if one is not None else ""
        return GsalError(
            f"No saliency{whose} is stored over the mask set '{mask_set}'. "
            f"Run `gsal saliency --mask-set {mask_set}` first."
        )
    return GsalError(
        f"{one.of} of {one.model} is missing, or older than the mask, for {one.expected - one.n} of "
        f"the {one.expected} pictures that judge it. Run `gsal saliency --mask-set {mask_set} "
        f"--method {one.of}` again; it goes on where it stopped."
    )


def audit_table(
    project: Project,
    model: ModelRecord,
    settings: SaliencyRunSettings,
    images: ImageTable,
    predictions: PredictionTable,
    rows: SaliencyTable,
) -> AuditData:
    """Return one run as a table.

    Args:
        project: Whose.
        model: The classifier.
        settings: Of the run.
        images: The rows of the table, in this order.
        predictions: Answers to the pictures as they are.
        rows: Of the run; all of `images` are among them.

    Raises:
        GsalError: Rows or answers are missing.
    """
    ids = np.array(images.ids, dtype=np.int64)
    at = rows_of(ids, rows.image_ids, what=f"saliency of {model.name}")
    logits = predictions.logits[rows_of(ids, predictions.image_ids, what=f"answers of {model.name}")]
    predicted = logits.argmax(axis=1).astype(np.int64)
    of_explained = dict(zip(COLUMNS, rows.values[at, predicted].T, strict=True))
    position = {name: index for index, name in enumerate(model.classes)}
    ink_px = rows.ink_px[at]
    return AuditData(
        model=model.name,
        seed=model.seed,
        cohort=model.cohort,
        method=str(settings.method),
        mask_set=settings.mask_set,
        classes=model.classes,
        fold=model.fold,
        images=images.paths,
        image_ids=ids,
        patient=np.array(images.patients, dtype=np.str_),
        true_class=np.array([position[label or ""] for label in images.labels], dtype=np.int64),
        predicted=predicted,
        explained=predicted,
        logits=logits,
        inked=ink_px > project.min_ink_px,
        ink_px=ink_px,
        mask_area=rows.mask_area[at],
        mean=of_explained["mean"],
        peak=of_explained["peak"],
        map_sum=of_explained["map_sum"],
        map_sum_sq=of_explained["map_sum_sq"],
        map_pixels=rows.map_pixels[at],
    )


def rows_of(wanted: IntArray, stored: IntArray, *, what: str) -> IntArray:
    """Return at which place of the ascending `stored` numbers each wanted one is.

    Raises:
        GsalError: One of them is not there.
    """
    at = np.searchsorted(stored, wanted).astype(np.int64)
    missing = int((stored[np.minimum(at, len(stored) - 1)] != wanted).sum()) if len(stored) else len(wanted)
    if missing:
        raise GsalError(
            f"The {what} are missing for {missing} of {len(wanted)} pictures. Run `gsal saliency` again."
        )
    return at
