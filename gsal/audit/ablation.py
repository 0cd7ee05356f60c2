"""What becomes of answers when the ink, or all but the ink, is taken away (SPEC 9 and 11)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from gsal.arrays import IntArray
from gsal.audit.answers import Answers
from gsal.masks.proportions import Proportion, wilson

__all__ = ["AboveChance", "Change", "above_chance", "changed", "rejection_class"]

_REJECTION = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """Answers on pictures beside those on a variant of the same pictures.

    Attributes:
        variant: Slug.
        n: Pictures.
        unchanged: Share that is given the same class as before.
        turned_to: The rejection class, or without one the class that most pictures turned to; "" where none
            did.
        turned: Of the pictures that were not given this class before, the share that now is.
    """

    variant: str
    n: int
    unchanged: Proportion
    turned_to: str
    turned: Proportion


@dataclass(frozen=True, slots=True)
class AboveChance:
    """Accuracy against always naming the largest class.

    Attributes:
        accuracy: With its interval.
        largest_class: Most pictures are of this one.
        chance: Their share, taken as known.
        p_value: One-sided: of so many right answers or more, were each right with that probability.
        method: Of the test.
    """

    accuracy: Proportion
    largest_class: str
    chance: float
    p_value: float
    method: str = "exact binomial test, one-sided"


def rejection_class(classes: Sequence[str]) -> int | None:
    """Return the index of the class for pictures of none of the others, by its name; None without one.

    >>> rejection_class(("MEL", "NV", "Other")), rejection_class(("MEL", "NV"))
    (2, None)
    """
    return next((index for index, name in enumerate(classes) if name.casefold() == _REJECTION), None)


def changed(before: Answers, after: Answers, *, variant: str) -> Change:
    """Compare the answers on a variant with those on the same pictures as they are.

    Args:
        before: On all pictures.
        after: On some of them.
        variant: What was done to them.

    Raises:
        ValueError: A picture of `after` is not in `before`.
    """
    was, now = before.predicted[_places(before.image_ids, after.image_ids)], after.predicted
    same = int((was == now).sum())
    goal = rejection_class(before.classes)
    if goal is None:
        turns = np.bincount(now[was != now], minlength=len(before.classes))
        goal = int(turns.argmax()) if turns.any() else None
    if goal is None:
        return Change(variant, after.n, wilson(same, after.n), "", wilson(0, 0))
    free = was != goal
    turned = wilson(int((free & (now == goal)).sum()), int(free.sum()))
    return Change(variant, after.n, wilson(same, after.n), before.classes[goal], turned)


def above_chance(answers: Answers) -> AboveChance:
    """Test whether more answers are right than naming the largest class would give (paper: 28 %, no better).

    Whoever shares patients among pictures has fewer independent ones than the test takes them for.
    """
    counts = np.bincount(answers.true_class, minlength=len(answers.classes))
    right, n = int(answers.correct.sum()), answers.n
    if not n:
        return AboveChance(wilson(0, 0), "", float("nan"), float("nan"))
    chance = float(counts.max() / n)
    p_value = float(stats.binomtest(right, n, chance, alternative="greater").pvalue)
    return AboveChance(wilson(right, n), answers.classes[int(counts.argmax())], chance, p_value)


def _places(of: IntArray, wanted: IntArray) -> IntArray:
    """Return where each of the wanted numbers is."""
    order = np.argsort(of)
    at = np.searchsorted(of, wanted, sorter=order).clip(max=max(len(of) - 1, 0))
    places = order[at] if len(of) else np.zeros(0, np.int64)
    if len(places) != len(wanted) or (of[places] != wanted).any():
        raise ValueError("a picture of the variant was not predicted as it is")
    return np.asarray(places, dtype=np.int64)
