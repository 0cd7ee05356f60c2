"""The pictures that judge a classifier, none of which it learned from, and those that it learned from."""

from gsal.errors import ModelError
from gsal.jobs.cohorts.cross_validation import FoldPart, fold_parts
from gsal.jobs.pictures.labelled import validation_images, validation_table
from gsal.project import Project
from gsal.records import ImageRecord, ImageTable, ModelRecord, Side

__all__ = ["judged_images", "learned_images", "table_of_judged"]


def judged_images(project: Project, model: ModelRecord) -> list[ImageRecord]:
    """Return the pictures that judge a classifier, of the classes it knows.

    Those of its own held-out fold for a network of a cross-validation, else the validation side.

    Raises:
        CohortError: There is no split yet.
        ModelError: The network says it is of a fold, but not of how many.
    """
    if model.fold is None:
        return validation_images(project, model.classes)
    return project.store.images.get_many(_part(project, model).held_out)


def table_of_judged(project: Project, model: ModelRecord) -> ImageTable:
    """Return them as columns, whatever their class.

    Raises:
        CohortError: There is no split yet.
        ModelError: As `judged_images`.
    """
    if model.fold is None:
        return validation_table(project)
    held_out = set(_part(project, model).held_out)
    images = project.store.images.table(side=Side.TRAINING)
    return images.kept([image_id in held_out for image_id in images.ids])


def learned_images(project: Project, model: ModelRecord) -> frozenset[int]:
    """Return the numbers of the pictures of its cohort that a classifier learned from, in whatever variant.

    None are known of a classifier that was trained elsewhere.

    Raises:
        CohortError: As `gsal.jobs.cohorts.cross_validation.fold_parts`.
        ModelError: As `judged_images`.
    """
    if not model.cohort:
        return frozenset()
    if model.fold is None:
        return frozenset(project.store.cohorts.members(model.cohort))
    return frozenset(_part(project, model).training)


def _part(project: Project, model: ModelRecord) -> FoldPart:
    assert model.fold is not None  # noqa: S101 - asked for a network of a cross-validation
    k = int(model.run_card.get("folds") or 0)
    if not 0 <= model.fold < k:
        raise ModelError(f"{model.name} is of fold {model.fold}, but its run card does not say of how many.")
    return fold_parts(project, model.cohort, k=k)[model.fold]
