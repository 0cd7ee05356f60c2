"""How strongly ink goes with the class: chi-square, Cramer's V, odds ratios, each with its interval."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import exp, log, nan, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

from gsal.arrays import FloatArray, IntArray
from gsal.cohorts.co_occurrence import CoOccurrence, cramers_v
from gsal.masks.proportions import Proportion, wilson

__all__ = ["Association", "ChiSquare", "Estimate", "associate", "chi_square", "odds_ratio", "v_interval"]

_LEAST_EXPECTED = 5.0
_RANDOM_TABLES = 9_999
_SEED = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval.

    Attributes:
        low, high: NaN where the estimate is.
        n: Pictures it rests on.
        method: Of the interval, and what was done where a count is 0.
    """

    estimate: float
    low: float
    high: float
    n: int
    method: str


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """Pearson's test that class and ink are independent, without continuity correction.

    Attributes:
        statistic: NaN where undefined: fewer than two classes have pictures, or all are inked, or none is.
        dof: Classes with pictures, less 1.
        p: Of a larger statistic if ink had nothing to do with class.
        least_expected: The smallest expected count.
        n: Pictures.
        method: Where p comes from.
    """

    statistic: float
    dof: int
    p: float
    least_expected: float
    n: int
    method: str


@dataclass(frozen=True, slots=True)
class Association:
    """Ink against class in a set of pictures. All figures take pictures as independent of each other.

    Attributes:
        ink_rates: P(ink | class) of every class.
        odds_ratios: Of ink, a class against all others; above 1 it is inked more often than they are.
    """

    chi_square: ChiSquare
    cramers_v: Estimate
    ink_rates: dict[str, Proportion]
    odds_ratios: dict[str, Estimate]

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain data; what is undefined is NaN."""
        return asdict(self)


def associate(table: CoOccurrence) -> Association:
    """Return how strongly ink goes with the class in a table."""
    inked = [table.inked_by_class[name] for name in table.classes]
    uninked = [table.n_by_class[name] - table.inked_by_class[name] for name in table.classes]
    test = chi_square(inked, uninked)
    return Association(
        chi_square=test,
        cramers_v=v_interval(cramers_v(inked, uninked), test),
        ink_rates={
            name: wilson(table.inked_by_class[name], table.n_by_class[name]) for name in table.classes
        },
        odds_ratios={
            name: odds_ratio(a, b, sum(inked) - a, sum(uninked) - b)
            for name, a, b in zip(table.classes, inked, uninked, strict=True)
        },
    )


def chi_square(inked: Sequence[int], uninked: Sequence[int]) -> ChiSquare:
    """Test that class and ink are independent.

    Where an expected count is below 5, p is the share of 9,999 random tables with the same margins whose
    statistic is as large, the one at hand counted among them: the approximation is poor there.

    Args:
        inked: Inked pictures per class.
        uninked: Uninked pictures per class, in the same order.
    """
    counts = np.array([inked, uninked], dtype=np.int64)
    counts = counts[:, counts.sum(axis=0) > 0]
    n, dof = int(counts.sum()), max(0, counts.shape[1] - 1)
    if dof == 0 or (counts.sum(axis=1) == 0).any():
        return ChiSquare(nan, dof, nan, nan, n, "undefined: nothing varies")
    # scipy.stats is slow to import, and a review needs none of it.
    from scipy.stats import chi2

    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    statistic = float(_statistics(counts, expected))
    least = float(expected.min())
    if least < _LEAST_EXPECTED:
        method = f"chi-square, p from {_RANDOM_TABLES:,} random tables of the same margins"
        return ChiSquare(statistic, dof, _random_p(counts, expected, statistic), least, n, method)
    return ChiSquare(statistic, dof, float(chi2.sf(statistic, dof)), least, n, "chi-square")


def v_interval(v: float, test: ChiSquare, *, level: float = 0.95) -> Estimate:
    """Give Cramer's V the interval that inverts the noncentral chi-square distribution.

    Each end is sqrt(lambda / n), lambda the noncentrality under which a statistic as large (for the upper
    end: as small) has probability (1 - level) / 2 (Smithson, Confidence Intervals, 2003; one of the two
    margins has two entries). An association that chance explains has a low end of 0. Counts more even than
    chance makes them would give an upper end of 0 as well: there it is that of counts as even as by chance.
    Of strong associations the interval is wider than it need be.
    """
    method = f"noncentral chi-square {100 * level:g} %"
    if np.isnan(v):
        return Estimate(nan, nan, nan, test.n, method)
    tail = (1 - level) / 2
    least = _noncentrality(test.statistic, test.dof, 1 - tail)
    most = _noncentrality(max(test.statistic, float(test.dof)), test.dof, tail)
    return Estimate(v, sqrt(least / test.n), min(1.0, sqrt(most / test.n)), test.n, method)


def odds_ratio(
    inked: int, uninked: int, others_inked: int, others_uninked: int, *, level: float = 0.95
) -> Estimate:
    """Return the odds of ink in a class over those in the others, with Woolf's logit interval.

    Where one of the four counts is 0, 1/2 is added to each (Haldane 1956, Anscombe 1956).

    >>> ratio = odds_ratio(20, 10, 10, 20)
    >>> ratio.estimate, round(ratio.low, 3), round(ratio.high, 3)
    (4.0, 1.367, 11.703)
    """
    counts = (inked, uninked, others_inked, others_uninked)
    method = f"Woolf {100 * level:g} %"
    margins = (inked + uninked, others_inked + others_uninked, inked + others_inked, uninked + others_uninked)
    if 0 in margins:
        return Estimate(nan, nan, nan, sum(counts), method)
    added = 0.5 if 0 in counts else 0.0
    if added:
        method += ", 1/2 added to each count as one is 0 (Haldane-Anscombe)"
    a, b, c, d = (count + added for count in counts)
    reach = NormalDist().inv_cdf((1 + level) / 2) * sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    ratio = a * d / (b * c)
    return Estimate(ratio, exp(log(ratio) - reach), exp(log(ratio) + reach), sum(counts), method)


def _statistics(counts: IntArray | FloatArray, expected: FloatArray) -> FloatArray:
    """Return Pearson's statistic of each (..., 2, classes) table."""
    return np.asarray(((counts - expected) ** 2 / expected).sum(axis=(-2, -1)))


def _random_p(counts: IntArray, expected: FloatArray, statistic: float) -> float:
    from scipy.stats import random_table

    law = random_table(counts.sum(axis=1), counts.sum(axis=0), seed=np.random.default_rng(_SEED))
    drawn = _statistics(law.rvs(_RANDOM_TABLES), expected)
    # Sums of the same terms in another order differ in their last digits.
    as_large = int((drawn >= statistic * (1 - 1e-9)).sum())
    return (as_large + 1) / (_RANDOM_TABLES + 1)


def _noncentrality(statistic: float, dof: int, probability: float) -> float:
    """Return the noncentrality at which a statistic no larger has this probability; 0 where none has."""
    from scipy.optimize import brentq
    from scipy.stats import chi2, ncx2

    def excess(noncentrality: float) -> float:
        return float(ncx2.cdf(statistic, dof, noncentrality)) - probability

    if chi2.cdf(statistic, dof) <= probability:
        return 0.0
    most = statistic + 1.0
    while excess(most) > 0:
        most *= 2
    return float(brentq(excess, 1e-12, most))
