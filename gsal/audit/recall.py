"""How much of each class a classifier finds, with and without ink."""

from dataclasses import dataclass

import numpy as np

from gsal.audit.answers import Answers
from gsal.audit.performance import Subset
from gsal.masks.proportions import Proportion, wilson

__all__ = ["LEAST_PICTURES", "ClassRecall", "recall_by_ink"]

LEAST_PICTURES = 10
"""Of a class, inked or uninked; a share of fewer says nothing."""


@dataclass(frozen=True, slots=True)
class ClassRecall:
    """The share of a class's pictures that are given this class, on a subset.

    Attributes:
        recall: With Wilson's interval; its n is the pictures of the class.
        is_assessable: Whether there are enough pictures to say anything.
    """

    name: str
    subset: Subset
    recall: Proportion
    is_assessable: bool


def recall_by_ink(answers: Answers) -> tuple[ClassRecall, ...]:
    """Return the recall of each class on all, inked and uninked pictures, class by class."""
    everything = np.ones(answers.n, dtype=np.bool_)
    subsets = {Subset.ALL: everything, Subset.INKED: answers.inked, Subset.UNINKED: answers.uninked}
    found = []
    for index, name in enumerate(answers.classes):
        own = answers.true_class == index
        for subset, rows in subsets.items():
            n = int((own & rows).sum())
            share = wilson(int((own & rows & answers.correct).sum()), n)
            found.append(ClassRecall(name, subset, share, n >= LEAST_PICTURES))
    return tuple(found)
