"""Rank correlation of two figures of the same pictures, its interval by resampling whole patients."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from gsal.arrays import FloatArray, IntArray
from gsal.resampling import percentile_interval, resampled_weights

__all__ = ["LEAST_PICTURES", "RankCorrelation", "rank_correlation", "weighted_spearman"]

LEAST_PICTURES = 3
"""Two pictures are always in one order or the other."""

_NAN = float("nan")


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
    first: FloatArray, second: FloatArray, codes: IntArray, *, rng: np.random.Generator, draws: int = 1000
) -> RankCorrelation:
    """Return the rank correlation of (n,) figures without NaN, neither of which is constant.

    Args:
        first: Of the pictures.
        second: Others of the same pictures.
        codes: (n,) int64, the pictures' patients.
        rng: Draws the patients.
        draws: Of the bootstrap.
    """
    codes = np.unique(codes, return_inverse=True)[1].astype(np.int64)
    n, patients = len(first), len(np.unique(codes))
    if n < LEAST_PICTURES:
        reason = f"fewer than {LEAST_PICTURES} pictures"
        return RankCorrelation(_NAN, _NAN, _NAN, _NAN, n, patients, reason)
    rho = float(weighted_spearman(first, second, np.ones((1, n)))[0])
    tau = float(stats.kendalltau(first, second).statistic)
    low, high, reason = _NAN, _NAN, "fewer than two patients: no interval"
    if patients > 1:
        blocks = resampled_weights(patients, draws=draws, rng=rng)
        drawn = [weighted_spearman(first, second, weights[:, codes]) for weights in blocks]
        low, high = percentile_interval(np.concatenate(drawn))
        reason = "" if np.isfinite(low) else "too few pictures differ for an interval"
    return RankCorrelation(rho, low, high, tau, n, patients, reason)
