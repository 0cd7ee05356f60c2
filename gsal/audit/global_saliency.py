"""Global saliency: ink saliency averaged by true class (SPEC 8 and 9; paper section 3)."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from gsal.arrays import FloatArray, IntArray
from gsal.audit.data import AuditData
from gsal.audit.estimate import MOST_RESAMPLED
from gsal.audit.patients import cluster_mean, cluster_sums, percentile_interval, renumbered, resampled_weights
from gsal.records import Aggregator

__all__ = [
    "FEW_PICTURES",
    "ClassSaliency",
    "ClassVariance",
    "PixelPool",
    "absent",
    "aggregator_agreement",
    "by_class",
    "inter_class_variance",
    "pixel_pool",
    "scores",
    "z_scores",
]

FEW_PICTURES = 50
"""Classes under this many pictures are flagged."""

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class PixelPool:
    """Mean and standard deviation over all pixels of all validation pictures' maps."""

    mean: float
    sd: float
    pixels: int


@dataclass(frozen=True, slots=True)
class ClassSaliency:
    """The mean ink saliency of one true class.

    Attributes:
        name: Of the class.
        mean: Of z(m), or of n; NaN without inked pictures.
        low, high: 95 % interval; NaN with fewer than two patients.
        se: Cluster-robust standard error.
        n: Inked pictures with a defined saliency.
        n_patients: Patients they are of.
        chance: Mean of |A| / |P|, where n lies by chance; NaN where not known.
        method: How the interval was made, in words.
        flagged: Whether there are fewer than FEW_PICTURES.
    """

    name: str
    mean: float
    low: float
    high: float
    se: float
    n: int
    n_patients: int
    chance: float
    method: str
    flagged: bool


def absent(name: str) -> ClassSaliency:
    """Return what is known of a class that a model does not know: nothing."""
    return ClassSaliency(
        name=name,
        mean=_NAN,
        low=_NAN,
        high=_NAN,
        se=_NAN,
        n=0,
        n_patients=0,
        chance=_NAN,
        method="",
        flagged=False,
    )


@dataclass(frozen=True, slots=True)
class ClassVariance:
    """How far the class means lie apart.

    Attributes:
        value: Their variance, ddof 1; NaN with fewer than two classes.
        noise_corrected: The same minus the mean squared standard error; may be negative.
        classes: Classes with a mean.
        reason: Why a figure is undefined, else "".
    """

    value: float
    noise_corrected: float
    classes: int
    reason: str


def pixel_pool(data: AuditData) -> PixelPool:
    """Pool the pixels of all maps, each that of the class explained, from their sums ("by dataset", Fig. 1).

    Every validation picture takes part, inked or not. sd (ddof 0) is NaN when all pixels are equal.
    """
    pixels = int(data.map_pixels.sum())
    if not pixels:
        return PixelPool(_NAN, _NAN, 0)
    mean = float(data.map_sum.sum()) / pixels
    variance = float(data.map_sum_sq.sum()) / pixels - mean**2
    return PixelPool(mean, float(np.sqrt(variance)) if variance > 0 else _NAN, pixels)


def z_scores(data: AuditData, *, pool: PixelPool | None = None) -> FloatArray:
    """Return (N,) float64: (m - mean) / sd of the pixel pool, NaN on pictures without ink.

    Args:
        data: All validation pictures.
        pool: Of another run, on whose scale these are put; the data's own when None.
    """
    pool = pool or pixel_pool(data)
    return np.asarray((data.aggregate(Aggregator.MEAN) - pool.mean) / pool.sd, dtype=np.float64)


def scores(data: AuditData, aggregator: Aggregator, *, pool: PixelPool | None = None) -> FloatArray:
    """Return (N,) float64, what class means are taken of: z(m), by the pool given or the own, or n."""
    return z_scores(data, pool=pool) if aggregator is Aggregator.MEAN else data.aggregate(aggregator)


def _bootstrap_interval(
    values: FloatArray, codes: IntArray, *, rng: np.random.Generator, draws: int
) -> tuple[float, float]:
    codes, _ = renumbered(codes)
    sums, sizes = cluster_sums(values, codes), np.bincount(codes)
    means = [
        weights @ sums / (weights @ sizes) for weights in resampled_weights(len(sums), draws=draws, rng=rng)
    ]
    return percentile_interval(np.concatenate(means))


def by_class(
    data: AuditData,
    aggregator: Aggregator,
    *,
    rng: np.random.Generator,
    draws: int = 2000,
    pool: PixelPool | None = None,
) -> tuple[ClassSaliency, ...]:
    """Return the mean ink saliency of each true class over its inked pictures, in the order of the classes.

    z(m) has a t interval from a standard error robust to several pictures per patient, mean and sd of the
    pool taken as fixed; n, which is mostly zeros, a percentile bootstrap of whole patients within the class,
    or in classes of over MOST_RESAMPLED pictures the t interval that it tends to.

    Args:
        data: All validation pictures.
        aggregator: MEAN for z(m), PEAK for n.
        rng: Draws the patients; used for PEAK only, class after class.
        draws: Of the bootstrap.
        pool: Of another run, on whose scale z(m) is put; the data's own when None.
    """
    values, codes = scores(data, aggregator, pool=pool), data.codes
    chance = np.divide(data.mask_area, data.map_pixels)
    results = []
    for index, name in enumerate(data.classes):
        rows = (data.true_class == index) & ~np.isnan(values)
        estimate = cluster_mean(values[rows], codes[rows])
        low, high, method = estimate.low, estimate.high, "t interval, standard error clustered by patient"
        if aggregator is Aggregator.PEAK and estimate.n <= MOST_RESAMPLED:
            method = "percentile bootstrap of whole patients"
            if estimate.n_patients > 1:
                low, high = _bootstrap_interval(values[rows], codes[rows], rng=rng, draws=draws)
        results.append(
            ClassSaliency(
                name=name,
                mean=estimate.mean,
                low=low,
                high=high,
                se=estimate.se,
                n=estimate.n,
                n_patients=estimate.n_patients,
                chance=float(chance[rows].mean()) if rows.any() else _NAN,
                method=method,
                flagged=estimate.n < FEW_PICTURES,
            )
        )
    return tuple(results)


def inter_class_variance(classes: tuple[ClassSaliency, ...]) -> ClassVariance:
    """Return the variance of the class means, raw and noise-corrected.

    The paper has .007 for its baseline and .003 for its unbiased model, raw.
    """
    present = [item for item in classes if item.n]
    if len(present) < 2:
        return ClassVariance(_NAN, _NAN, len(present), "fewer than two classes have inked pictures")
    value = float(np.var([item.mean for item in present], ddof=1))
    noise = float(np.mean([item.se**2 for item in present]))
    lone = [item.name for item in present if np.isnan(item.se)]
    reason = f"no standard error for {', '.join(lone)}: fewer than two patients" if lone else ""
    return ClassVariance(value, value - noise, len(present), reason)


def aggregator_agreement(mean: tuple[ClassSaliency, ...], peak: tuple[ClassSaliency, ...]) -> float:
    """Return Kendall's tau-b of the class means under m and under n; NaN with fewer than two, or all tied."""
    pairs = [
        (first.mean, second.mean) for first, second in zip(mean, peak, strict=True) if first.n and second.n
    ]
    if len(pairs) < 2 or any(len(set(side)) < 2 for side in zip(*pairs, strict=True)):
        return _NAN
    first_means, second_means = np.array(pairs).T
    return float(stats.kendalltau(first_means, second_means).statistic)
