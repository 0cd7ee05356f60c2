"""What a job may have changed when it ends, so that a view knows whether to read again."""

from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType

from app.jobs.task import Task

__all__ = ["CHANGED_BY", "Part", "has_changed"]


class Part(Enum):
    """A part of a project that views show."""

    PICTURES = auto()
    MASKS = auto()
    COHORTS = auto()
    CLASSIFIERS = auto()
    ANSWERS = auto()
    SALIENCY = auto()
    FINDINGS = auto()
    EFFECTS = auto()
    SANITY = auto()
    READINGS = auto()
    """Who has still to read what without knowing what others found."""


CHANGED_BY: Mapping[Part, frozenset[str]] = MappingProxyType(
    {
        Part.PICTURES: frozenset({"import images"}),
        Part.MASKS: frozenset({"import masks", "propose", "segment", "retrain segmenter"}),
        Part.COHORTS: frozenset({"cohort create", "cohort folds"}),
        Part.CLASSIFIERS: frozenset({"train classifier", "import model"}),
        Part.ANSWERS: frozenset({"predict"}),
        Part.SALIENCY: frozenset({"saliency"}),
        Part.FINDINGS: frozenset({"audit"}),
        Part.EFFECTS: frozenset({"counterfactual"}),
        Part.SANITY: frozenset({"sanity"}),
        Part.READINGS: frozenset({"validation choose", "validation lock"}),
    }
)
"""The kinds of the jobs that change a part, also where they fail or are stopped: what they did stays."""


def has_changed(task: Task, *parts: Part) -> bool:
    """Whether a job that has ended may have changed one of these parts."""
    return any(task.job.kind in CHANGED_BY[part] for part in parts)
