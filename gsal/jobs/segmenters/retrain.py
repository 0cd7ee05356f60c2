"""Train an ink network again after people's reviews, and say on unseen pictures what that brought."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from gsal.errors import GsalError, ModelError
from gsal.jobs.segmenters.compare import Judged, compare, judged_pictures
from gsal.jobs.segmenters.segment import Segment
from gsal.jobs.segmenters.train import TrainSegmenter
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, ModelKind, ModelRecord, ModelStatus, Side

__all__ = ["Masking", "RetrainSegmenter", "reviews_since"]

_NUMBERED = re.compile(r"(?P<line>.+)-\d+")


class Masking(StrEnum):
    """Whether the new network masks the project's pictures in the old one's place."""

    UNLESS_WORSE = "unless-worse"
    """It does, unless it was measured and its Dice is lower by an interval without zero."""
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class RetrainSegmenter:
    """Trains the next network of a line on today's masks, and compares it with the last one.

    Architecture, recipe, bound on pictures and seed are those of the last one. Its steps are jobs that go on
    where they stopped, so it goes on too.

    Attributes:
        model: Name of the line, or of any network in it: "bisenet" for bisenet, bisenet-2 ...
        masking: One of `Masking`.
    """

    kind: ClassVar[str] = "retrain segmenter"
    model: str = "bisenet"
    masking: str = Masking.UNLESS_WORSE

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Training {self.model} again"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Train, mask what both networks are judged on, compare, and mask the project with the better one.

        Returns:
            "old" and "model", the names; "before", "after" and "difference" by metric, empty where no picture
            can judge both; "pictures" and "judged_on", which those are; "reviews_since", pictures with a
            person's mask that the old one has not learned from; "is_masking", and "decision" in words.

        Raises:
            ModelError: No network of this line is ready.
            GsalError: There is no such masking.
        """
        if self.masking not in set(Masking):
            raise GsalError(f"There is no masking {self.masking}; choose {', '.join(Masking)}.")
        before, name = _next(project, self.model)
        reviews = reviews_since(project, before)
        if not reviews and project.store.models.find(name) is None:
            ctx.notice(
                f"No picture was reviewed since {before.name} was trained: {name} will learn the same."
            )
        trained = _training(before, name).run(ctx, project)
        after = project.store.models.get(name)
        judged = judged_pictures(project, (before, after))
        found: dict[str, Any] = {"before": {}, "after": {}, "difference": {}}
        if judged.images:
            _mask_judged(project, judged, (before, after), ctx)
            found = compare(project, judged, before, after, ctx)
        else:
            ctx.notice(
                "No picture of a patient that neither network has seen has a person's mask, so they are not "
                "compared. Choose a validation set in the review, read it and lock it."
            )
        is_masking, decision = self._decide(found["difference"].get("dice"), before, after)
        ctx.notice(decision)
        if is_masking:
            Segment(name).run(ctx, project)
        return {
            "old": before.name,
            "model": name,
            **found,
            "pictures": len(judged.images),
            "judged_on": judged.words,
            "reviews_since": reviews,
            "is_masking": is_masking,
            "decision": decision,
            "stopped_early": bool(trained.get("stopped_early", after.run_card.get("stopped_early"))),
        }

    def _decide(
        self, dice: dict[str, Any] | None, before: ModelRecord, after: ModelRecord
    ) -> tuple[bool, str]:
        """Return whether the new network is to mask the project, and why."""
        if self.masking == Masking.ALWAYS:
            return True, f"{after.name} masks the project from now on, as asked."
        if self.masking == Masking.NEVER:
            return False, f"{before.name} goes on masking the project, as asked."
        high = None if dice is None else dice["high"]
        if high is not None and high < 0:
            return False, f"{after.name} is worse than {before.name}, which goes on masking the project."
        return True, f"{after.name} is not worse by what is known, and masks the project from now on."


def reviews_since(project: Project, model: ModelRecord) -> int:
    """Return how many pictures have a person's mask that a network has not learned from, but could have."""
    card = model.run_card
    learned = {*card.get("training_masks", ()), *card.get("validation_masks", ())}
    kept_out = project.store.validation.locked_images()
    kept_out |= {image.id for image in project.store.images.all(side=Side.VALIDATION)}
    masks = project.store.masks
    people = masks.best(None, MaskSet.HUMAN) | masks.best(None, MaskSet.ADJUDICATED)
    return sum(mask.id not in learned and image_id not in kept_out for image_id, mask in people.items())


def _next(project: Project, model: str) -> tuple[ModelRecord, str]:
    """Return the newest ready network of a line, and the name of the one to train after it.

    One that was begun by this job, and that no finished job has compared yet, is gone on with; unless what it
    was learning from has been locked since.
    """
    locked = project.store.validation.locked_images()
    segmenters = {one.name: one for one in project.store.models.all(ModelKind.SEGMENTER)}
    numbered = _NUMBERED.fullmatch(model)
    line = numbered["line"] if numbered and numbered["line"] in segmenters else model
    members = [one for one in segmenters.values() if _is_of(line, one.name)]
    compared = {
        str(record.result["model"])
        for record in project.store.jobs.done(RetrainSegmenter.kind)
        if record.result is not None
    }
    for one in reversed(members):
        old = segmenters.get(one.run_card.get("follows", ""))
        is_lost = one.status is not ModelStatus.READY and not locked.isdisjoint(_images_of(one))
        if old is not None and one.name not in compared and not is_lost:
            return old, one.name
    ready = [one for one in members if one.status is ModelStatus.READY]
    if not ready:
        raise ModelError(
            f"There is no ready ink network named {model}. Train one with `gsal train segmenter`."
        )
    taken = {one.name for one in project.store.models.all()}
    number = 2
    while f"{line}-{number}" in taken:
        number += 1
    return ready[-1], f"{line}-{number}"


def _images_of(model: ModelRecord) -> set[int]:
    return {*model.run_card["training_images"], *model.run_card["validation_images"]}


def _is_of(line: str, name: str) -> bool:
    numbered = _NUMBERED.fullmatch(name)
    return name == line or (numbered is not None and numbered["line"] == line)


def _training(before: ModelRecord, name: str) -> TrainSegmenter:
    """Return the training of another network as the last one was trained, on the best masks there are now."""
    card = before.run_card
    recipe = card["recipe"]
    return TrainSegmenter(
        name,
        recipe=recipe["name"],
        mask_set=MaskSet.BEST,
        max_pictures=card.get("max_pictures", 0),
        seed=before.seed or 0,
        architecture=before.architecture,
        epochs=recipe["epochs"],
        loss=recipe["loss"],
        synthetic_ink=recipe.get("synthetic_ink"),
        follows=before.name,
    )


def _mask_judged(
    project: Project, judged: Judged, models: tuple[ModelRecord, ModelRecord], ctx: JobContext
) -> None:
    """Have both networks mask the pictures that judge them, beside the masks in use."""
    ids = tuple(image.id for image in judged.images)
    for model in models:
        Segment(model.name, image_ids=ids, is_trial=True).run(ctx, project)
