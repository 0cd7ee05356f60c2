"""Two models on the same pictures: in which does ink saliency differ more between classes?"""

from dataclasses import dataclass, replace

import numpy as np

from gsal.arrays import FloatArray
from gsal.audit.class_sums import ClassSums, has_normal_means
from gsal.audit.common import common_pictures
from gsal.audit.data import AuditData
from gsal.audit.global_saliency import scores
from gsal.audit.patients import resampled_weights
from gsal.records import Aggregator

__all__ = ["VarianceComparison", "compare_variance"]

_NAN = float("nan")
_CENTRED = "pictures paired, centred on the raw variances"
_RESAMPLED = f"bootstrap of whole patients, {_CENTRED}"
_NORMAL = f"normal class means clustered by patient, as a bootstrap of patients tends to, {_CENTRED}"


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
    interval_method: str = _RESAMPLED


def _paired_sums(first: AuditData, second: AuditData, aggregator: Aggregator) -> tuple[ClassSums, ClassSums]:
    """Return those of both models, over the pictures that are inked and defined in both."""
    if first.classes != second.classes:
        raise ValueError(f"{first.model} and {second.model} have different classes")
    if first.method != second.method:
        raise ValueError(f"methods differ: {first.method} and {second.method}")
    rows, others = common_pictures(first.image_ids, second.image_ids)
    values = scores(first, aggregator)[rows], scores(second, aggregator)[others]
    both = np.isfinite(values[0]) & np.isfinite(values[1])
    sums = [
        ClassSums.over(np.where(both, side, np.nan), first.true_class[rows], first.codes[rows])
        for side in values
    ]
    return sums[0], sums[1]


def _resampled(pair: tuple[ClassSums, ClassSums], *, rng: np.random.Generator, draws: int) -> FloatArray:
    """Return (draws,) differences of the corrected variances of resampled patients, the same for both."""
    blocks = resampled_weights(len(pair[0].counts), draws=draws, rng=rng)
    sides = [[sums.resampled_variances(weights) for sums in pair] for weights in blocks]
    return np.concatenate([first - second for first, second in sides])


def _normal(pair: tuple[ClassSums, ClassSums], *, rng: np.random.Generator, draws: int) -> FloatArray:
    """Return the same of class means drawn around those found, as the two models' errors go together."""
    means = np.concatenate([sums.means for sums in pair])
    errors = np.concatenate([sums.errors() for sums in pair], axis=1)
    drawn = rng.multivariate_normal(means, errors.T @ errors, size=draws, method="eigh")
    first, second = (
        side.var(axis=1, ddof=1) - sums.noise
        for side, sums in zip(np.split(drawn, 2, axis=1), pair, strict=True)
    )
    return np.asarray(first - second, dtype=np.float64)


def _interval(
    pair: tuple[ClassSums, ClassSums], *, rng: np.random.Generator, draws: int
) -> tuple[float, float, str]:
    """Interval of the difference of corrected variances, and how it was made.

    What a draw estimates is the raw variance of the pictures at hand, so the draws are centred on that. The
    interval is that of percentiles: simulated with 2 to 7 classes, variances of 0 to 16 times the noise and
    equal or not, it holds the true difference in 94 % or more; mirrored it would in 91 %, and find less.
    """
    is_normal = has_normal_means(pair[0])
    drawn = (_normal if is_normal else _resampled)(pair, rng=rng, draws=draws)
    defined = drawn[np.isfinite(drawn)]
    if len(defined) < 0.95 * draws:
        return _NAN, _NAN, _RESAMPLED
    low, high = np.percentile(defined, [2.5, 97.5]) - (pair[0].noise - pair[1].noise)
    return float(low), float(high), _NORMAL if is_normal else _RESAMPLED


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
    pair = _paired_sums(first, second, aggregator)
    found = VarianceComparison(
        first=first.model,
        second=second.model,
        saliency_method=first.method,
        aggregator=aggregator.value,
        ratio=_NAN,
        difference=_NAN,
        low=_NAN,
        high=_NAN,
        n=int(pair[0].counts.sum()),
        n_patients=len(pair[0].counts),
        reason="",
    )
    if len(pair[0].classes) < 2:
        return replace(found, reason="fewer than two classes have inked pictures in both models")
    low, high, method = _interval(pair, rng=rng, draws=draws)
    variances = [sums.variance for sums in pair]
    return replace(
        found,
        ratio=variances[0] / variances[1] if variances[1] > 0 else _NAN,
        difference=(variances[0] - pair[0].noise) - (variances[1] - pair[1].noise),
        low=low,
        high=high,
        reason="" if np.isfinite(low) else "a class has too few patients for an interval",
        interval_method=method,
    )
