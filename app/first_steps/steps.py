"""The steps from photographs to a report, and which of them a project has behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum, auto
from types import MappingProxyType

from gsal.project import Project
from gsal.records import ModelKind, ModelStatus, QueueKind, QueueRequest

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
    def words(self) -> str:
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
            "Photographs",
            "Import photographs",
            "Photographs with their labels; they stay where they are.",
            "Library",
        ),
        Step.MASKS: (
            "Ink masks",
            "Propose ink masks",
            "Three rules find the ink of every picture, each in its own way.",
            "Library",
        ),
        Step.REVIEW: (
            "Review",
            "Review the masks",
            "A person picks the best mask of each picture, repaints it and accepts it.",
            "Review",
        ),
        Step.COHORT: (
            "Cohort",
            "Form a cohort",
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
            "Write the report",
            "How much of what the classifier looks at is ink, and what it costs.",
            "Audit",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a project is.

    Attributes:
        done: Steps behind it. A review that is not finished is none, however many pictures it has.
        pending: Pictures that nobody has reviewed yet.
        reviewed: Pictures that somebody has.
    """

    done: frozenset[Step]
    pending: int = 0
    reviewed: int = 0

    @property
    def next(self) -> Step | None:
        """What comes now; None when all is done.

        A review is gone past where a later step was taken: not every study has all its masks reviewed.

        >>> Standing(frozenset({Step.PICTURES, Step.MASKS})).next.words
        'Review the masks'
        >>> Standing(frozenset({Step.PICTURES, Step.MASKS, Step.COHORT})).next.words
        'Train a classifier'
        """
        is_past = any(step > Step.REVIEW for step in self.done)
        left = (step for step in Step if step not in self.done and not (is_past and step is Step.REVIEW))
        return next(left, None)


def read_standing(project: Project) -> Standing:
    """Read how far a project is; off the window's thread."""
    pending, total = project.store.queue.count(QueueRequest(QueueKind.REVIEW, reader_id=None))
    done = {step for step, is_done in _IS_DONE.items() if is_done(project)}
    if Step.CLASSIFIER in done:
        # One that was trained elsewhere needs no cohort.
        done.add(Step.COHORT)
    if total and not pending:
        done.add(Step.REVIEW)
    return Standing(frozenset(done), pending=pending, reviewed=total - pending)


def _has_classifier(project: Project) -> bool:
    return any(model.status is ModelStatus.READY for model in project.store.models.all(ModelKind.CLASSIFIER))


_IS_DONE: Mapping[Step, Callable[[Project], bool]] = MappingProxyType(
    {
        Step.PICTURES: lambda project: project.store.images.count() > 0,
        Step.MASKS: lambda project: project.store.masks.count() > 0,
        Step.COHORT: lambda project: bool(project.store.cohorts.all()),
        Step.CLASSIFIER: _has_classifier,
        Step.SALIENCY: lambda project: bool(project.store.jobs.done("saliency")),
        Step.REPORT: lambda project: bool(project.store.jobs.done("report")),
    }
)
