"""Propose three rule-based ink masks for every picture."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from gsal.arrays import Mask, RgbImage
from gsal.errors import GsalError, ImageError
from gsal.images.geometry import resize_image, working_shape
from gsal.jobs.batches import batches, map_ahead
from gsal.jobs.job import from_settings
from gsal.jobs.masks.making import Unreadable, new_mask, read_picture
from gsal.masks.ink_rules import InkSettings, propose
from gsal.masks.pick import automatic_pick, disagreement
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, InkRule, JobStatus, MaskSet, MaskSource, NewMask

__all__ = ["Propose", "keep_proposals", "propose_small", "working_copy"]

WORKING_SIDE = 512
"""Rules work on pictures of at most this long side: their lengths are fractions of it."""

_BATCH = 24


@dataclass(frozen=True, slots=True)
class Propose:
    """Keeps the three masks, what a program would pick of them (marked so), and how they disagree.

    With other settings all pictures are proposed for anew, beside what was there: people's masks, and
    readings that began from an earlier proposal, stay as they are.

    Attributes:
        sensitivity, max_pen_width, ink_colour: See `gsal.masks.ink_rules.InkSettings`.
    """

    kind: ClassVar[str] = "propose"
    sensitivity: float = 1.0
    max_pen_width: float = 0.10
    ink_colour: tuple[int, int, int] | None = None

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Proposing ink masks"

    @classmethod
    def as_last(cls, project: Project) -> Self:
        """Return the job with the settings it was last run with in this project; the usual ones at first."""
        jobs = project.store.jobs.all()
        runs = [job for job in jobs if job.kind == cls.kind and job.status is not JobStatus.FAILED]
        return from_settings(cls, runs[-1].settings) if runs else cls()

    @property
    def settings(self) -> InkSettings:
        """Return what the rules work with.

        Raises:
            GsalError: No rule can work with it.
        """
        colour = self.ink_colour
        if not 0 < self.sensitivity < float("inf"):
            raise GsalError(f"The sensitivity must be above 0 (1 is usual); got {self.sensitivity:g}.")
        if not 0 < self.max_pen_width <= 1:
            raise GsalError(
                "The greatest width of a pen is a share of the picture's long side, above 0 and at most 1 "
                f"(0.1 is usual); got {self.max_pen_width:g}."
            )
        if colour is not None and [0 <= part <= 255 for part in colour] != [True] * 3:
            raise GsalError(f"The ink's colour must be red, green and blue from 0 to 255; got {colour}.")
        return InkSettings(self.sensitivity, self.max_pen_width, ink_colour=colour)

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Propose for pictures without masks of these settings; return counts and unreadable pictures."""
        settings = self.settings
        images = project.store.images.all()
        finished = _finished(project, settings)
        waiting = [image for image in images if image.id not in finished]
        results = ctx.track(
            map_ahead(lambda image: _propose_one(project, image, settings), waiting),
            "Proposing ink masks",
            total=len(images),
            done=len(images) - len(waiting),
        )
        problems: list[dict[str, str]] = []
        for batch in batches(results, _BATCH):
            problems += [{"file": r.path, "reason": r.reason} for r in batch if isinstance(r, Unreadable)]
            good = [r for r in batch if isinstance(r, _Proposed)]
            _keep(project, good)
        done = _finished(project, settings)
        return {"pictures": len(images), "proposed": len(done), "problems": problems}


def propose_small(picture: RgbImage, settings: InkSettings) -> dict[InkRule, Mask]:
    """Propose three masks at the size the rules work in.

    Args:
        picture: (H, W, 3) uint8, upright.
        settings: Of the rules.

    Returns:
        (h, w) bool for each rule, of the picture's shape but at most 512 pixels long.
    """
    return propose(working_copy(picture), settings=settings)


def working_copy(picture: RgbImage) -> RgbImage:
    """Return a picture at the size the rules work in: at most 512 pixels long."""
    height, width = working_shape(*picture.shape[:2], long_side=WORKING_SIDE)
    return resize_image(picture, height=height, width=width)


def keep_proposals(project: Project, image_id: int, proposals: dict[InkRule, Mask], job: Propose) -> None:
    """Keep one picture's proposals as the whole job would; it then leaves that picture out.

    Raises:
        ProjectError: The project cannot be written.
    """
    _keep(project, [_proposed(image_id, proposals, _as_json(job.settings))])


def _keep(project: Project, good: list["_Proposed"]) -> None:
    project.store.masks.add_many([mask for r in good for mask in r.masks])
    project.store.images.set_disagreements({r.image_id: r.disagreement for r in good})


def _finished(project: Project, settings: InkSettings) -> set[int]:
    """Return the pictures whose proposals have these settings; the usual ones where none were noted yet."""
    wanted, usual = _as_json(settings), _as_json(InkSettings())
    heads = project.store.masks.best(None, MaskSet.RULE)
    return {number for number, head in heads.items() if (head.settings or usual) == wanted}


def _as_json(settings: InkSettings) -> dict[str, Any]:
    colour = settings.ink_colour
    return {
        "sensitivity": settings.sensitivity,
        "max_pen_width": settings.max_pen_width,
        "ink_colour": None if colour is None else list(colour),
    }


@dataclass(frozen=True, slots=True)
class _Proposed:
    image_id: int
    masks: list[NewMask]
    disagreement: float


def _propose_one(project: Project, image: ImageRecord, settings: InkSettings) -> _Proposed | Unreadable:
    try:
        picture = read_picture(project, image)
    except ImageError as error:
        return Unreadable(image.path, error.reason)
    return _proposed(image.id, propose_small(picture, settings), _as_json(settings))


def _proposed(image_id: int, proposals: dict[InkRule, Mask], settings: dict[str, Any]) -> _Proposed:
    pick = automatic_pick(proposals)
    masks = [
        new_mask(image_id, mask, MaskSource.RULE, rule=str(rule), settings=settings)
        for rule, mask in proposals.items()
    ]
    masks.append(new_mask(image_id, pick, MaskSource.AUTOMATIC_PICK, settings=settings))
    return _Proposed(image_id, masks, disagreement(proposals))
