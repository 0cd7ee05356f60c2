"""What a reading on ink is worth: the same masks on the same pictures with the ink inpainted (BIAS-LAB.md).

A map has some reading where the ink is also when there is no ink, by position or by what lies beneath it.
What the ink itself adds is the difference.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from gsal.arrays import FloatArray, IntArray
from gsal.audit.data import AuditData
from gsal.audit.estimate import FEW_PATIENTS, Estimate, undefined
from gsal.audit.global_saliency import ClassSaliency, by_class, pixel_pool, scores
from gsal.audit.paired import common_rows
from gsal.audit.paired_saliency import mean_difference, response_difference
from gsal.audit.patients import cluster_mean, cluster_sums, renumbered
from gsal.audit.response_band import ResponseBand, band
from gsal.audit.response_rate import ResponseRate, summarise
from gsal.records import Aggregator

__all__ = [
    "ALL",
    "Placebo",
    "PlaceboClass",
    "PlaceboResponse",
    "placebo_by_class",
    "placebo_response",
    "ratio_of_means",
    "with_and_without",
]

ALL = "all"
"""Name of the figures over all true classes."""

_NO_PAIR = "no picture has both a reading with ink and one with the ink inpainted"


@dataclass(frozen=True, slots=True)
class PlaceboClass:
    """The readings of the pictures of one true class that have both, on one scale.

    Attributes:
        name: Of the class, or `ALL`.
        ink: Mean reading of the pictures as they are; z(m), or n.
        placebo: Mean reading of the same masks on the inpainted pictures.
        difference: With ink minus placebo, paired by picture.
        share_left: The placebo's part of the reading, both above what an ordinary pixel has: 0 for z(m), by
            the pool of the pictures as they are, and |A| / |P| for n.
    """

    name: str
    ink: float
    placebo: float
    difference: Estimate
    share_left: Estimate


@dataclass(frozen=True, slots=True)
class Placebo:
    """All classes of one model, method and aggregator, and all pictures together."""

    model: str
    saliency_method: str
    aggregator: str
    overall: PlaceboClass
    classes: tuple[PlaceboClass, ...]


@dataclass(frozen=True, slots=True)
class PlaceboResponse:
    """Response rate accuracy with ink and without, over the pictures that have both readings.

    Each side has the answers of its own run: what the model says of the pictures as they are, and of the
    inpainted ones.

    Attributes:
        ink, placebo: The figures of each.
        ink_band, placebo_band: Their curves.
        aurrac_normalised, failure_auroc: With ink minus placebo, paired by picture.
    """

    ink: ResponseRate
    placebo: ResponseRate
    ink_band: ResponseBand
    placebo_band: ResponseBand
    aurrac_normalised: Estimate
    failure_auroc: Estimate


def placebo_by_class(
    original: AuditData,
    placebo: AuditData,
    aggregator: Aggregator,
    *,
    rng: np.random.Generator,
    draws: int = 2000,
) -> tuple[ClassSaliency, ...]:
    """Return the placebo's class means on the scale of the pictures as they are, for one figure with theirs.

    Args:
        original: All validation pictures as they are, whose pixels make the pool of z(m).
        placebo: The inked ones with the ink inpainted, under the same masks.
        aggregator: MEAN for z(m), PEAK for n.
        rng: Draws the patients; used for PEAK only.
        draws: Of the bootstrap.

    Raises:
        ValueError: Different models, methods, mask sets or classes, or a picture of two true classes.
    """
    _rows(original, placebo)
    return by_class(placebo, aggregator, rng=rng, draws=draws, pool=pixel_pool(original))


def with_and_without(
    original: AuditData,
    placebo: AuditData,
    aggregator: Aggregator,
    *,
    rng: np.random.Generator,
    draws: int = 2000,
) -> Placebo:
    """Return what the ink itself adds to the reading, overall and by true class.

    Args:
        original: All validation pictures as they are, whose pixels make the pool of z(m).
        placebo: The inked ones with the ink inpainted, under the same masks.
        aggregator: MEAN for z(m), PEAK for n.
        rng: Draws the patients; used for PEAK only.
        draws: Of the bootstrap.

    Raises:
        ValueError: Different models, methods, mask sets or classes, or a picture of two true classes.
    """
    rows, others = _rows(original, placebo)
    pool = pixel_pool(original)
    ink = scores(original, aggregator, pool=pool)[rows]
    without = scores(placebo, aggregator, pool=pool)[others]
    ordinary = np.zeros(len(rows))
    if aggregator is Aggregator.PEAK:
        ordinary = (original.mask_area / original.map_pixels)[rows]
    codes, true_class = original.codes[rows], original.true_class[rows]
    both = ~np.isnan(ink) & ~np.isnan(without)

    def on(name: str, index: int | None) -> PlaceboClass:
        kept = both if index is None else both & (true_class == index)
        change = ink[kept] - without[kept]
        difference = mean_difference(
            change, codes[kept], aggregator=aggregator, rng=rng, draws=draws, none=_NO_PAIR
        )
        above = without[kept] - ordinary[kept], ink[kept] - ordinary[kept]
        return PlaceboClass(
            name=name,
            ink=cluster_mean(ink[kept], codes[kept]).mean,
            placebo=cluster_mean(without[kept], codes[kept]).mean,
            difference=difference,
            share_left=ratio_of_means(*above, codes[kept]),
        )

    return Placebo(
        model=original.model,
        saliency_method=original.method,
        aggregator=aggregator.value,
        overall=on(ALL, None),
        classes=tuple(on(name, index) for index, name in enumerate(original.classes)),
    )


def ratio_of_means(part: FloatArray, whole: FloatArray, codes: IntArray) -> Estimate:
    """Return the mean of the part over the mean of the whole, with Fieller's interval (1954) by patient.

    Undefined where the whole's own interval includes 0: any share would fit. P is not given.

    Args:
        part: (n,) float64.
        whole: (n,) float64, of the same pictures.
        codes: (n,) int64, the pictures' patients.
    """
    top, bottom = cluster_mean(part, codes), cluster_mean(whole, codes)
    n, patients = bottom.n, bottom.n_patients
    if patients < 2:
        return undefined(FEW_PATIENTS if n else _NO_PAIR, n=n, n_patients=patients)
    if not np.isfinite(top.mean - bottom.mean):
        return undefined("the size of a mask is not known", n=n, n_patients=patients)
    if not (bottom.low > 0 or bottom.high < 0):
        reason = "the reading with ink is not told from that of ordinary pixels: no share of it"
        return undefined(reason, n=n, n_patients=patients)
    squared = float(stats.t.ppf(0.975, patients - 1)) ** 2
    codes, _ = renumbered(codes)
    sums = cluster_sums(part - top.mean, codes), cluster_sums(whole - bottom.mean, codes)
    covariance = patients / (patients - 1) * float(sums[0] @ sums[1]) / n**2
    a = bottom.mean**2 - squared * bottom.se**2
    b = top.mean * bottom.mean - squared * covariance
    c = top.mean**2 - squared * top.se**2
    reach = float(np.sqrt(max(b**2 - a * c, 0.0)))
    method = "Fieller's interval, clustered by patient"
    low, high = (b - reach) / a, (b + reach) / a
    return Estimate(top.mean / bottom.mean, low, high, n, patients, float("nan"), "", method)


def placebo_response(
    original: AuditData,
    placebo: AuditData,
    aggregator: Aggregator,
    *,
    rng: np.random.Generator,
    draws: int = 1000,
) -> PlaceboResponse:
    """Return how readings with ink and without tell right from wrong answers.

    Args:
        original: All validation pictures as they are.
        placebo: The inked ones with the ink inpainted, under the same masks.
        aggregator: MEAN for m, PEAK for n.
        rng: Draws the patients.
        draws: Of the bootstrap.

    Raises:
        ValueError: Different models, methods, mask sets or classes, or a picture of two true classes.
    """
    rows, others = _rows(original, placebo)
    values = original.aggregate(aggregator)[rows], placebo.aggregate(aggregator)[others]
    both = ~np.isnan(values[0]) & ~np.isnan(values[1])
    saliency = values[0][both], values[1][both]
    correct = original.correct[rows][both], placebo.correct[others][both]
    codes, patients = renumbered(original.codes[rows][both])
    difference = response_difference(saliency, correct, codes, rng=rng, draws=draws, none=_NO_PAIR)
    return PlaceboResponse(
        ink=summarise(saliency[0], correct[0], n_patients=patients),
        placebo=summarise(saliency[1], correct[1], n_patients=patients),
        ink_band=band(saliency[0], correct[0], codes, rng=rng, draws=draws),
        placebo_band=band(saliency[1], correct[1], codes, rng=rng, draws=draws),
        aurrac_normalised=difference.aurrac_normalised,
        failure_auroc=difference.failure_auroc,
    )


def _rows(original: AuditData, placebo: AuditData) -> tuple[IntArray, IntArray]:
    """Return where the pictures that have a placebo are in either."""
    for name in ("model", "method", "mask_set"):
        values = getattr(original, name), getattr(placebo, name)
        if values[0] != values[1]:
            raise ValueError(f"not the placebo of these figures: {name} {values[0]} and {values[1]}")
    return common_rows(original, placebo)
