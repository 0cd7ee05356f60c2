"""The labelled pictures of a project as cohorts see them, and the project's one split."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gsal.cohorts.picture import Picture
from gsal.cohorts.split import DEFAULT_SHARE, achieved, extend, split
from gsal.errors import CohortError
from gsal.jobs.masks.making import inked_by_image
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, ImageTable, MaskSet, Side

__all__ = ["Split", "labelled_pictures", "plan_split", "side_of", "validation_images", "validation_table"]


def labelled_pictures(project: Project, mask_set: MaskSet, *, skip_unmasked: bool = False) -> list[Picture]:
    """Return the pictures with a label, and whether each is inked by a mask set.

    Pictures whose last reader accepted no mask are left out where the set has none of them.

    Args:
        project: Whose pictures.
        mask_set: The masks that decide.
        skip_unmasked: Whether pictures without a mask in the set are left out.

    Raises:
        CohortError: None has a label, or some have no mask in the set.
    """
    inked = inked_by_image(project, mask_set)
    images = [image for image in project.store.images.all() if image.label is not None]
    if not images:
        raise CohortError("No picture has a label. Import pictures with a labels table first.")
    refused = project.store.masks.refused()
    images = [image for image in images if image.id in inked or image.id not in refused]
    unmasked = sum(image.id not in inked for image in images)
    if skip_unmasked:
        images = [image for image in images if image.id in inked]
    elif unmasked:
        raise CohortError(
            f"{unmasked} of {len(images)} labelled pictures have no mask in the set '{mask_set}', so nobody "
            "knows whether they are inked. Run `gsal propose` or `gsal segment` first, or choose another set."
        )
    patients = project.store.images.patients()
    return [_picture(image, patients[image.id], is_inked=inked[image.id]) for image in images]


@dataclass(frozen=True, slots=True)
class Split:
    """A split as it would be with the pictures of today.

    Attributes:
        sides: Of each picture.
        new: Those of them that are not stored yet.
        settings: What it is made with, for the project.
        before: What the project had when this was planned; None for nothing.
    """

    sides: dict[int, Side]
    new: dict[int, Side]
    settings: dict[str, Any]
    before: dict[str, Any] | None = None

    def keep(self, project: Project) -> None:
        """Store it as the project's one split."""
        if self.new:
            project.store.images.assign_sides(self.new, split=self.settings, before=self.before)


def plan_split(
    project: Project,
    pictures: Sequence[Picture],
    ctx: JobContext,
    *,
    validation_share: float | None,
    seed: int,
) -> Split:
    """Return the project's one split, extended to new pictures, or a first one.

    Raises:
        CohortError: The share is impossible, or one side would be empty.
    """
    if validation_share is not None and not 0 < validation_share < 1:
        raise CohortError(f"A validation share is a number between 0 and 1; got {validation_share:g}.")
    before = stored = project.split
    known = {i.id: i.side for i in project.store.images.all() if i.side is not None}
    if stored is None:
        share = DEFAULT_SHARE if validation_share is None else validation_share
        sides = split(pictures, validation_share=share, seed=seed)
        stored = {"validation_share": share, "seed": seed}
    else:
        if validation_share not in {None, stored["validation_share"]}:
            ctx.notice(
                f"The project is already split with a validation share of {stored['validation_share']:g}; "
                "a project has one split, so that models can be compared."
            )
        sides = extend(pictures, known, validation_share=stored["validation_share"], seed=stored["seed"])
    strata = [
        {"class": c.label, "inked": c.inked, "n": c.n, "validation": c.chosen}
        for c in achieved(pictures, sides)
    ]
    new = {image_id: side for image_id, side in sides.items() if image_id not in known}
    return Split(sides, new, stored | {"strata": strata}, before)


def side_of(pictures: Sequence[Picture], sides: dict[int, Side], side: Side) -> list[Picture]:
    """Return the pictures of one side."""
    return [picture for picture in pictures if sides[picture.image_id] is side]


def validation_images(project: Project, classes: Sequence[str]) -> list[ImageRecord]:
    """Return the pictures that judge every model: the validation side, of the given classes.

    Raises:
        CohortError: There is no split yet.
    """
    images = project.store.images.all(side=Side.VALIDATION)
    if not images:
        raise _unsplit()
    return [image for image in images if image.label in classes]


def validation_table(project: Project) -> ImageTable:
    """Return the pictures of the validation side, whatever their class, as columns.

    Raises:
        CohortError: There is no split yet.
    """
    images = project.store.images.table(side=Side.VALIDATION)
    if not images.ids:
        raise _unsplit()
    return images


def _unsplit() -> CohortError:
    return CohortError("The project is not split yet. Create a cohort first (`gsal cohort create`).")


def _picture(image: ImageRecord, patient: str, *, is_inked: bool) -> Picture:
    return Picture(
        image_id=image.id,
        label=image.label or "",
        patient=patient,
        lesion_id=image.lesion_id,
        inked=is_inked,
        source=f"{image.root}/{image.path}".rpartition("/")[0],
        columns=image.extra,
    )
