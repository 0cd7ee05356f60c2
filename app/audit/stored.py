"""What a project has of saliency, as far as it was computed; unfinished runs too."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.maps.listing import ready_classifiers
from gsal.audit import AuditData, AuditResult
from gsal.jobs.audits.answers import stored_answers
from gsal.jobs.audits.basis import AuditBasis, read_basis
from gsal.jobs.audits.earlier import as_last_audited
from gsal.jobs.audits.placebo import placebo_of
from gsal.jobs.audits.rows import audit_table
from gsal.jobs.saliency.runs import is_usual
from gsal.project import Project
from gsal.records import (
    ImageTable,
    MaskSet,
    ModelRecord,
    PredictionTable,
    SaliencyMethod,
    SaliencyRun,
    Variant,
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
        audit: The last one over this mask set, with what is known of models that are not in it.
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
    basis = read_basis(project, models if project.split is not None else (), mask_set=mask_set)
    tables: list[AuditData] = []
    placebos: list[AuditData] = []
    begun: list[tuple[str, str]] = []
    for model in basis.models:
        predictions = project.store.predictions.table(model.id)
        runs = basis.audited(model.name)
        of_model = [
            run_table(project, model, run, basis.judged[model.name], predictions, masks=basis.masks)
            for run in runs
        ]
        begun += [(model.name, str(run.settings.method)) for run in runs]
        tables += of_model
        placebos += _placebos(basis, model, [table for table in of_model if table.n])
    return StoredSaliency(
        mask_set=mask_set,
        classes={m.name: m.classes for m in models},
        tables=tuple(table for table in tables if table.n),
        placebos=tuple(placebos),
        audit=as_last_audited(project, [m.name for m in models], mask_set),
        expected={name: len(images.ids) for name, images in basis.judged.items()},
        begun=tuple(begun),
        other_sets=_other_sets(basis.runs, mask_set),
        refused={m.name: m.brought.refused for m in models},
    )


def _placebos(basis: AuditBasis, model: ModelRecord, tables: Sequence[AuditData]) -> Iterator[AuditData]:
    """Yield the placebo of each table that has one; answers are the same whatever the method."""
    if not tables:
        return
    answers = stored_answers(basis.project, model.id, tables, Variant.INPAINTED, basis.masks)
    runs = basis.audited(model.name, Variant.INPAINTED)
    for table in tables:
        placebo = placebo_of(basis.project, table, runs=runs, answers=answers)
        if placebo is not None:
            yield placebo


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


def _other_sets(runs: Mapping[str, Sequence[SaliencyRun]], mask_set: str) -> tuple[str, ...]:
    usual = [run for of_model in runs.values() for run in of_model if run.rows and is_usual(run.settings)]
    return tuple(sorted({run.settings.mask_set for run in usual} - {mask_set}))
