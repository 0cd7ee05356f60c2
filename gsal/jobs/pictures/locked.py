"""The locked validation set, kept out of everything that learns (SPEC 4)."""

from collections.abc import Collection, Iterable

from gsal.errors import LockedError
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord

__all__ = ["left_out", "refuse_locked", "without_locked"]

_WHICH = "of the locked validation set, or of patients who have pictures in it"


def refuse_locked(project: Project, image_ids: Collection[int], *, learner: str, remedy: str) -> None:
    """Refuse to train on the locked validation set.

    Args:
        project: Whose.
        image_ids: All that would be learned from, or steer the learning.
        learner: What would learn, for the message.
        remedy: What to do, for the message.

    Raises:
        LockedError: A picture, or another picture of its patient, is in the locked set.
    """
    locked = project.store.validation.locked_images().intersection(image_ids)
    if locked:
        raise LockedError(
            f"{len(locked)} of the {len(image_ids)} pictures that {learner} would learn from are {_WHICH}. "
            f"No network learns from those: it could no longer be judged on them. {remedy}"
        )


def without_locked(project: Project, images: Iterable[ImageRecord], ctx: JobContext) -> list[ImageRecord]:
    """Return the pictures that may be learned from, and say how many may not."""
    locked = project.store.validation.locked_images()
    everything = list(images)
    free = [image for image in everything if image.id not in locked]
    if len(free) < len(everything):
        ctx.notice(left_out(len(everything) - len(free)))
    return free


def left_out(count: int) -> str:
    """Say that so many pictures are left out."""
    return f"{count} pictures {_WHICH} are left out."
