"""What a project has of saliency, as the batches that a running job reports; unfinished runs too."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gsal.audit import Finding
from gsal.jobs.saliency.runs import audited_runs, is_usual
from gsal.progress import SaliencyBatch
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    ImageRecord,
    ModelKind,
    ModelRecord,
    ModelStatus,
    PredictionRow,
    SaliencyMethod,
    SaliencyRow,
    SaliencyRun,
    Side,
    Variant,
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
    images = project.store.images.all(side=Side.VALIDATION)
    batches = []
    runs = {m.name: project.store.saliency.runs(m.id) for m in models}
    shown = {name: audited_runs(of_model, mask_set) for name, of_model in runs.items()}
    for model in models:
        predictions = project.store.predictions.all(model.id, variant=Variant.ORIGINAL)
        for run in shown[model.name]:
            rows = project.store.saliency.rows(run.id)
            known = [i for i in images if i.id in rows and i.id in predictions and i.label in model.classes]
            if known:
                batches.append(_batch(project, model, run, known, rows, predictions))
    latest = project.store.audits.latest()
    is_same = latest is not None and latest[0].get("mask_set") == mask_set
    stored = latest[1].get("result", {}) if latest is not None and is_same else {}
    findings = tuple(Finding(f["topic"], f["text"]) for f in stored.get("findings", ()))
    return StoredSaliency(
        classes={m.name: m.classes for m in models},
        batches=tuple(batches),
        findings=findings,
        expected={m.name: sum(i.label in m.classes for i in images) for m in models},
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
    images: list[ImageRecord],
    rows: dict[int, SaliencyRow],
    predictions: dict[int, PredictionRow],
) -> SaliencyBatch:
    chosen = [rows[image.id] for image in images]
    predicted = np.array([predictions[image.id].logits.argmax() for image in images], dtype=np.int64)
    values = np.stack([row.values for row in chosen])[np.arange(len(chosen)), predicted]
    column = dict(zip(COLUMNS, values.T, strict=True))
    return SaliencyBatch(
        model=model.name,
        method=str(run.settings.method),
        image_ids=np.array([image.id for image in images], dtype=np.int64),
        true_class=np.array([model.classes.index(image.label or "") for image in images], dtype=np.int64),
        predicted=predicted,
        explained=predicted,
        mean=column["mean"],
        peak=column["peak"],
        map_sum=column["map_sum"],
        map_sum_sq=column["map_sum_sq"],
        map_pixels=chosen[0].map_pixels,
        inked=np.array([row.ink_px > project.min_ink_px for row in chosen]),
        patients=tuple(image.patient for image in images),
        mask_set=run.settings.mask_set,
    )
