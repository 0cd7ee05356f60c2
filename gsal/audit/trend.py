"""Whether accuracy falls as pictures with more ink saliency are let in: Kendall's tau, tested (SPEC 10)."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import stats

from gsal.arrays import FloatArray, IntArray
from gsal.audit.data import AuditData
from gsal.audit.patients import percentile_interval, renumbered
from gsal.audit.response_band import SHARES
from gsal.audit.saliency_groups import SaliencyGroups
from gsal.records import Aggregator

__all__ = ["MOST_THRESHOLDS", "Thresholds", "Trend", "trend", "trend_of"]

MOST_THRESHOLDS = 200
"""With more of them, P and interval are those of tau over k / N = .10, .11 ... 1."""

_NAN = float("nan")
_DECILES: FloatArray = np.arange(1, 11) / 10
_ROUNDING = 1e-9
_BOOTSTRAP = "percentile bootstrap of whole patients"
_SEVERAL = "P from the same draws, for pictures of one patient cannot be shuffled one by one"


class Thresholds(StrEnum):
    """At which thresholds accuracy is compared."""

    EVERY = "every distinct threshold"
    DECILES = "deciles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Kendall's tau-b of threshold and accuracy over nested subsets; NaN where undefined.

    Nested subsets share their pictures, so that tau is extreme without any effect: read it with its P.

    Attributes:
        tau: Over the thresholds.
        thresholds: How many.
        tested_tau: Over those that P and the interval are about: all, or of many the grid of shares.
        low, high: 95 % interval of `tested_tau`.
        paper_p: The textbook P of tau, as in the paper. It takes nested subsets for independent and rejects
            most nulls: shown, never used.
        marginal_p: Saliency shuffled over all pictures: does it go with the answers at all?
        within_class_p: Shuffled within each true class: beyond what classes explain?
        patient_p: With several pictures per patient in place of both, from the draws of the interval.
        n: Pictures with a defined saliency.
        n_patients: Patients they are of.
        permutations: Of each shuffle; two-sided, P is twice (1 + #) / (permutations + 1) of the nearer tail.
        draws: Of the bootstrap.
        reason: Why something is undefined, else "".
        method: How P and interval were made, in words.
    """

    n: int
    n_patients: int
    thresholds: int
    tau: float = _NAN
    tested_tau: float = _NAN
    low: float = _NAN
    high: float = _NAN
    paper_p: float = _NAN
    marginal_p: float = _NAN
    within_class_p: float = _NAN
    patient_p: float = _NAN
    permutations: int = 0
    draws: int = 0
    reason: str = ""
    method: str = ""


