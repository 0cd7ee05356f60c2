"""Two models compared: figures from the entries, a planted difference found, none invented."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gsal.audit import (
    AuditData,
    VarianceComparison,
    by_class,
    class_sums,
    compare_variance,
    inter_class_variance,
    z_scores,
)
from gsal.audit.patients import cluster_mean, clusters
from gsal.records import Aggregator


@pytest.mark.parametrize("aggregator", list(Aggregator))
def test_ratio_and_difference_are_those_of_the_class_means(
    make_data: Callable[..., AuditData], aggregator: Aggregator
) -> None:
    pair = (make_data(1, model="a"), make_data(2, model="b"))
    variances = [
        inter_class_variance(by_class(item, aggregator, rng=np.random.default_rng(0))) for item in pair
    ]
    result = compare_variance(*pair, aggregator, rng=np.random.default_rng(0), draws=200)
    assert result.ratio == pytest.approx(variances[0].value / variances[1].value)
    assert result.difference == pytest.approx(variances[0].noise_corrected - variances[1].noise_corrected)
    assert result.n == pair[0].inked.sum()
    assert result.low < result.high


def test_pictures_are_paired_by_their_number(make_data: Callable[..., AuditData]) -> None:
    first, second = make_data(1, model="a"), make_data(2, model="b")
    order = np.random.default_rng(0).permutation(second.n)
    names = ["image_ids", "patient", "true_class", "predicted", "explained", "logits", "inked", "ink_px"]
    names += ["mask_area", "mean", "peak"]
    arrays = {name: getattr(second, name)[order] for name in names}
    shuffled = replace(second, images=tuple(second.images[row] for row in order), **arrays)
    expected = compare_variance(first, second, Aggregator.MEAN, rng=np.random.default_rng(0), draws=50)
    result = compare_variance(first, shuffled, Aggregator.MEAN, rng=np.random.default_rng(0), draws=50)
    assert (result.ratio, result.low) == pytest.approx((expected.ratio, expected.low))


def test_a_planted_difference_is_found_and_its_sign(make_data: Callable[..., AuditData]) -> None:
    flat, made = make_data(3, model="b", n=300), make_data(4, model="a", n=300)
    steep = replace(made, mean=made.mean + 2.0 * made.true_class)
    result = compare_variance(steep, flat, Aggregator.MEAN, rng=np.random.default_rng(0), draws=400)
    assert result.low > 0
    assert result.ratio > 3
    mirrored = compare_variance(flat, steep, Aggregator.MEAN, rng=np.random.default_rng(0), draws=400)
    assert (mirrored.low, mirrored.high) == pytest.approx((-result.high, -result.low))


def corrected_variance(values: np.ndarray, labels: np.ndarray, codes: np.ndarray) -> tuple[float, float]:
    classes = [cluster_mean(values[labels == name], codes[labels == name]) for name in np.unique(labels)]
    raw = float(np.var([item.mean for item in classes], ddof=1))
    return raw, raw - float(np.mean([item.se**2 for item in classes]))


def test_interval_is_a_centred_bootstrap_by_repeating_rows(make_data: Callable[..., AuditData]) -> None:
    first, second = make_data(1, model="a"), make_data(2, model="b")
    result = compare_variance(first, second, Aggregator.MEAN, rng=np.random.default_rng(9), draws=60)
    rows = np.flatnonzero(first.inked)
    codes = np.unique(clusters(first.patient)[rows], return_inverse=True)[1]
    patients = codes.max() + 1

    def difference(chosen: np.ndarray, names: np.ndarray) -> tuple[float, float]:
        pairs = [
            corrected_variance(z_scores(item)[chosen], item.true_class[chosen], names)
            for item in (first, second)
        ]
        return pairs[0][0] - pairs[1][0], pairs[0][1] - pairs[1][1]

    raw, corrected = difference(rows, codes)
    errors = []
    for drawn in np.random.default_rng(9).integers(patients, size=(60, patients)):
        parts = [rows[codes == code] for code in drawn]
        names = np.repeat(np.arange(patients), [len(part) for part in parts])
        errors.append(difference(np.concatenate(parts), names)[1] - raw)
    low, high = np.percentile(errors, [2.5, 97.5])
    assert (result.low, result.high) == pytest.approx((corrected + low, corrected + high))


@pytest.mark.slow
def test_the_interval_covers(make_data: Callable[..., AuditData]) -> None:
    covered = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        first, second = (replace(make_data(seed, model=name), peak=rng.normal(size=120)) for name in "ab")
        result = compare_variance(first, second, Aggregator.PEAK, rng=rng, draws=300)
        covered += result.low <= 0 <= result.high
    assert covered >= 0.93 * 300


@pytest.mark.slow
def test_it_covers_where_one_model_alone_varies(make_data: Callable[..., AuditData]) -> None:
    """The means of one model's classes are 0, .4 and .8; its true variance is .16, the other's 0."""
    covered = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        made, flat = (make_data(seed, model=name) for name in "ab")
        steep = replace(made, peak=rng.normal(size=120) + 0.4 * made.true_class)
        flat = replace(flat, peak=rng.normal(size=120))
        result = compare_variance(steep, flat, Aggregator.PEAK, rng=rng, draws=300)
        covered += result.low <= 0.16 <= result.high
    assert covered >= 0.92 * 300


def test_too_few_patients_say_why(make_data: Callable[..., AuditData]) -> None:
    first, second = make_data(1, model="a", n=9), make_data(2, model="b", n=9)
    result = compare_variance(first, second, Aggregator.MEAN, rng=np.random.default_rng(0), draws=50)
    assert np.isnan(result.low)
    assert result.reason
    with pytest.raises(ValueError, match="methods differ"):
        compare_variance(
            first, replace(second, method="other"), Aggregator.MEAN, rng=np.random.default_rng(0)
        )
    with pytest.raises(ValueError, match="different classes"):
        compare_variance(
            first, replace(second, classes=("x", "y", "z")), Aggregator.MEAN, rng=np.random.default_rng(0)
        )


def test_many_patients_take_the_limit_of_the_bootstrap(
    make_data: Callable[..., AuditData], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (make_data(seed, model=name, n=1500) for seed, name in ((1, "a"), (2, "b")))
    first = replace(first, mean=first.mean + 0.3 * first.true_class)

    def compared() -> VarianceComparison:
        rng = np.random.default_rng(0)
        return compare_variance(first, second, Aggregator.MEAN, rng=rng, draws=4000)

    drawn = compared()
    monkeypatch.setattr(class_sums, "_MANY_PATIENTS", 50)
    limit = compared()
    assert (limit.ratio, limit.difference) == (drawn.ratio, drawn.difference)
    assert "normal" in limit.interval_method
    assert "normal" not in drawn.interval_method
    width = drawn.high - drawn.low
    assert (limit.low, limit.high) == pytest.approx((drawn.low, drawn.high), abs=0.06 * width)
