"""From what is stored per picture to what an audit rests on."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from gsal.arrays import IntArray
from gsal.audit.data import AuditData
from gsal.errors import GsalError
from gsal.jobs.cohorts.judged import table_of_judged
from gsal.jobs.masks.making import mask_set_named
from gsal.jobs.models.files import ready_models
from gsal.jobs.saliency.runs import audited_runs, latest_mask_set
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    ImageTable,
    MaskSet,
    ModelKind,
    ModelRecord,
    PredictionTable,
    SaliencyRunSettings,
    SaliencyTable,
)

__all__ = ["audit_data", "audit_table", "chosen_mask_set", "judged_table", "judged_tables", "rows_of"]


def chosen_mask_set(project: Project, asked: str) -> str:
    """Return the mask set that was asked for, or else the one saliency was last computed over."""
    return mask_set_named(asked) if asked else latest_mask_set(project) or MaskSet.BEST


def audit_data(project: Project, names: Iterable[str], *, mask_set: str) -> list[AuditData]:
    """Return one table per model and saliency method over a mask set, with all pictures that judge the model.

    They are of the pictures as they are, with the usual settings: other variants and settings are other runs.
    Pictures without a mask in the set are left out: nobody knows whether they are inked.

    Raises:
        GsalError: Saliency was not computed yet, or for some pictures only.
    """
    tables = []
    models = ready_models(project, names, ModelKind.CLASSIFIER)
    masks = project.store.masks.hashes(MaskSet(mask_set))
    judged_by = judged_tables(project, models, masks)
    for model in models:
        judged = judged_by[model.name]
        predictions = project.store.predictions.table(model.id)
        for run in audited_runs(project.store.saliency.runs(model.id), mask_set):
            rows = project.store.saliency.table(run.id)
            _require_all(model, run.settings, {i: masks[i] for i in judged.ids}, rows)
            tables.append(audit_table(project, model, run.settings, judged, predictions, rows))
    if not tables:
        raise GsalError(
            f"No saliency is stored over the mask set '{mask_set}'. "
            f"Run `gsal saliency --mask-set {mask_set}` first."
        )
    return tables


def judged_tables(
    project: Project, models: Iterable[ModelRecord], masks: Mapping[int, str]
) -> dict[str, ImageTable]:
    """Return by model the pictures that judge it and have a mask; those of one fold are read once.

    Args:
        project: Whose.
        models: Classifiers.
        masks: SHA-256 of the mask of each picture that has one.

    Raises:
        CohortError: There is no split yet.
    """
    of_folds: dict[tuple[str, int | None], ImageTable] = {}
    judged = {}
    for model in models:
        fold = (model.cohort if model.fold is not None else "", model.fold)
        if fold not in of_folds:
            of_folds[fold] = table_of_judged(project, model)
        judged[model.name] = judged_table(of_folds[fold], model.classes, masks)
    return judged


def judged_table(images: ImageTable, classes: Sequence[str], masks: Mapping[int, str]) -> ImageTable:
    """Return the pictures of a model's classes that have a mask."""
    known = set(classes)
    kept = [label in known and i in masks for i, label in zip(images.ids, images.labels, strict=True)]
    return images.kept(kept)


def _require_all(
    model: ModelRecord, settings: SaliencyRunSettings, masks: Mapping[int, str], rows: SaliencyTable
) -> None:
    """Refuse rows that are missing, or were aggregated over masks that have changed since."""
    stored = dict(zip(rows.image_ids.tolist(), rows.mask_sha256, strict=True))
    missing = sum(stored.get(i) != sha256 for i, sha256 in masks.items())
    if missing:
        raise GsalError(
            f"{settings.method} of {model.name} is missing, or older than the mask, for {missing} of "
            f"the {len(masks)} pictures that judge it. Run `gsal saliency --mask-set {settings.mask_set}` "
            "again; it goes on where it stopped."
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
