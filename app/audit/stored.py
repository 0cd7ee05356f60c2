"""What a project has of saliency, as far as it was computed; unfinished runs too."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.maps.listing import ready_classifiers
from gsal.audit import AuditData, AuditResult
from gsal.jobs.audits.audit import last_audit
from gsal.jobs.audits.placebo import placebo_of
from gsal.jobs.audits.rows import audit_table, judged_tables
from gsal.jobs.saliency.runs import audited_runs, is_usual
from gsal.project import Project
from gsal.records import (
    ImageTable,
    MaskSet,
    ModelRecord,
    PredictionTable,
    SaliencyMethod,
    SaliencyRun,
)

__all__ = ["StoredSaliency", "read_saliency", "run_table"]


@dataclass(frozen=True, slots=True, eq=False)
class StoredSaliency:
    """Everything the audit page begins with.

    Attributes:
        mask_set: Over which.
        classes: Of each model, in the order of its logits.
        tables: One per run that has pictures.
        placebos: Likewise, of the same pictures without their ink.
        audit: The last one, if it was over this mask set and can still be read.
        expected: Pictures that judge each model and have a mask: what a complete run has.
        begun: Model and method of every run that is shown, also of those without a picture.
        other_sets: Other mask sets that some run has pictures over.
        refused: The methods that cannot explain each model, and why.
    """

    mask_set: MaskSet
    classes: dict[str, tuple[str, ...]]
    tables: tuple[AuditData, ...]
    placebos: tuple[AuditData, ...]
    audit: AuditResult | None
    expected: dict[str, int]
    begun: tuple[tuple[str, str], ...]
    other_sets: tuple[str, ...]
    refused: dict[str, Mapping[SaliencyMethod, str]]


def read_saliency(project: Project, mask_set: MaskSet) -> StoredSaliency:
    """Read all runs over a mask set; takes a moment, so not in the window's thread."""
    models = ready_classifiers(project)
    runs = {m.name: project.store.saliency.runs(m.id) for m in models}
    masks = project.store.masks.hashes(mask_set)
    judged = judged_tables(project, models, masks) if project.split is not None else {}
    tables, begun = [], []
    for model in models:
        predictions = project.store.predictions.table(model.id)
        for run in audited_runs(runs[model.name], mask_set) if model.name in judged else ():
            begun.append((model.name, str(run.settings.method)))
            tables.append(run_table(project, model, run, judged[model.name], predictions, masks=masks))
    tables = [table for table in tables if table.n]
    return StoredSaliency(
        mask_set=mask_set,
        classes={m.name: m.classes for m in models},
        tables=tuple(tables),
        placebos=tuple(
            placebo for table in tables if (placebo := placebo_of(project, table, masks)) is not None
        ),
        audit=last_audit(project, mask_set),
        expected={name: len(images.ids) for name, images in judged.items()},
        begun=tuple(begun),
        other_sets=_other_sets(runs, mask_set),
        refused={m.name: m.brought.refused for m in models},
    )


def run_table(
    project: Project,
    model: ModelRecord,
    run: SaliencyRun,
    images: ImageTable,
    predictions: PredictionTable,
    *,
    masks: Mapping[int, str] | None = None,
) -> AuditData:
    """Return a run as far as it is stored.

    Args:
        project: Whose.
        model: The classifier.
        run: Of it.
        images: The pictures that judge it and have a mask in the run's set.
        predictions: Its answers to the pictures as they are.
        masks: SHA-256 of the present mask of each; rows over another one are left out. None for all rows.
    """
    rows = project.store.saliency.table(run.id)
    stored = zip(rows.image_ids.tolist(), rows.mask_sha256, strict=True)
    current = {i for i, sha256 in stored if masks is None or masks.get(i) == sha256}
    there = current & set(predictions.image_ids.tolist())
    known = images.kept([image_id in there for image_id in images.ids])
    return audit_table(project, model, run.settings, known, predictions, rows)


def _other_sets(runs: Mapping[str, list[SaliencyRun]], mask_set: str) -> tuple[str, ...]:
    usual = [run for of_model in runs.values() for run in of_model if run.rows and is_usual(run.settings)]
    return tuple(sorted({run.settings.mask_set for run in usual} - {mask_set}))
