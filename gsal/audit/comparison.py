"""Two models on the same pictures: in which does ink saliency differ more between classes?"""

from dataclasses import dataclass

import numpy as np

from gsal.arrays import FloatArray, IntArray
from gsal.audit.data import AuditData
from gsal.audit.global_saliency import scores
from gsal.audit.patients import clusters, resampled_weights
from gsal.audit.saliency_groups import MOST_UNITS
from gsal.records import Aggregator

__all__ = ["VarianceComparison", "compare_variance"]

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class VarianceComparison:
    """Inter-class variance of two trained models under one method and aggregator (SPEC 9).

    Attributes:
        first, second: The models.
        ratio: Variance of the first over that of the second, raw; descriptive.
        difference: First minus second, each corrected for noise.
        low, high: 95 % interval of the difference; NaN where undefined.
        n: Pictures inked and defined in both.
        n_patients: Patients they are of.
        reason: Why something is undefined, else "".
        interval_method: How the interval was made, in words.
    """

    first: str
    second: str
    saliency_method: str
    aggregator: str
    ratio: float
    difference: float
    low: float
    high: float
    n: int
    n_patients: int
    reason: str
    interval_method: str = "bootstrap of whole patients, pictures paired, centred on the raw variances"


@dataclass(frozen=True, slots=True, eq=False)
class _PatientSums:
    """Per patient and class: pictures (G, C), and sums of their values for each model."""

    counts: FloatArray
    values: tuple[FloatArray, FloatArray]

    def observed(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the raw variances of both models, and the noise-corrected ones."""
        units = np.zeros(len(self.counts), dtype=np.int64)
        pairs = [_variances(np.ones((1, 1)), _moments(self.counts, sums, units)) for sums in self.values]
        raw, corrected = ([float(pair[index][0]) for pair in pairs] for index in (0, 1))
        return (raw[0], raw[1]), (corrected[0], corrected[1])


def _moments(counts: FloatArray, sums: FloatArray, units: IntArray) -> FloatArray:
    """Return (6, U, C), summed by the (G,) units that patients are drawn in: all that variances take."""
    parts = np.stack([counts, counts > 0, sums, sums**2, sums * counts, counts**2])
    found = np.zeros((len(parts), int(units.max(initial=-1)) + 1, counts.shape[1]))
    for part, into in zip(parts, found, strict=True):
        np.add.at(into, units, part)
    return found


def _variances(weights: FloatArray, moments: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Raw and noise-corrected variance of the class means under (b, U) weights; NaN where undefined."""
    n, patients, sums, squared, crossed, counts_squared = (weights @ part for part in moments)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums / n
        squares = squared - 2 * means * crossed + means**2 * counts_squared
        noise = patients / (patients - 1) * np.maximum(squares, 0) / n**2
    raw = means.var(axis=1, ddof=1)
    return raw, raw - noise.mean(axis=1)


def _interval(table: _PatientSums, *, rng: np.random.Generator, draws: int) -> tuple[float, float]:
    """Interval of the difference of corrected variances.

    What a draw estimates is the raw variance of the pictures at hand, so the draws are centred on that. Of
    more than MOST_UNITS patients, random lots are drawn.
    """
    raw, corrected = table.observed()
    patients = len(table.counts)
    units = np.arange(patients, dtype=np.int64)
    if patients > MOST_UNITS:
        units = rng.permutation(patients).astype(np.int64) % MOST_UNITS
    moments = [_moments(table.counts, sums, units) for sums in table.values]
    estimates = []
    for weights in resampled_weights(min(patients, MOST_UNITS), draws=draws, rng=rng):
        first, second = (_variances(weights, of_model)[1] for of_model in moments)
        estimates.append(first - second)
    errors = np.concatenate(estimates) - (raw[0] - raw[1])
    defined = errors[np.isfinite(errors)]
    if len(defined) < 0.95 * draws:
        return _NAN, _NAN
    low, high = (corrected[0] - corrected[1]) - np.percentile(defined, [97.5, 2.5])
    return float(low), float(high)


def _figures(
    table: _PatientSums, *, rng: np.random.Generator, draws: int
) -> tuple[float, float, float, float, str]:
    """Ratio, difference, its interval, and why one of them is undefined."""
    if table.counts.shape[1] < 2:
        return _NAN, _NAN, _NAN, _NAN, "fewer than two classes have inked pictures in both models"
    raw, corrected = table.observed()
    ratio = raw[0] / raw[1] if raw[1] > 0 else _NAN
    low, high = _interval(table, rng=rng, draws=draws)
    reason = "" if np.isfinite(low) else "a class has too few patients for an interval"
    return ratio, corrected[0] - corrected[1], low, high, reason


def _paired(first: AuditData, second: AuditData) -> tuple[IntArray, IntArray]:
    if first.classes != second.classes:
        raise ValueError(f"{first.model} and {second.model} have different classes")
    if first.method != second.method:
        raise ValueError(f"methods differ: {first.method} and {second.method}")
    _, rows, others = np.intersect1d(first.image_ids, second.image_ids, return_indices=True)
    return rows.astype(np.int64), others.astype(np.int64)


def _paired_sums(first: AuditData, second: AuditData, aggregator: Aggregator) -> _PatientSums:
    rows, others = _paired(first, second)
    values = (scores(first, aggregator)[rows], scores(second, aggregator)[others])
    kept = ~np.isnan(values[0]) & ~np.isnan(values[1])
    codes = np.unique(clusters(first.patient[rows])[kept], return_inverse=True)[1].astype(np.int64)
    present, classes = np.unique(first.true_class[rows][kept], return_inverse=True)
    shape = (len(np.unique(codes)), len(present))

    def by_cell(weights: FloatArray) -> FloatArray:
        cells = codes * shape[1] + classes
        sums = np.bincount(cells, weights=weights, minlength=shape[0] * shape[1])
        return sums.reshape(shape).astype(np.float64)

    return _PatientSums(by_cell(np.ones(len(codes))), (by_cell(values[0][kept]), by_cell(values[1][kept])))


def compare_variance(
    first: AuditData,
    second: AuditData,
    aggregator: Aggregator,
    *,
    rng: np.random.Generator,
    draws: int = 2000,
) -> VarianceComparison:
    """Compare the inter-class variance of two trained models over the pictures inked and defined in both.

    It speaks about these two models only: a claim about training data takes the training seed as unit.
    There is no interval when over 5 % of the draws leave a class with fewer than two patients.

    Args:
        first: A model's pictures.
        second: Another model's, under the same method.
        aggregator: MEAN for z(m), PEAK for n.
        rng: Draws the patients.
        draws: Of the bootstrap.

    Raises:
        ValueError: Different classes or methods.
    """
    table = _paired_sums(first, second, aggregator)
    ratio, difference, low, high, reason = _figures(table, rng=rng, draws=draws)
    return VarianceComparison(
        first=first.model,
        second=second.model,
        saliency_method=first.method,
        aggregator=aggregator.value,
        ratio=ratio,
        difference=difference,
        low=low,
        high=high,
        n=int(table.counts.sum()),
        n_patients=len(table.counts),
        reason=reason,
    )
