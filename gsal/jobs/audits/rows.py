"""From what is stored per picture to what an audit rests on."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from gsal.audit.data import AuditData
from gsal.errors import GsalError
from gsal.jobs.masks.making import mask_set_named
from gsal.jobs.models.files import ready_models
from gsal.jobs.pictures.labelled import validation_images
from gsal.jobs.saliency.runs import audited_runs, latest_mask_set
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    ImageRecord,
    MaskRecord,
    MaskSet,
    ModelKind,
    ModelRecord,
    PredictionRow,
    SaliencyRow,
    SaliencyRunSettings,
    Variant,
)

__all__ = ["audit_data", "chosen_mask_set"]


def chosen_mask_set(project: Project, asked: str) -> str:
    """Return the mask set that was asked for, or else the one saliency was last computed over."""
    return mask_set_named(asked) if asked else latest_mask_set(project) or MaskSet.BEST


def audit_data(project: Project, names: Iterable[str], *, mask_set: str) -> list[AuditData]:
    """Return one table per model and saliency method over a mask set, each with all validation pictures.

    They are of the pictures as they are, with the usual settings: other variants and settings are other runs.
    Pictures without a mask in the set are left out: nobody knows whether they are inked.

    Raises:
        GsalError: Saliency was not computed yet, or for some pictures only.
    """
    tables = []
    for model in ready_models(project, names, ModelKind.CLASSIFIER):
        images = validation_images(project, model.classes)
        present = project.store.masks.best([i.id for i in images], MaskSet(mask_set))
        images = [image for image in images if image.id in present]
        predictions = project.store.predictions.all(model.id, variant=Variant.ORIGINAL)
        for run in audited_runs(project.store.saliency.runs(model.id), mask_set):
            rows = project.store.saliency.rows(run.id)
            _require_all(model, run.settings, present, rows, mask_set)
            tables.append(_table(project, model, run.settings, images, predictions, rows))
    if not tables:
        raise GsalError(
            f"No saliency is stored over the mask set '{mask_set}'. "
            f"Run `gsal saliency --mask-set {mask_set}` first."
        )
    return tables


def _require_all(
    model: ModelRecord,
    settings: SaliencyRunSettings,
    masks: Mapping[int, MaskRecord],
    rows: dict[int, SaliencyRow],
    mask_set: str,
) -> None:
    """Refuse rows that are missing, or were aggregated over masks that have changed since."""
    missing = sum(i not in rows or rows[i].mask_sha256 != mask.sha256 for i, mask in masks.items())
    if missing:
        raise GsalError(
            f"{settings.method} of {model.name} is missing, or older than the mask, for {missing} of "
            f"{len(masks)} validation pictures. Run `gsal saliency --mask-set {mask_set}` again; "
            "it goes on where it stopped."
        )


def _table(
    project: Project,
    model: ModelRecord,
    settings: SaliencyRunSettings,
    images: Sequence[ImageRecord],
    predictions: dict[int, PredictionRow],
    rows: dict[int, SaliencyRow],
) -> AuditData:
    chosen = [rows[image.id] for image in images]
    logits = np.stack([predictions[image.id].logits for image in images])
    predicted = logits.argmax(axis=1).astype(np.int64)
    explained = np.stack([row.values for row in chosen])[np.arange(len(chosen)), predicted]
    of_explained = dict(zip(COLUMNS, explained.T, strict=True))
    ink_px = np.array([row.ink_px for row in chosen], dtype=np.float64)
    return AuditData(
        model=model.name,
        seed=model.seed,
        cohort=model.cohort,
        method=str(settings.method),
        mask_set=settings.mask_set,
        classes=model.classes,
        fold=model.fold,
        images=tuple(image.path for image in images),
        image_ids=np.array([image.id for image in images], dtype=np.int64),
        patient=np.array([image.known_patient for image in images], dtype=np.str_),
        true_class=np.array([model.classes.index(image.label or "") for image in images], dtype=np.int64),
        predicted=predicted,
        explained=predicted,
        logits=logits,
        inked=ink_px > project.min_ink_px,
        ink_px=ink_px,
        mask_area=np.array([row.mask_area for row in chosen], dtype=np.float64),
        mean=of_explained["mean"],
        peak=of_explained["peak"],
        map_sum=of_explained["map_sum"],
        map_sum_sq=of_explained["map_sum_sq"],
        map_pixels=np.array([row.map_pixels for row in chosen], dtype=np.int64),
    )
