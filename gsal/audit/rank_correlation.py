"""Rank correlation of two figures of the same pictures, its interval by resampling whole patients."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from gsal.arrays import FloatArray, IntArray
from gsal.resampling import percentile_interval, renumbered, resampled_weights

__all__ = ["LEAST_PICTURES", "RankCorrelation", "rank_correlation", "weighted_spearman"]

LEAST_PICTURES = 3
"""Two pictures are always in one order or the other."""

_NAN = float("nan")
_NO_REST = 1e-12


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """Spearman's rho with its 95 % interval, and Kendall's tau-b beside it; NaN where undefined.

    Attributes:
        n: Pictures.
        n_patients: Patients they are of.
        reason: Why something is undefined, else "".
        method: How the interval was made, in words.
    """

    spearman: float
    low: float
    high: float
    kendall: float
    n: int
    n_patients: int
    reason: str
    method: str = "percentile bootstrap of whole patients"


def _weighted_ranks(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Mid-ranks (b, n) of the values when each is there as often as its weight says."""
    order = np.argsort(values, kind="stable")
    starts = np.concatenate([[0], np.flatnonzero(np.diff(values[order])) + 1])
    groups = np.add.reduceat(weights[:, order], starts, axis=1)
    middles = np.cumsum(groups, axis=1) - (groups - 1) / 2
    ranks = np.empty(weights.shape)
    ranks[:, order] = np.repeat(middles, np.diff(np.append(starts, len(values))), axis=1)
    return ranks


def weighted_spearman(first: FloatArray, second: FloatArray, weights: FloatArray) -> FloatArray:
    """Return (b,) Spearman's rho, each picture taken as often as its weight says; NaN where one is constant.

    Args:
        first: (n,) figures of the pictures.
        second: (n,), others of the same pictures.
        weights: (b, n), whole numbers.

    >>> weighted_spearman(np.array([1.0, 2.0, 4.0]), np.array([0.0, 5.0, 6.0]), np.ones((1, 3)))
    array([1.])
    """
    totals = weights.sum(axis=1, keepdims=True)
    centred = []
    for values in (first, second):
        ranks = _weighted_ranks(values, weights)
        centred.append(ranks - (weights * ranks).sum(axis=1, keepdims=True) / totals)
    products, squares, others = (
        (weights * one * other).sum(axis=1)
        for one, other in ((centred[0], centred[1]), (centred[0], centred[0]), (centred[1], centred[1]))
    )
    norms = np.sqrt(squares * others)
    undefined = np.full(len(weights), np.nan)
    return np.asarray(np.divide(products, norms, out=undefined, where=norms > 0), dtype=np.float64)


def rank_correlation(
    first: FloatArray,
    second: FloatArray,
    codes: IntArray,
    *,
    rng: np.random.Generator,
    given: FloatArray | None = None,
    draws: int = 1000,
) -> RankCorrelation:
    """Return the rank correlation of (n,) figures without NaN, neither of which is constant.

    Args:
        first: Of the pictures.
        second: Others of the same pictures.
        codes: (n,) int64, the pictures' patients.
        rng: Draws the patients.
        given: (n,), what is held fixed: the partial correlation is returned then (Kendall 1942).
        draws: Of the bootstrap.
    """
    codes, patients = renumbered(codes)
    n = len(first)
    if n < LEAST_PICTURES + (given is not None):
        reason = f"fewer than {LEAST_PICTURES + (given is not None)} pictures"
        return RankCorrelation(_NAN, _NAN, _NAN, _NAN, n, patients, reason)
    rho = float(_spearman(first, second, given, np.ones((1, n)))[0])
    tau = _kendall(first, second, given)
    if np.isnan(rho):
        reason = "what is held fixed is constant, or says all of one of both"
        return RankCorrelation(rho, _NAN, _NAN, tau, n, patients, reason)
    low, high, reason = _NAN, _NAN, "fewer than two patients: no interval"
    if patients > 1:
        blocks = resampled_weights(patients, draws=draws, rng=rng)
        drawn = [_spearman(first, second, given, weights[:, codes]) for weights in blocks]
        low, high = percentile_interval(np.concatenate(drawn))
        reason = "" if np.isfinite(low) else "too few pictures differ for an interval"
    return RankCorrelation(rho, low, high, tau, n, patients, reason)


def _spearman(
    first: FloatArray, second: FloatArray, given: FloatArray | None, weights: FloatArray
) -> FloatArray:
    rho = weighted_spearman(first, second, weights)
    if given is None:
        return rho
    return _partial(rho, weighted_spearman(first, given, weights), weighted_spearman(second, given, weights))


def _kendall(first: FloatArray, second: FloatArray, given: FloatArray | None) -> float:
    tau = float(stats.kendalltau(first, second).statistic)
    if given is None or len(np.unique(given)) < 2:
        return tau if given is None else _NAN
    others = [np.array([stats.kendalltau(side, given).statistic]) for side in (first, second)]
    return float(_partial(np.array([tau]), *others)[0])


def _partial(both: FloatArray, first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the correlation of two with a third held fixed, from the three; NaN where it says all of one."""
    left = (1 - first**2) * (1 - second**2)
    undefined = np.full(left.shape, np.nan)
    # Of ranks that are the same, rounding leaves some 1e-16.
    np.divide(both - first * second, np.sqrt(np.maximum(left, 0)), out=undefined, where=left > _NO_REST)
    return undefined
