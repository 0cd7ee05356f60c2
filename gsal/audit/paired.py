"""Two models' answers on the same pictures: how far accuracy and AUROC differ (SPEC 9).

All differences are first minus second, with patients as the unit of chance. They speak about these two
trained models only: a claim about training data takes the training seed as unit (gsal.audit.seeds).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray
from gsal.audit.common import common_pictures
from gsal.audit.estimate import Estimate, Figure, resampled, undefined
from gsal.audit.influence import macro_and_influence
from gsal.audit.paired_shares import paired_difference
from gsal.audit.performance import Answered, Subset
from gsal.resampling import renumbered, weighted_auroc

__all__ = ["McNemar", "PairedPerformance", "common_rows", "paired_performance"]

BoolArray = npt.NDArray[np.bool_]
_NO_COMMON = "no picture in common"


@dataclass(frozen=True, slots=True)
class McNemar:
    """Pictures that one model alone is right on.

    Attributes:
        first_only, second_only: How many.
        p_value: Of their being equally many; 1 where there are none.
        method: Of the test.
    """

    first_only: int
    second_only: int
    p_value: float
    method: str = "McNemar's exact test, pictures taken as independent"


@dataclass(frozen=True, slots=True)
class PairedPerformance:
    """Differences in accuracy and in macro AUROC on one subset of the pictures that both have."""

    first: str
    second: str
    subset: Subset
    accuracy: Estimate
    auroc: Estimate
    mcnemar: McNemar


def common_rows(first: Answered, second: Answered) -> tuple[IntArray, IntArray]:
    """Return where the pictures that both have are in either, in the order of their numbers.

    Raises:
        ValueError: Different classes, or a picture of two true classes.
    """
    if first.classes != second.classes:
        raise ValueError(f"{first.model} and {second.model} have different classes")
    rows, others = common_pictures(first.image_ids, second.image_ids)
    differing = first.image_ids[rows][first.true_class[rows] != second.true_class[others]]
    if len(differing):
        raise ValueError(
            f"picture {differing[0]} has one true class with {first.model}, another with {second.model}"
        )
    return rows, others


def paired_performance(
    first: Answered, second: Answered, *, rng: np.random.Generator, draws: int = 1000
) -> tuple[PairedPerformance, ...]:
    """Compare accuracy and macro AUROC on all, inked and uninked pictures that both have.

    Args:
        first: A model's answers.
        second: Another's.
        rng: Draws the patients.
        draws: Of the bootstrap.

    Raises:
        ValueError: Different classes, or a picture of two true classes.
    """
    rows, others = common_rows(first, second)
    codes, true_class = first.codes[rows], first.true_class[rows]
    probabilities = first.probabilities[rows], second.probabilities[others]
    correct = first.correct[rows], second.correct[others]
    subsets = {
        Subset.ALL: np.ones(len(rows), np.bool_),
        Subset.INKED: first.inked[rows] & second.inked[others],
        Subset.UNINKED: first.uninked[rows] & second.uninked[others],
    }
    found = []
    for subset, kept in subsets.items():
        answers, inside = (correct[0][kept], correct[1][kept]), codes[kept]
        values = probabilities[0][kept], probabilities[1][kept]
        found.append(
            PairedPerformance(
                first=first.model,
                second=second.model,
                subset=subset,
                accuracy=paired_difference(*answers, inside, none=_NO_COMMON),
                auroc=_auroc_difference(*values, true_class[kept], inside, rng=rng, draws=draws),
                mcnemar=_mcnemar(*answers),
            )
        )
    return tuple(found)


def _mcnemar(first: BoolArray, second: BoolArray) -> McNemar:
    from statsmodels.stats.contingency_tables import mcnemar

    table = [[int((first & second).sum()), int((first & ~second).sum())]]
    table.append([int((second & ~first).sum()), int((~first & ~second).sum())])
    alone = table[0][1], table[1][0]
    return McNemar(*alone, float(mcnemar(table, exact=True).pvalue) if sum(alone) else 1.0)


def _auroc_difference(
    first: FloatArray,
    second: FloatArray,
    true_class: IntArray,
    codes: IntArray,
    *,
    rng: np.random.Generator,
    draws: int,
) -> Estimate:
    n, patients = len(true_class), renumbered(codes)[1]
    counts = np.bincount(true_class, minlength=first.shape[1])
    present = np.flatnonzero((counts > 0) & (counts < n)).tolist()
    if not present or np.isnan(first).any() or np.isnan(second).any():
        reason = "fewer than two classes have pictures" if n else _NO_COMMON
        return undefined("a probability is not known" if present else reason, n=n, n_patients=patients)

    def drawn(weights: FloatArray) -> FloatArray:
        total = np.zeros(len(weights))
        for index in present:
            inside = true_class == index
            total += weighted_auroc(first[:, index], inside, weights)
            total -= weighted_auroc(second[:, index], inside, weights)
        return total / len(present)

    (area, moved), (other_area, other_moved) = (
        macro_and_influence(side, true_class, present) for side in (first, second)
    )
    figure = Figure(area - other_area, drawn, lambda: moved - other_moved)
    return resampled(figure, codes, rng=rng, draws=draws)