def _over(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Divide, 0 where there is nothing to divide by."""
    quotients = np.zeros(denominator.shape)
    np.divide(numerator, denominator, out=quotients, where=denominator > 0)
    return quotients


@dataclass(frozen=True, slots=True, eq=False)
class _Nested:
    """Pictures cut at T thresholds: how many are up to each (`ends`), and where each comes in (`cell`)."""

    ends: IntArray
    cell: IntArray
    right: npt.NDArray[np.bool_]

    def accuracy(self) -> FloatArray:
        """(1, T) at the thresholds."""
        hits = np.bincount(self.cell[self.right], minlength=len(self.ends))
        return np.asarray(np.cumsum(hits)[np.newaxis] / self.ends, dtype=np.float64)

    def shuffled(self, strata: IntArray, *, permutations: int, rng: np.random.Generator) -> FloatArray:
        """Return (permutations, T) accuracies when saliency is shuffled among the pictures of each stratum.

        Right answers then fall into the cells like balls drawn without replacement.
        """
        hits = np.zeros((permutations, len(self.ends)), dtype=np.int64)
        for stratum in np.unique(strata):
            rows = strata == stratum
            sizes = np.bincount(self.cell[rows], minlength=len(self.ends))
            drawn = int(self.right[rows].sum())
            hits += rng.multivariate_hypergeometric(sizes, drawn, size=permutations, method="marginals")
        return np.asarray(np.cumsum(hits, axis=1) / self.ends, dtype=np.float64)

    def resampled(self, codes: IntArray, *, draws: int, rng: np.random.Generator) -> FloatArray:
        """Return (draws, T) accuracies at the same saliencies, of whole patients drawn with replacement."""
        groups = SaliencyGroups(self.cell, self.right, codes, int(codes.max()) + 1, len(self.ends))
        blocks = groups.resampled(draws=draws, rng=rng)
        sums = [(np.cumsum(sizes, axis=1), np.cumsum(hits, axis=1)) for sizes, hits in blocks]
        ends, hits = (np.concatenate([pair[side] for pair in sums]) for side in (0, 1))
        return _over(hits, ends)


def _cut(values: FloatArray, right: npt.NDArray[np.bool_], shares: FloatArray | None) -> _Nested:
    """Cut at the distinct thresholds from k0 on, or at those of them that first reach each of the shares."""
    n = len(values)
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    all_ends = np.cumsum(sizes)
    ends = all_ends[all_ends >= (n + 9) // 10]
    if shares is not None:
        ends = np.unique(ends[np.searchsorted(ends, shares * n - _ROUNDING)])
    return _Nested(ends, np.searchsorted(ends, all_ends[group]).astype(np.int64), right)


def _taus(accuracy: FloatArray) -> FloatArray:
    """Return (b,) tau-b of each row of (b, T) accuracies with their places; 0 where all are the same."""
    columns = np.ascontiguousarray(accuracy.T)
    count = len(columns)
    rising, falling = np.zeros(len(accuracy)), np.zeros(len(accuracy))
    for lag in range(1, count):
        rising += (columns[lag:] > columns[:-lag]).sum(axis=0)
        falling += (columns[lag:] < columns[:-lag]).sum(axis=0)
    norm = np.sqrt((rising + falling) * (count * (count - 1) / 2))
    return _over(rising - falling, norm)


def _two_sided(drawn: FloatArray, observed: float) -> float:
    """Twice the nearer tail, the figure at hand counted among the draws."""
    nearer = min(int((drawn <= observed).sum()), int((drawn >= observed).sum()))
    return min(1.0, 2 * (1 + nearer) / (len(drawn) + 1))


def _undefined(nested: _Nested) -> str:
    right = nested.right
    if not len(right):
        return "no picture with a defined ink saliency"
    if right.all() or not right.any():
        return f"all answers are {'right' if right.all() else 'wrong'}"
    if len(nested.ends) < 2:
        return "there is only one threshold"
    return "accuracy is the same at every threshold" if len(np.unique(nested.accuracy())) < 2 else ""


def trend(
    saliency: npt.ArrayLike,
    correct: npt.ArrayLike,
    codes: IntArray,
    true_class: IntArray,
    *,
    rng: np.random.Generator,
    thresholds: Thresholds = Thresholds.EVERY,
    permutations: int = 1999,
    draws: int = 1000,
) -> Trend:
    """Return Kendall's tau-b of threshold and accuracy with its tests.

    Args:
        saliency: (n,) ink saliency; pictures with NaN are left out.
        correct: (n,) bool.
        codes: (n,) int64, the pictures' patients.
        true_class: (n,) int64.
        rng: Draws patients, then shuffles pictures.
        thresholds: At which accuracy is compared.
        permutations: Of each shuffle.
        draws: Of the bootstrap of patients.
    """
    values, answers = np.asarray(saliency, dtype=np.float64), np.asarray(correct, dtype=np.bool_)
    kept = ~np.isnan(values)
    values, right, strata = values[kept], answers[kept], true_class[kept]
    codes, patients = renumbered(codes[kept])
    every = _cut(values, right, None if thresholds is Thresholds.EVERY else _DECILES)
    n, count = len(values), len(every.ends)
    if reason := _undefined(every):
        return Trend(n=n, n_patients=patients, thresholds=count, reason=reason)
    paper = stats.kendalltau(every.ends, every.accuracy()[0])
    tested = every if count <= MOST_THRESHOLDS else _cut(values, right, SHARES)
    observed = float(_taus(tested.accuracy())[0])
    found = Trend(
        tau=float(paper.statistic),
        thresholds=count,
        tested_tau=observed,
        paper_p=float(paper.pvalue),
        n=n,
        n_patients=patients,
        reason="" if patients > 1 else "fewer than two patients: no interval and no test",
    )
    if patients < 2:
        return found
    drawn = _taus(tested.resampled(codes, draws=draws, rng=rng))
    low, high = percentile_interval(drawn)
    found = replace(found, low=low, high=high, draws=draws)
    if patients < n:
        return replace(found, patient_p=_two_sided(drawn, 0.0), method=f"{_BOOTSTRAP}; {_SEVERAL}")
    marginal, within = (
        _two_sided(_taus(tested.shuffled(groups, permutations=permutations, rng=rng)), observed)
        for groups in (np.zeros(n, dtype=np.int64), strata)
    )
    return replace(
        found, marginal_p=marginal, within_class_p=within, permutations=permutations,
        method=f"{_BOOTSTRAP}; P by shuffling saliency",
    )  # fmt: skip


def trend_of(
    data: AuditData,
    aggregator: Aggregator,
    *,
    rng: np.random.Generator,
    thresholds: Thresholds = Thresholds.EVERY,
    permutations: int = 1999,
    draws: int = 1000,
) -> Trend:
    """Return the trend over the inked pictures of an audit; the arguments are those of `trend`."""
    return trend(
        data.aggregate(aggregator),
        data.correct,
        data.codes,
        data.true_class,
        rng=rng,
        thresholds=thresholds,
        permutations=permutations,
        draws=draws,
    )
