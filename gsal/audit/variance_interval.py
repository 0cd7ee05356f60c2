"""How sure the variance of one model's class means is, as it is and with the noise taken off (SPEC 9)."""

from dataclasses import dataclass, replace

import numpy as np

from gsal.arrays import FloatArray, IntArray
from gsal.audit.data import AuditData
from gsal.audit.global_saliency import PixelPool, scores
from gsal.audit.patients import renumbered, resampled_weights
from gsal.audit.saliency_groups import MOST_UNITS
from gsal.records import Aggregator

__all__ = ["VarianceEstimate", "variance_estimate"]

_NAN = float("nan")
_LEAST_DEFINED = 0.95
_MANY_PATIENTS = 500
"""With so many in every class, class means are normal."""

_RESAMPLED = "bootstrap of whole patients, centred on the variance found"
_NORMAL = "normal class means drawn with their errors, clustered by patient; centred on the variance found"


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


@dataclass(frozen=True, slots=True, eq=False)
class _PatientSums:
    """Per patient and class, (G, C): pictures, and the sums of their values."""

    counts: FloatArray
    sums: FloatArray

    @classmethod
    def of(cls, values: FloatArray, classes: IntArray, codes: IntArray) -> "_PatientSums":
        shape = int(codes.max()) + 1, int(classes.max()) + 1
        cells = codes * shape[1] + classes

        def by_cell(weights: FloatArray) -> FloatArray:
            sums = np.bincount(cells, weights=weights, minlength=shape[0] * shape[1])
            return sums.reshape(shape).astype(np.float64)

        return cls(by_cell(np.ones(len(values))), by_cell(values))

    @property
    def patients(self) -> IntArray:
        """(C,), of each class."""
        return np.asarray((self.counts > 0).sum(axis=0), dtype=np.int64)

    def variances(self, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return, of (b, G) weights, (b,) variances of the class means and what noise adds to them."""
        n, patients, sums = (weights @ part for part in (self.counts, self.counts > 0, self.sums))
        squared, crossed, both = (
            weights @ part for part in (self.sums**2, self.sums * self.counts, self.counts**2)
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            means = sums / n
            squares = squared - 2 * means * crossed + means**2 * both
            noise = patients / (patients - 1) * np.maximum(squares, 0) / n**2
        return means.var(axis=1, ddof=1), noise.mean(axis=1)

    def means_and_errors(self) -> tuple[FloatArray, FloatArray]:
        """Return the (C,) class means, and (C, C) the covariance of their errors."""
        n = self.counts.sum(axis=0)
        means = self.sums.sum(axis=0) / n
        scale = np.sqrt(self.patients / (self.patients - 1)) / n
        residuals = scale * (self.sums - means * self.counts)
        return means, residuals.T @ residuals


def variance_estimate(
    data: AuditData,
    aggregator: Aggregator,
    *,
    rng: np.random.Generator,
    draws: int = 2000,
    pool: PixelPool | None = None,
) -> VarianceEstimate:
    """Return the variance of the class means of one trained model over its inked pictures.

    What a draw of the bootstrap estimates is the variance of the pictures at hand, so the draws are centred
    on that. With many patients the class means are normal, and are drawn as such.

    Args:
        data: All validation pictures.
        aggregator: MEAN for z(m), PEAK for n.
        rng: Draws the patients, or the means.
        draws: Of the bootstrap; there is no interval when over 5 % of them leave a class without two
            patients.
        pool: Of another run, on whose scale z(m) is put; the data's own when None.
    """
    values = scores(data, aggregator, pool=pool)
    kept = np.isfinite(values)
    classes = np.unique(data.true_class[kept], return_inverse=True)[1].astype(np.int64)
    codes, patients = renumbered(data.codes[kept])
    found = VarianceEstimate(classes=int(classes.max(initial=-1)) + 1, n=len(classes), n_patients=patients)
    if found.classes < 2:
        return replace(found, reason="fewer than two classes have inked pictures")
    sums = _PatientSums.of(values[kept], classes, codes)
    raw, noise = (float(part[0]) for part in sums.variances(np.ones((1, len(sums.counts)))))
    if not np.isfinite(noise):
        reason = "a class has inked pictures of one patient only, so that noise cannot be told"
        return replace(found, value=raw, reason=reason)
    is_normal = patients > MOST_UNITS or sums.patients.min() >= _MANY_PATIENTS
    drawn = (_normal if is_normal else _resampled)(sums, rng=rng, draws=draws)
    found = replace(found, value=raw, corrected=raw - noise, method=_NORMAL if is_normal else _RESAMPLED)
    return _with_intervals(found, drawn[np.isfinite(drawn)] - raw, draws=draws)


def _with_intervals(found: VarianceEstimate, errors: FloatArray, *, draws: int) -> VarianceEstimate:
    if len(errors) < _LEAST_DEFINED * draws:
        return replace(found, reason="a class has too few patients for an interval", method="")
    upper, lower = np.percentile(errors, [97.5, 2.5]).tolist()
    return replace(
        found,
        low=max(0.0, found.value - upper),
        high=found.value - lower,
        corrected_low=found.corrected - upper,
        corrected_high=found.corrected - lower,
    )


def _resampled(sums: _PatientSums, *, rng: np.random.Generator, draws: int) -> FloatArray:
    """Return the corrected variance of each resample of whole patients."""
    parts = [
        raw - noise
        for weights in resampled_weights(len(sums.counts), draws=draws, rng=rng)
        for raw, noise in [sums.variances(weights)]
    ]
    return np.concatenate(parts)


def _normal(sums: _PatientSums, *, rng: np.random.Generator, draws: int) -> FloatArray:
    """Return the corrected variance of class means drawn around those found."""
    means, covariance = sums.means_and_errors()
    drawn = rng.multivariate_normal(means, covariance, size=draws, method="eigh")
    return np.asarray(drawn.var(axis=1, ddof=1) - covariance.diagonal().mean(), dtype=np.float64)
