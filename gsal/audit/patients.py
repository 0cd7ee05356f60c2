"""Patients as the unit of chance: cluster-robust standard errors, and resampling of whole patients."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from gsal.arrays import FloatArray, IntArray

__all__ = [
    "ClusterMean",
    "cluster_mean",
    "cluster_sums",
    "clusters",
    "percentile_interval",
    "resampled_weights",
]

_BLOCK_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class ClusterMean:
    """A mean, its standard error and its 95 % t interval with n_patients - 1 degrees of freedom."""

    mean: float
    se: float
    low: float
    high: float
    n: int
    n_patients: int


def clusters(patient: npt.NDArray[np.str_]) -> IntArray:
    """Number the patients 0, 1, ... in the order of their names; a picture with an empty id stands alone.

    >>> clusters(np.array(["p2", "p1", "p2", ""]))
    array([2, 1, 2, 0])
    """
    names = [name or f"\0{row}" for row, name in enumerate(patient.tolist())]
    return np.unique(np.array(names, dtype=np.str_), return_inverse=True)[1].astype(np.int64)


def cluster_sums(values: FloatArray, codes: IntArray) -> FloatArray:
    """Sum (n,) values by patient: (G,) float64, G the largest code plus 1."""
    return np.bincount(codes, weights=values).astype(np.float64)


def cluster_mean(values: FloatArray, codes: IntArray) -> ClusterMean:
    """Mean of (n,) values with the interval of SPEC 9, patients independent of each other.

    se^2 = G / (G - 1) sum_g (sum_{i in g} (v_i - mean))^2 / n^2; undefined with fewer than 2 patients.

    >>> cluster_mean(np.array([1.0, 3.0]), np.array([0, 1])).se
    1.0
    """
    codes = np.unique(codes, return_inverse=True)[1].astype(np.int64)
    n, patients = len(values), len(np.unique(codes))
    mean = float(values.mean()) if n else float("nan")
    if patients < 2:
        return ClusterMean(mean, float("nan"), float("nan"), float("nan"), n, patients)
    residuals = cluster_sums(values - mean, codes)
    se = float(np.sqrt(patients / (patients - 1) * np.sum(residuals**2)) / n)
    reach = float(stats.t.ppf(0.975, patients - 1)) * se
    return ClusterMean(mean, se, mean - reach, mean + reach, n, patients)


def resampled_weights(patients: int, *, draws: int, rng: np.random.Generator) -> Iterator[FloatArray]:
    """Yield blocks (b, G) float64 of how often each of G patients was drawn, `draws` rows in all.

    G are drawn with replacement; the stream is that of `rng.integers(G, size=(draws, G))`.
    """
    block = max(1, _BLOCK_CELLS // max(patients, 1))
    for start in range(0, draws, block):
        rows = min(block, draws - start)
        drawn = rng.integers(patients, size=(rows, patients)) + patients * np.arange(rows)[:, np.newaxis]
        yield np.bincount(drawn.ravel(), minlength=rows * patients).reshape(rows, patients).astype(np.float64)


def percentile_interval(values: npt.NDArray[np.floating]) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile of the defined values; NaN when under 95 % are defined."""
    defined = values[np.isfinite(values)]
    if not len(defined) or len(defined) < 0.95 * len(values):
        return float("nan"), float("nan")
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)
