"""The steps from photographs to a report, and which of them a project has behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, auto
from types import MappingProxyType

from gsal.project import Project
from gsal.records import ModelKind, ModelStatus

__all__ = ["Standing", "Step", "read_standing"]


class Step(IntEnum):
    """What is done in a project, in its order."""

    PICTURES = auto()
    MASKS = auto()
    REVIEW = auto()
    COHORT = auto()
    CLASSIFIER = auto()
    SALIENCY = auto()
    REPORT = auto()

    @property
    def title(self) -> str:
        """A word or two."""
        return _TEXTS[self][0]

    @property
    def task(self) -> str:
        """What the user is asked to do."""
        return _TEXTS[self][1]

    @property
    def why(self) -> str:
        """What is behind it, in a sentence."""
        return _TEXTS[self][2]

    @property
    def page(self) -> str:
        """Name of the window's page where it is done."""
        return _TEXTS[self][3]


_TEXTS: Mapping[Step, tuple[str, str, str, str]] = MappingProxyType(
    {
        Step.PICTURES: (
            "Pictures",
            "Import pictures",
            "Photographs with their labels; they stay where they are.",
            "Library",
        ),
        Step.MASKS: (
            "Ink masks",
            "Propose masks",
            "Three rules find the ink of every picture, each in its own way.",
            "Library",
        ),
        Step.REVIEW: (
            "Review",
            "Review masks",
            "A person picks the best mask, repaints and accepts it. Cohorts need not wait for all.",
            "Review",
        ),
        Step.COHORT: (
            "Cohort",
            "Create a cohort",
            "The choice of pictures that a classifier is trained on.",
            "Training",
        ),
        Step.CLASSIFIER: (
            "Classifier",
            "Train a classifier",
            "The network that is audited: trained here, or your own.",
            "Training",
        ),
        Step.SALIENCY: (
            "Saliency",
            "Compute saliency",
            "Where the classifier looks, over all validation pictures.",
            "Audit",
        ),
        Step.REPORT: (
            "Report",
            "Audit and report",
            "How much of what the classifier looks at is ink, and what it costs.",
            "Audit",
        ),
    }
)


_MAY_BE_LEFT = frozenset({Step.MASKS, Step.REVIEW})
"""Steps that a study may go on without having finished."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a project is.

    Attributes:
        done: Steps behind it; masks and review only once no picture lacks them.
        reviewed: Pictures that somebody has reviewed.
        to_review: Pictures there are to review, those included.
    """

    done: frozenset[Step]
    reviewed: int = 0
    to_review: int = 0

    @property
    def next(self) -> Step | None:
        """What comes now; None when all is done. Masks and review are gone past where training began."""
        is_past = any(step > Step.REVIEW for step in self.done)
        left = (step for step in Step if step not in self.done and not (is_past and step in _MAY_BE_LEFT))
        return next(left, None)


def read_standing(project: Project) -> Standing:
    """Read how far a project is; off the window's thread."""
    store = project.store
    reviewed, to_review = store.queue.reviewed()
    jobs = store.jobs.kinds_done()
    has_pictures = store.images.count() > 0
    classifiers = store.models.all(ModelKind.CLASSIFIER)
    facts = {
        Step.PICTURES: has_pictures,
        Step.MASKS: has_pictures and store.masks.missing() == 0,
        # Where everything is in the validation set there is nothing to review.
        Step.REVIEW: has_pictures and reviewed == to_review,
        Step.COHORT: bool(store.cohorts.all()),
        Step.CLASSIFIER: any(model.status is ModelStatus.READY for model in classifiers),
        Step.SALIENCY: "saliency" in jobs,
        Step.REPORT: "report" in jobs,
    }
    return Standing(frozenset(step for step, is_done in facts.items() if is_done), reviewed, to_review)
