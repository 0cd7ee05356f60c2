"""How far a project is on its way to a report."""

from dataclasses import dataclass

from app.first_steps.steps import Step
from gsal.project import Project
from gsal.records import ModelKind, ModelStatus

__all__ = ["Standing", "read_standing"]

_BEFORE_TRAINING = frozenset({Step.PICTURES, Step.MASKS, Step.REVIEW})
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
        behind = self.done if self.done <= _BEFORE_TRAINING else self.done | _MAY_BE_LEFT
        return next((step for step in Step if step not in behind), None)


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
