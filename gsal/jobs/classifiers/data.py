"""What a classifier learns from: a cohort's pictures, and those it is watched on, at its size."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gsal.arrays import IntArray
from gsal.distributed import on_first
from gsal.errors import LockedError
from gsal.jobs.cohorts.cross_validation import FoldPart
from gsal.jobs.pictures.decoded import decoded_pictures
from gsal.jobs.pictures.labelled import validation_images
from gsal.jobs.pictures.locked import refuse_locked, without_locked
from gsal.jobs.pictures.variants import PictureVariant
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import CohortKind, CohortRecord, ImageRecord, MaskRecord, MaskSet, Variant
from gsal.training.datasets import ClassifierData

__all__ = ["classifier_data", "cohort_classes"]


def cohort_classes(project: Project, cohort: CohortRecord) -> tuple[str, ...]:
    """Return the classes that a cohort has pictures of, in the project's order."""
    return tuple(name for name in project.classes if cohort.n_by_class.get(name))


def classifier_data(
    project: Project, cohort: CohortRecord, ctx: JobContext, *, size: int, part: FoldPart | None = None
) -> ClassifierData:
    """Read the pictures of a cohort and of those that watch its training.

    An ablated cohort is judged on ablated pictures, which exist for inked ones only.

    Args:
        project: Whose.
        cohort: What to learn from.
        ctx: Where to report.
        size: Side of the network's input in pixels.
        part: One fold of a cross-validation; None for the cohort and the project's validation side.

    Raises:
        LockedError: The cohort holds pictures that are locked for validation, or all that it would be watched
            on are.
        ImageError: A picture is gone or cannot be read.
    """
    classes = cohort_classes(project, cohort)
    members = project.store.cohorts.members(cohort.name) if part is None else part.training
    remedy = "Create a cohort anew: it leaves them out."
    refuse_locked(project, members, learner=f"networks of cohort {cohort.name}", remedy=remedy)
    training = project.store.images.get_many(members)
    masks = project.store.masks.best(None, MaskSet(cohort.mask_set))
    watching = _watching(project, classes, ctx, part)
    is_ablated = cohort.kind is CohortKind.ABLATED
    if is_ablated:
        watching = [image for image in watching if _is_inked(project, image, masks)]
    if not watching:
        raise LockedError("All pictures that training would be watched on are locked for validation.")
    everything = [*training, *watching]
    variant = Variant.ABLATED if is_ablated else Variant.ORIGINAL
    seen = [PictureVariant(image, variant, masks.get(image.id)) for image in everything]
    pictures = on_first(lambda: decoded_pictures(project, seen, ctx, size=size))
    n = len(training)
    return ClassifierData(
        pictures=pictures[:n],
        labels=_labels(training, classes),
        validation_pictures=np.stack(pictures[n:]),
        validation_labels=_labels(watching, classes),
        classes=classes,
        is_inked=_inked(project, training, masks),
    )


def _watching(
    project: Project, classes: Sequence[str], ctx: JobContext, part: FoldPart | None
) -> list[ImageRecord]:
    """Return the pictures that steer the learning rate, none of them locked."""
    if part is not None:
        return project.store.images.get_many(part.held_out)
    return without_locked(project, validation_images(project, classes), ctx)


def _is_inked(project: Project, image: ImageRecord, masks: dict[int, MaskRecord]) -> bool:
    return image.id in masks and masks[image.id].ink_px > project.min_ink_px


def _inked(
    project: Project, images: Sequence[ImageRecord], masks: dict[int, MaskRecord]
) -> npt.NDArray[np.bool_]:
    return np.array([_is_inked(project, image, masks) for image in images], np.bool_)


def _labels(images: Sequence[ImageRecord], classes: tuple[str, ...]) -> IntArray:
    return np.array([classes.index(image.label or "") for image in images], dtype=np.int64)
