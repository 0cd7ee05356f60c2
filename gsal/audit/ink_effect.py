"""What ink does to the classes a model calls: the same pictures with and without it, and what is observed.

Differences are shares from -1 to 1; times 100 they are percentage points.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import IntArray
from gsal.audit.counterfactual import ALL, Pairs
from gsal.audit.estimate import FEW_PATIENTS, Estimate, mean_estimate, undefined
from gsal.audit.paired_shares import paired_difference, two_group_difference
from gsal.audit.patients import cluster_share, renumbered
from gsal.audit.performance import Answered
from gsal.masks.proportions import Proportion
from gsal.records import Variant
from gsal.resampling import clusters

__all__ = ["ALL", "CalledRate", "ChangedShare", "InkEffect", "ink_effect", "observed_difference"]

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CalledRate:
    """How much more often pictures of a true class are called a class with ink than without.

    Attributes:
        called: The class that the model names.
        true_class: Of the pictures, or `ALL`.
        with_ink, without: Shares called so; NaN where there are no pictures.
        difference: With ink minus without.
    """

    called: str
    true_class: str
    with_ink: float
    without: float
    difference: Estimate


@dataclass(frozen=True, slots=True)
class ChangedShare:
    """Share of the decisions on pictures of a true class, or `ALL`, that are others without the ink."""

    true_class: str
    share: Proportion


@dataclass(frozen=True, slots=True)
class InkEffect:
    """What ink does to one model's decisions.

    Attributes:
        variant: Slug of the pictures that stand for the other side.
        changed: Overall, then by true class.
        called: Of each class called: overall, then by true class.
    """

    model: str
    variant: str
    changed: tuple[ChangedShare, ...]
    called: tuple[CalledRate, ...]


def ink_effect(pairs: Pairs) -> InkEffect:
    """Compare the classes called with ink and without, paired by picture.

    The pictures as they are have the ink; where ink was pasted in, the variant has it.
    """
    now = np.asarray(pairs.after.argmax(axis=1), dtype=np.int64)
    sides = (now, pairs.predicted) if pairs.variant is Variant.PASTED else (pairs.predicted, now)
    codes = clusters(pairs.patient)
    groups = _groups(pairs.true_class, pairs.classes)
    return InkEffect(
        model=pairs.model,
        variant=str(pairs.variant),
        changed=tuple(
            ChangedShare(name, cluster_share(pairs.flipped[rows], codes[rows]))
            for name, rows in groups.items()
        ),
        called=tuple(
            _called(called, name, sides[0][rows] == index, sides[1][rows] == index, codes[rows])
            for index, called in enumerate(pairs.classes)
            for name, rows in groups.items()
        ),
    )


def _groups(true_class: IntArray, classes: tuple[str, ...]) -> dict[str, BoolArray]:
    by_class = {name: true_class == index for index, name in enumerate(classes)}
    return {ALL: np.ones(len(true_class), np.bool_), **by_class}


def _called(called: str, name: str, ink: BoolArray, without: BoolArray, codes: IntArray) -> CalledRate:
    difference = paired_difference(ink, without, codes, none="no picture has this variant")
    return CalledRate(called, name, _share(ink), _share(without), difference)


def _share(cases: BoolArray) -> float:
    return float(cases.mean()) if len(cases) else float("nan")


def observed_difference(answers: Answered) -> tuple[CalledRate, ...]:
    """Compare how often inked and uninked pictures of one true class are called each class, as observed.

    Pictures with ink may differ from those without in more than the ink: `ink_effect` tells what ink does.
    Over `ALL`, shares within true classes are averaged with the weights of Mantel and Haenszel (1959).

    Args:
        answers: On pictures with and without ink; those of which neither is known are left out.

    Returns:
        Of each class called: within all true classes together, then within each.
    """
    known = np.asarray(answers.inked | answers.uninked, dtype=np.bool_)
    inked, true_class = answers.inked[known], answers.true_class[known]
    predicted, codes = answers.predicted[known], answers.codes[known]
    found = []
    for index, called in enumerate(answers.classes):
        cases = predicted == index
        found.append(_within(called, cases, inked, true_class, codes))
        for number, name in enumerate(answers.classes):
            rows = true_class == number
            here, inside = cases[rows], inked[rows]
            difference = two_group_difference(here, inside, codes[rows], names=("with ink", "without ink"))
            found.append(CalledRate(called, name, _share(here[inside]), _share(here[~inside]), difference))
    return tuple(found)


def _within(
    called: str, cases: BoolArray, inked: BoolArray, true_class: IntArray, codes: IntArray
) -> CalledRate:
    """Average over true classes, weighted by n1 n0 / (n1 + n0); a t interval by patient."""
    classes = int(true_class.max(initial=0)) + 1
    sizes = np.array([np.bincount(true_class[rows], minlength=classes) for rows in (inked, ~inked)])
    hits = np.array([np.bincount(true_class[rows & cases], minlength=classes) for rows in (inked, ~inked)])
    weight = sizes[0] * sizes[1] / np.maximum(sizes.sum(axis=0), 1)
    kept = weight[true_class] > 0
    n, patients = int(kept.sum()), renumbered(codes[kept])[1]
    if not n:
        nothing = undefined("no true class has pictures with ink and without")
        return CalledRate(called, ALL, float("nan"), float("nan"), nothing)
    weight = weight / weight.sum()
    shares = hits / np.maximum(sizes, 1)
    with_ink, without = (float(weight @ side) for side in shares)
    if patients < 2:
        nothing = undefined(FEW_PATIENTS, n=n, n_patients=patients, value=with_ink - without)
        return CalledRate(called, ALL, with_ink, without, nothing)
    side = np.where(inked, 0, 1)
    signed = np.where(inked, 1, -1) * (cases - shares[side, true_class])
    influence = n * signed * weight[true_class] / np.maximum(sizes[side, true_class], 1)
    difference = mean_estimate(with_ink - without + influence[kept], codes[kept])
    return CalledRate(called, ALL, with_ink, without, difference)
