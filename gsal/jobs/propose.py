"""Propose three rule-based ink masks for every picture."""

from dataclasses import dataclass
from typing import Any, ClassVar

from gsal.errors import ImageError
from gsal.images.geometry import resize_image, working_shape
from gsal.jobs.batches import batches, map_ahead
from gsal.jobs.mask_making import new_mask, read_picture
from gsal.masks.ink_rules import propose
from gsal.masks.pick import automatic_pick, disagreement
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskSource, NewMask

__all__ = ["Propose"]

WORKING_SIDE = 512
"""Rules work on pictures of at most this long side: their lengths are fractions of it."""

_BATCH = 24


@dataclass(frozen=True, slots=True)
class Propose:
    """Keeps the three masks, what a program would pick of them (marked so), and how they disagree."""

    kind: ClassVar[str] = "propose"

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Proposing ink masks"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Propose masks for the pictures that have none yet; return counts and unreadable pictures."""
        images = project.store.images.all()
        finished = project.store.masks.proposed()
        waiting = [image for image in images if image.id not in finished]
        results = ctx.track(
            map_ahead(lambda image: _propose_one(project, image), waiting),
            "Proposing ink masks",
            total=len(images),
            done=len(images) - len(waiting),
        )
        problems: list[dict[str, str]] = []
        for batch in batches(results, _BATCH):
            problems += [{"file": r.path, "reason": r.reason} for r in batch if isinstance(r, _Unreadable)]
            good = [r for r in batch if isinstance(r, _Proposed)]
            project.store.masks.add_many([mask for r in good for mask in r.masks])
            project.store.images.set_disagreements({r.image_id: r.disagreement for r in good})
        heads = project.store.masks.proposed()
        return {"pictures": len(images), "proposed": len(heads), "problems": problems}


@dataclass(frozen=True, slots=True)
class _Proposed:
    image_id: int
    masks: list[NewMask]
    disagreement: float


@dataclass(frozen=True, slots=True)
class _Unreadable:
    path: str
    reason: str


def _propose_one(project: Project, image: ImageRecord) -> _Proposed | _Unreadable:
    try:
        picture = read_picture(project, image)
    except ImageError as error:
        return _Unreadable(image.path, error.reason)
    height, width = working_shape(*picture.shape[:2], long_side=WORKING_SIDE)
    proposals = propose(resize_image(picture, height=height, width=width))
    pick = automatic_pick(proposals)
    masks = [new_mask(image.id, mask, MaskSource.RULE, rule=str(r)) for r, mask in proposals.items()]
    masks.append(new_mask(image.id, pick, MaskSource.AUTOMATIC_PICK))
    return _Proposed(image.id, masks, disagreement(proposals))
