"""What all parts of an audit rest on, read once: masks, the pictures that judge each model, and the runs."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gsal.jobs.cohorts.judged import table_of_judged
from gsal.jobs.saliency.runs import audited_runs
from gsal.project import Project
from gsal.records import (
    ImageTable,
    MaskSet,
    ModelRecord,
    SaliencyRun,
    Variant,
)

__all__ = ["AuditBasis", "judged_table", "judged_tables", "read_basis"]


@dataclass(frozen=True, slots=True, eq=False)
class AuditBasis:
    """The store as one audit sees it.

    Attributes:
        project: Whose.
        mask_set: The masks the figures rest on.
        models: Classifiers that are ready.
        judged: By model, the pictures that judge it and have a mask.
        masks: SHA-256 of the mask of each picture that has one.
        sources: What made it.
        runs: By model, all of saliency.
    """

    project: Project
    mask_set: str
    models: tuple[ModelRecord, ...]
    judged: Mapping[str, ImageTable]
    masks: Mapping[int, str]
    sources: Mapping[int, str]
    runs: Mapping[str, Sequence[SaliencyRun]]

    def audited(self, model: str, variant: Variant = Variant.ORIGINAL) -> list[SaliencyRun]:
        """Return the runs of a model that audits rest on: the pictures as they are, or the placebo."""
        return audited_runs(self.runs[model], self.mask_set, variant)

    def mask_sources(self, image_ids: Collection[int]) -> dict[str, int]:
        """Count what made the masks of pictures."""
        return dict(sorted(Counter(self.sources[i] for i in image_ids).items()))


def read_basis(project: Project, models: Sequence[ModelRecord], *, mask_set: str) -> AuditBasis:
    """Read it.

    Args:
        project: Whose.
        models: Classifiers that are ready.
        mask_set: The masks the figures rest on.

    Raises:
        CohortError: There is no split yet.
    """
    table = project.store.masks.table(MaskSet(mask_set))
    masks = table.hashes
    runs = project.store.saliency.runs()
    return AuditBasis(
        project=project,
        mask_set=mask_set,
        models=tuple(models),
        judged=judged_tables(project, models, masks),
        masks=masks,
        sources=table.source_of,
        runs={m.name: [run for run in runs if run.settings.model_id == m.id] for m in models},
    )


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
