"""What a report says about a project, gathered from its store."""

import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from gsal.audit import AuditResult
from gsal.cohorts.co_occurrence import table
from gsal.cohorts.picture import Picture
from gsal.jobs.pictures.labelled import labelled_pictures
from gsal.jobs.reports.gallery import gallery
from gsal.jobs.reports.masks import mask_quality
from gsal.project import Project
from gsal.records import AuditRecord, CohortRecord, MaskSet, MaskSource, ModelRecord, Side
from gsal.reports.content import (
    Fact,
    MaskSummary,
    ModelSummary,
    PictureSet,
    ReportContent,
)
from gsal.version import __version__

__all__ = ["gather"]

NAN = float("nan")
_PACKAGES = ("torch", "torchvision", "numpy", "scipy", "opencv-python-headless", "sqlalchemy")


def gather(project: Project, record: AuditRecord, *, pictures: int) -> ReportContent:
    """Return everything the report of a stored audit says.

    Args:
        project: Whose.
        record: The audit.
        pictures: How many of the most, and of the least, ink-salient pictures are shown.

    Raises:
        GsalError: An earlier version of the program kept the audit, with fewer figures.
    """
    stored = project.store.audits.result(record.id)
    result = AuditResult.from_stored(stored)
    names = list(dict.fromkeys(entry.model for entry in result.entries))
    models = [project.store.models.get(name) for name in names]
    mask_set = MaskSet(record.mask_set)
    cohorts = [c for c in project.store.cohorts.all() if c.name in {m.cohort for m in models}]
    labelled = labelled_pictures(project, mask_set, skip_unmasked=True)
    return ReportContent(
        project=project.name,
        created=datetime.now(UTC),
        sets=_sets(project, labelled),
        cohorts=tuple(_cohort(project, cohort) for cohort in cohorts),
        masks=_masks(mask_set, stored.get("mask_sources", {})),
        mask_quality=mask_quality(project),
        models=tuple(_model(project, model) for model in models),
        audit=result,
        gallery=gallery(project, record, most=pictures),
        provenance=tuple(_provenance(project, record, models)),
        notes=_notes(project, record),
    )


def _sets(project: Project, labelled: list[Picture]) -> tuple[PictureSet, ...]:
    sides = {i.id: i.side for i in project.store.images.all()}
    validation = [p for p in labelled if sides[p.image_id] is Side.VALIDATION]
    return (
        _set("All labelled and masked pictures", labelled, project.classes),
        _set("Validation part", validation, project.classes),
    )


def _set(name: str, pictures: list[Picture], classes: tuple[str, ...]) -> PictureSet:
    counts = table(pictures, classes)
    return PictureSet(
        name=name,
        n=counts.n,
        n_by_class=counts.n_by_class,
        ink_rate_by_class=counts.ink_rate_by_class,
        ink_rate=counts.ink_rate,
        cramers_v=counts.cramers_v,
        n_patients=len({p.patient for p in pictures}),
    )


def _cohort(project: Project, cohort: CohortRecord) -> PictureSet:
    members = project.store.images.get_many(project.store.cohorts.members(cohort.name))
    cramers_v = cohort.achieved.get("cramers_v")
    return PictureSet(
        name=cohort.name,
        n=cohort.n,
        n_by_class={name: cohort.n_by_class.get(name, 0) for name in project.classes},
        ink_rate_by_class={name: cohort.ink_rate_by_class.get(name) for name in project.classes},
        ink_rate=cohort.achieved.get("ink_rate"),
        cramers_v=NAN if cramers_v is None else cramers_v,
        n_patients=len({image.patient for image in members}),
        notes=tuple(cohort.achieved.get("notes", ())),
    )


def _masks(mask_set: MaskSet, sources: Mapping[str, int]) -> MaskSummary:
    return MaskSummary(
        mask_set=str(mask_set),
        sources=tuple(Fact(name, f"{count} pictures") for name, count in sources.items()),
    )


def _model(project: Project, model: ModelRecord) -> ModelSummary:
    curves: dict[str, tuple[tuple[float, float], ...]] = {}
    for series, step, value in project.store.models.metrics(model.id):
        curves[series] = (*curves.get(series, ()), (step, value))
    recipe = model.run_card.get("recipe", {})
    return ModelSummary(
        name=model.name,
        cohort=model.cohort,
        seed=model.seed,
        architecture=model.architecture,
        recipe=_recipe_words(recipe) if recipe else "trained elsewhere",
        training_n=model.run_card.get("pictures"),
        curves=curves,
        fold=model.fold,
    )


def _recipe_words(recipe: Mapping[str, Any]) -> str:
    return (
        f"{recipe['name']}: {recipe['epochs']} epochs at {recipe['size']} px, "
        f"batches of {recipe['batch_size']}, SGD {recipe['learning_rate']:g} ({recipe['schedule']}), "
        f"{recipe['augment']} augmentation"
    )


def _provenance(project: Project, record: AuditRecord, models: list[ModelRecord]) -> Iterable[Fact]:
    yield Fact("gsal", __version__)
    yield Fact("Audit", f"number {record.id}, {record.date}, made by gsal {record.app_version}")
    yield Fact("Project", project.uuid)
    yield Fact("Python", platform.python_version())
    for package in _PACKAGES:
        yield Fact(package, metadata.version(package))
    split = project.split or {}
    yield Fact(
        "Split", f"validation share {split.get('validation_share')}, seed {split.get('seed')}, by patient"
    )
    for model in models:
        yield Fact(f"{model.name}: seed", str(model.seed))
        yield Fact(f"{model.name}: SHA-256 of its weights", model.weights_sha256)


def _notes(project: Project, record: AuditRecord) -> tuple[str, ...]:
    notes = []
    sources = set(project.store.masks.table(MaskSet(record.mask_set)).sources)
    if sources == {MaskSource.EXACT}:
        notes.append("The ink of every picture is known exactly: the pictures were made by a generator.")
    if project.store.audits.latest(record.mask_set) != record:
        notes.append(
            f"Figures and findings are those of the audit of {record.date}, which is not the last one over "
            "these masks; tables of pictures, the masks' quality and examples are those of the project now."
        )
    return tuple(notes)
