"""What the cohorts of a project are chosen from: the training side of its one split, and who is where."""

from collections.abc import Collection
from dataclasses import dataclass

from gsal.cohorts.picture import Picture
from gsal.jobs.masks.making import mask_set_named
from gsal.jobs.pictures.labelled import Split, labelled_pictures, plan_split, side_of
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import Side

__all__ = ["Pool", "read_pool"]


@dataclass(frozen=True, slots=True)
class Pool:
    """The labelled pictures of a project, read once; any number of cohorts can be chosen from it.

    Attributes:
        classes: The project's.
        pictures: All that have a label, on both sides of the split.
        free: Those that may be learned from: of the training side, and not locked.
        n_locked: Pictures of the training side that are locked, or of patients that are.
        split: The project's one split as it is or would be.
    """

    classes: tuple[str, ...]
    pictures: tuple[Picture, ...]
    free: tuple[Picture, ...]
    n_locked: int
    split: Split

    def without(self, image_ids: Collection[int]) -> tuple[Picture, ...]:
        """Return the pictures that may be learned from, but for these."""
        return tuple(picture for picture in self.free if picture.image_id not in image_ids)


def read_pool(
    project: Project, mask_set: str, ctx: JobContext, *, validation_share: float | None, split_seed: int
) -> Pool:
    """Read the pictures, and split them if the project is not split yet; nothing is written.

    Args:
        project: Whose.
        mask_set: The masks that decide which pictures are inked.
        ctx: Is told what the user should know.
        validation_share: Of the split, when it is made; None for the usual one.
        split_seed: Of the split, when it is made.

    Raises:
        CohortError: No picture has a label, some have no mask, or the split is impossible.
        GsalError: There is no such mask set.
    """
    pictures = labelled_pictures(project, mask_set_named(mask_set))
    if not any(picture.inked for picture in pictures):
        ctx.notice(
            f"No labelled picture is inked by the masks of the set '{mask_set}'. "
            "Look at some of them before you go on."
        )
    split = plan_split(project, pictures, ctx, validation_share=validation_share, seed=split_seed)
    training = side_of(pictures, split.sides, Side.TRAINING)
    locked = project.store.validation.locked_images()
    free = tuple(picture for picture in training if picture.image_id not in locked)
    return Pool(project.classes, tuple(pictures), free, len(training) - len(free), split)
