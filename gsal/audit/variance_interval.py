"""How sure the variance of one model's class means is, as it is and with the noise taken off (SPEC 9)."""

from dataclasses import dataclass, replace

import numpy as np

from gsal.arrays import FloatArray
from gsal.audit.class_sums import ClassSums, has_normal_means
from gsal.audit.data import AuditData
from gsal.audit.global_saliency import PixelPool
from gsal.audit.patients import resampled_weights
from gsal.records import Aggregator

__all__ = ["VarianceEstimate", "variance_estimate"]

_NAN = float("nan")
_LEAST_DEFINED = 0.95
_RESAMPLED = "percentile bootstrap of whole patients, noise taken off each draw"
_NORMAL = "percentiles of normal class means, drawn with their errors clustered by patient"


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceEstimate:
    """Inter-class variance with 95 % intervals; NaN where undefined.

    Attributes:
        value: Variance of the class means, ddof 1.
        low, high: What it estimates: the variance of the true means, and on top of it what noise adds.
        corrected: The same minus the mean squared standard error; may be negative.
        corrected_low, corrected_high: Of the variance of the true means alone.
        classes: With inked pictures.
        n: Inked pictures with a defined saliency.
        n_patients: Patients they are of.
        reason: Why something is undefined, else "".
        method: How the intervals were made, in words.
    """

    classes: int
    n: int
    n_patients: int
    value: float = _NAN
    low: float = _NAN
    high: float = _NAN
    corrected: float = _NAN
    corrected_low: float = _NAN
    corrected_high: float = _NAN
    reason: str = ""
    method: str = ""


def variance_estimate(
    data: AuditData,
    aggregator: Aggregator,
    *,
    rng: np.random.Generator,
    draws: int = 2000,
    pool: PixelPool | None = None,
) -> VarianceEstimate:
    """Return the variance of the class means of one trained model over its inked pictures.

    A draw of the bootstrap, the noise of drawing taken off it, estimates the variance of the pictures at
    hand, which has noise of its own: that is taken off the percentiles. A variance of few class means is
    skewed: percentiles mirrored about it would hold the true one in two of three cases only, these do in
    94 % and more. With many patients the class means are normal, and are drawn as such.

    Args:
        data: All validation pictures.
        aggregator: MEAN for z(m), PEAK for n.
        rng: Draws the patients, or the means.
        draws: Of the bootstrap; there is no interval when over 5 % of them leave a class without two
            patients.
        pool: Of another run, on whose scale z(m) is put; the data's own when None.
    """
    sums = ClassSums.of(data, aggregator, pool=pool)
    found = VarianceEstimate(classes=len(sums.classes), n=int(sums.counts.sum()), n_patients=len(sums.counts))
    if found.classes < 2:
        return replace(found, reason="fewer than two classes have inked pictures")
    raw = sums.variance
    if sums.patients.min() < 2:
        reason = "a class has inked pictures of one patient only, so that noise cannot be told"
        return replace(found, value=raw, reason=reason)
    noise, is_normal = sums.noise, has_normal_means(sums)
    drawn = (_normal if is_normal else _resampled)(sums, rng=rng, draws=draws)
    found = replace(found, value=raw, corrected=raw - noise, method=_NORMAL if is_normal else _RESAMPLED)
    return _with_intervals(found, drawn[np.isfinite(drawn)], draws=draws)


def _with_intervals(found: VarianceEstimate, drawn: FloatArray, *, draws: int) -> VarianceEstimate:
    if len(drawn) < _LEAST_DEFINED * draws:
        return replace(found, reason="a class has too few patients for an interval", method="")
    low, high = np.percentile(drawn, [2.5, 97.5]).tolist()
    noise = found.value - found.corrected
    return replace(
        found, low=max(0.0, low), high=high, corrected_low=low - noise, corrected_high=high - noise
    )


def _resampled(sums: ClassSums, *, rng: np.random.Generator, draws: int) -> FloatArray:
    """Return the corrected variance of each resample of whole patients; NaN where it lacks them."""
    blocks = resampled_weights(len(sums.counts), draws=draws, rng=rng)
    return np.concatenate([sums.resampled_variances(weights) for weights in blocks])


def _normal(sums: ClassSums, *, rng: np.random.Generator, draws: int) -> FloatArray:
    """Return the corrected variance of class means drawn around those found."""
    errors = sums.errors()
    covariance = errors.T @ errors
    drawn = rng.multivariate_normal(sums.means, covariance, size=draws, method="eigh")
    return np.asarray(drawn.var(axis=1, ddof=1) - covariance.diagonal().mean(), dtype=np.float64)
