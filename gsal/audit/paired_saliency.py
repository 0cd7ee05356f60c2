"""Two models' ink saliency on the same pictures: how far its figures differ (SPEC 9 and 10).

All differences are first minus second, with patients as the unit of chance.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray
from gsal.audit.data import AuditData
from gsal.audit.estimate import Estimate, Figure, mean_estimate, resampled, undefined
from gsal.audit.global_saliency import scores
from gsal.audit.influence import auroc_and_influence, normalised_influence
from gsal.audit.paired import common_rows
from gsal.audit.response_draws import drawn_normalised
from gsal.audit.response_rate import normalised
from gsal.records import Aggregator
from gsal.resampling import renumbered, weighted_auroc

__all__ = [
    "ClassDifference",
    "PairedResponse",
    "mean_difference",
    "paired_classes",
    "paired_response",
    "response_difference",
]

BoolArray = npt.NDArray[np.bool_]
_NO_COMMON = "no inked picture in common"


@dataclass(frozen=True, slots=True)
class PairedResponse:
    """Differences in the normalised AURRAC and in the AUROC of saliency as a detector of wrong answers."""

    aurrac_normalised: Estimate
    failure_auroc: Estimate


@dataclass(frozen=True, slots=True)
class ClassDifference:
    """The difference in ink saliency over the pictures of one true class."""

    name: str
    difference: Estimate


def paired_response(
    first: AuditData,
    second: AuditData,
    aggregator: Aggregator,
    *,
    rng: np.random.Generator,
    draws: int = 1000,
) -> PairedResponse:
    """Compare how ink saliency tells right from wrong answers, over pictures inked and defined in both.

    Args:
        first: A model's pictures.
        second: Another model's.
        aggregator: MEAN for m, PEAK for n.
        rng: Draws the patients.
        draws: Of the bootstrap.

    Raises:
        ValueError: Different classes or methods, or a picture of two true classes.
    """
    rows, others = _explained_rows(first, second)
    saliency = first.aggregate(aggregator)[rows], second.aggregate(aggregator)[others]
    correct = first.correct[rows], second.correct[others]
    return response_difference(saliency, correct, first.codes[rows], rng=rng, draws=draws)


def response_difference(
    saliency: tuple[FloatArray, FloatArray],
    correct: tuple[BoolArray, BoolArray],
    codes: IntArray,
    *,
    rng: np.random.Generator,
    draws: int,
    none: str = _NO_COMMON,
) -> PairedResponse:
    """Return the differences of two curves of the same pictures.

    Args:
        saliency: (n,) float64 of each; pictures with a NaN in one are left out.
        correct: (n,) bool of each.
        codes: (n,) int64, the pictures' patients.
        rng: Draws the patients.
        draws: Of the bootstrap.
        none: The reason when there are no pictures.
    """
    kept = ~np.isnan(saliency[0]) & ~np.isnan(saliency[1])
    sides = [(values[kept], right[kept]) for values, right in zip(saliency, correct, strict=True)]
    codes, patients = renumbered(codes[kept])
    n = len(codes)
    alike = [bool(right.all()) or not right.any() for _, right in sides]
    if any(alike):
        reason = "all answers of one are right, or all wrong" if n else none
        nothing = undefined(reason, n=n, n_patients=patients)
        return PairedResponse(nothing, nothing)
    (first, right), (second, other_right) = sides
    area = Figure(
        normalised(first, right) - normalised(second, other_right),
        lambda weights: (
            drawn_normalised(first, right, weights) - drawn_normalised(second, other_right, weights)
        ),
        lambda: normalised_influence(first, right) - normalised_influence(second, other_right),
    )
    (found, moved), (other_found, other_moved) = (
        auroc_and_influence(values, ~answers) for values, answers in sides
    )
    failure = Figure(
        found - other_found,
        lambda weights: (
            weighted_auroc(first, ~right, weights) - weighted_auroc(second, ~other_right, weights)
        ),
        lambda: moved - other_moved,
    )
    return PairedResponse(*(resampled(one, codes, rng=rng, draws=draws) for one in (area, failure)))


def paired_classes(
    first: AuditData,
    second: AuditData,
    aggregator: Aggregator,
    *,
    rng: np.random.Generator,
    draws: int = 2000,
) -> tuple[ClassDifference, ...]:
    """Compare the mean ink saliency of each true class, over pictures inked and defined in both.

    z(m), each model's by its own pool, has a t interval clustered by patient; n a bootstrap of patients.

    Args:
        first: A model's pictures.
        second: Another model's, under the same method.
        aggregator: MEAN for z(m), PEAK for n.
        rng: Draws the patients; used for PEAK only.
        draws: Of the bootstrap.

    Raises:
        ValueError: Different classes or methods, or a picture of two true classes.
    """
    rows, others = _explained_rows(first, second)
    change = scores(first, aggregator)[rows] - scores(second, aggregator)[others]
    codes, true_class = first.codes[rows], first.true_class[rows]
    found = []
    for index, name in enumerate(first.classes):
        kept = (true_class == index) & ~np.isnan(change)
        difference = mean_difference(change[kept], codes[kept], aggregator=aggregator, rng=rng, draws=draws)
        found.append(ClassDifference(name, difference))
    return tuple(found)


def mean_difference(
    change: FloatArray,
    codes: IntArray,
    *,
    aggregator: Aggregator,
    rng: np.random.Generator,
    draws: int,
    none: str = _NO_COMMON,
) -> Estimate:
    """Return the mean of (n,) paired changes in z(m) or in n.

    Args:
        change: Without NaN.
        codes: (n,) int64, the pictures' patients.
        aggregator: MEAN for a t interval, PEAK for a bootstrap.
        rng: Draws the patients; used for PEAK only.
        draws: Of the bootstrap.
        none: The reason when there are no pictures.
    """
    found = mean_estimate(change, codes, none=none)
    if aggregator is Aggregator.MEAN or found.reason:
        return found

    def drawn(weights: FloatArray) -> FloatArray:
        return np.asarray(weights @ change / weights.sum(axis=1), dtype=np.float64)

    figure = Figure(found.estimate, drawn, lambda: change - found.estimate)
    return resampled(figure, codes, rng=rng, draws=draws)


def _explained_rows(first: AuditData, second: AuditData) -> tuple[IntArray, IntArray]:
    if first.method != second.method:
        raise ValueError(f"methods differ: {first.method} and {second.method}")
    return common_rows(first, second)
