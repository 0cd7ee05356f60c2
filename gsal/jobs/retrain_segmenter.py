"""Train an ink network again after people's reviews, and say on unseen pictures what that brought."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, ModelRecord

__all__ = ["Masking", "RetrainSegmenter", "reviews_since"]

_NUMBERED = re.compile(r"(?P<line>.+)-(?P<number>\d+)")


class Masking(StrEnum):
    """Whether the new network masks the project's pictures in the old one's place."""

    UNLESS_WORSE = "unless worse"
    """It does, unless it was measured and is worse by an interval without zero."""
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class RetrainSegmenter:
    """Trains the next network of a line on today's masks, and compares it with the last one.

    Architecture, recipe, bound and seed are those of the last one. Its steps are jobs that go on where they
    stopped, so this one does.

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
        """Train, mask what both are judged on, compare, and mask the project with the better one."""
        raise NotImplementedError


def reviews_since(project: Project, model: ModelRecord) -> int:
    """Return how many pictures that may be learned from people have masked since a network was trained."""
    card = model.run_card
    learned = [*card.get("training_masks", ()), *card.get("validation_masks", ())]
    last = max(learned, default=0)
    locked = project.store.validation.locked_images()
    masks = project.store.masks
    people = masks.best(None, MaskSet.HUMAN) | masks.best(None, MaskSet.ADJUDICATED)
    return sum(mask.id > last and image_id not in locked for image_id, mask in people.items())
