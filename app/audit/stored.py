"""What a project has of saliency, as the batches that a running job reports; unfinished runs too."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress

import numpy as np

from gsal.audit import Finding
from gsal.jobs.saliency.runs import audited_runs, is_usual
from gsal.progress import SaliencyBatch
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    ImageTable,
    ModelKind,
    ModelRecord,
    ModelStatus,
    PredictionTable,
    SaliencyMethod,
    SaliencyRun,
    SaliencyTable,
    Side,
)

__all__ = ["StoredSaliency", "read_saliency"]


@dataclass(frozen=True, slots=True, eq=False)
class StoredSaliency:
    """Everything the audit page begins with.

    Attributes:
        classes: Of each model, in the order of its logits.
        batches: One per run.
        findings: Of the last audit, in words, if it was over this mask set.
        expected: Validation pictures of each model's classes: what a complete run has.
        begun: Model and method of every run that is shown, also of those without a picture.
        other_sets: Other mask sets that some run has pictures over.
        refused: The methods that cannot explain each model, and why.
    """

    classes: dict[str, tuple[str, ...]]
    batches: tuple[SaliencyBatch, ...]
    findings: tuple[Finding, ...]
    expected: dict[str, int]
    begun: tuple[tuple[str, str], ...]
    other_sets: tuple[str, ...]
    refused: dict[str, Mapping[SaliencyMethod, str]]


def read_saliency(project: Project, mask_set: str) -> StoredSaliency:
    """Read all runs over a mask set; takes a moment, so not in the window's thread."""
    models = [m for m in project.store.models.all(ModelKind.CLASSIFIER) if m.status is ModelStatus.READY]
    images = project.store.images.table(side=Side.VALIDATION)
    batches = []
    runs = {m.name: project.store.saliency.runs(m.id) for m in models}
    shown = {name: audited_runs(of_model, mask_set) for name, of_model in runs.items()}
    for model in models:
        predictions = project.store.predictions.table(model.id)
        for run in shown[model.name]:
            batch = _batch(project, model, run, images, project.store.saliency.table(run.id), predictions)
            if len(batch.image_ids):
                batches.append(batch)
    latest = project.store.audits.latest()
    is_same = latest is not None and latest[0].get("mask_set") == mask_set
    stored = latest[1].get("result", {}) if latest is not None and is_same else {}
    findings = tuple(Finding(f["topic"], f["text"]) for f in stored.get("findings", ()))
    return StoredSaliency(
        classes={m.name: m.classes for m in models},
        batches=tuple(batches),
        findings=findings,
        expected={m.name: sum(label in m.classes for label in images.labels) for m in models},
        begun=tuple((name, str(r.settings.method)) for name, of_model in shown.items() for r in of_model),
        other_sets=_other_sets(runs, mask_set),
        refused={m.name: m.brought.refused for m in models},
    )


def _other_sets(runs: Mapping[str, list[SaliencyRun]], mask_set: str) -> tuple[str, ...]:
    usual = [run for of_model in runs.values() for run in of_model if run.rows and is_usual(run.settings)]
    return tuple(sorted({run.settings.mask_set for run in usual} - {mask_set}))


def _batch(
    project: Project,
    model: ModelRecord,
    run: SaliencyRun,
    images: ImageTable,
    rows: SaliencyTable,
    predictions: PredictionTable,
) -> SaliencyBatch:
    """Return what is stored of a run, as the job would tell it."""
    position = {name: index for index, name in enumerate(model.classes)}
    ids = np.array(images.ids, dtype=np.int64)
    true_class = np.array([position.get(label or "", -1) for label in images.labels], dtype=np.int64)
    is_known = (true_class >= 0) & np.isin(ids, rows.image_ids) & np.isin(ids, predictions.image_ids)
    ids, true_class = ids[is_known], true_class[is_known]
    at = np.searchsorted(rows.image_ids, ids)
    answers = predictions.logits[np.searchsorted(predictions.image_ids, ids)]
    predicted = answers.argmax(axis=1).astype(np.int64) if len(ids) else true_class
    column = dict(zip(COLUMNS, rows.values[at, predicted].T, strict=True))
    return SaliencyBatch(
        model=model.name,
        method=str(run.settings.method),
        image_ids=ids,
        true_class=true_class,
        predicted=predicted,
        explained=predicted,
        mean=column["mean"],
        peak=column["peak"],
        map_sum=column["map_sum"],
        map_sum_sq=column["map_sum_sq"],
        map_pixels=int(rows.map_pixels[at[0]]) if len(ids) else 0,
        inked=rows.ink_px[at] > project.min_ink_px,
        patients=tuple(compress(images.patients, is_known)),
        mask_set=run.settings.mask_set,
    )
