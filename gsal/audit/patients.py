"""Patients as the unit of chance: cluster-robust means and shares, and resampling of whole patients."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from gsal.arrays import FloatArray, IntArray
from gsal.masks.proportions import Proportion, score_interval, wilson
from gsal.resampling import clusters, percentile_interval, renumbered, resampled_weights

__all__ = [
    "ClusterMean",
    "cluster_mean",
    "cluster_share",
    "cluster_sums",
    "clusters",
    "percentile_interval",
    "renumbered",
    "resampled_weights",
]


@dataclass(frozen=True, slots=True)
class ClusterMean:
    """A mean, its standard error and its 95 % t interval with n_patients - 1 degrees of freedom."""

    mean: float
    se: float
    low: float
    high: float
    n: int
    n_patients: int


def cluster_sums(values: FloatArray, codes: IntArray) -> FloatArray:
    """Sum (n,) values by patient: (G,) float64, G the largest code plus 1."""
    return np.bincount(codes, weights=values).astype(np.float64)


def cluster_mean(values: FloatArray, codes: IntArray) -> ClusterMean:
    """Mean of (n,) values with the interval of SPEC 9, patients independent of each other.

    se^2 = G / (G - 1) sum_g (sum_{i in g} (v_i - mean))^2 / n^2; undefined with fewer than 2 patients.

    >>> cluster_mean(np.array([1.0, 3.0]), np.array([0, 1])).se
    1.0
    """
    codes, patients = renumbered(codes)
    n = len(values)
    mean = float(values.mean()) if n else float("nan")
    if patients < 2:
        return ClusterMean(mean, float("nan"), float("nan"), float("nan"), n, patients)
    residuals = cluster_sums(values - mean, codes)
    se = float(np.sqrt(patients / (patients - 1) * np.sum(residuals**2)) / n)
    reach = float(stats.t.ppf(0.975, patients - 1)) * se
    return ClusterMean(mean, se, mean - reach, mean + reach, n, patients)


def cluster_share(cases: npt.NDArray[np.bool_], codes: IntArray) -> Proportion:
    """Give the share of (n,) cases that are true, with an interval that knows of patients.

    Wilson's score interval; with several pictures of a patient, of the effective number of pictures (Rao and
    Scott 1992): n over the design effect, which is never below 1, and the t quantile with G - 1 degrees of
    freedom. Where all or none are true the design effect cannot be seen, and each patient counts once.

    >>> share = cluster_share(np.array([True, True, False, False]), np.array([0, 0, 1, 1]))
    >>> share.estimate, share.low < 0.1, share.n
    (0.5, True, 4)
    """
    n, patients = len(cases), renumbered(codes)[1]
    hits = int(cases.sum())
    if patients == n:
        return wilson(hits, n)
    share = hits / n
    effective = float(patients)
    if 0 < hits < n and patients > 1:
        naive = share * (1 - share) / n
        effective = n / max(1.0, cluster_mean(cases.astype(np.float64), codes).se ** 2 / naive)
    quantile = float(stats.t.ppf(0.975, max(1, patients - 1)))
    low, high = score_interval(share, effective, quantile=quantile)
    return Proportion(share, low, high, n, "Wilson 95 %, effective number of pictures by patient")
