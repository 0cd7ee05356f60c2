"""The interval of one model's inter-class variance: against that of two models, and how often it holds."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gsal.audit import AuditData, by_class, compare_variance, inter_class_variance
from gsal.audit import variance_interval as intervals
from gsal.audit.variance_interval import variance_estimate
from gsal.records import Aggregator

Make = Callable[..., AuditData]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("aggregator", list(Aggregator))
def test_its_figures_are_those_of_the_class_means(data: AuditData, aggregator: Aggregator) -> None:
    expected = inter_class_variance(by_class(data, aggregator, rng=rng()))
    found = variance_estimate(data, aggregator, rng=rng(), draws=50)
    assert found.value == pytest.approx(expected.value)
    assert found.corrected == pytest.approx(expected.noise_corrected)
    assert (found.classes, found.n) == (expected.classes, data.inked.sum())
    assert found.low < found.value < found.high
    assert found.corrected_low < found.corrected < found.corrected_high


def test_its_interval_is_that_of_the_difference_to_a_model_without_variance(make_data: Make) -> None:
    data = make_data(1)
    flat = replace(make_data(2, model="flat"), mean=np.where(data.inked, 0.5, np.nan))
    expected = compare_variance(data, flat, Aggregator.MEAN, rng=rng(3), draws=200)
    found = variance_estimate(data, Aggregator.MEAN, rng=rng(3), draws=200)
    assert (found.corrected_low, found.corrected_high) == pytest.approx((expected.low, expected.high))


def test_many_pictures_have_the_interval_that_resampling_tends_to(
    make_data: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make_data(n=6000)
    normal = variance_estimate(data, Aggregator.MEAN, rng=rng(), draws=4000)
    monkeypatch.setattr(intervals, "_MANY_PATIENTS", 10**6)
    resampled = variance_estimate(data, Aggregator.MEAN, rng=rng(), draws=4000)
    assert normal.method != resampled.method
    width = resampled.high - resampled.low
    for name in ("low", "high", "corrected_low", "corrected_high"):
        assert getattr(normal, name) == pytest.approx(getattr(resampled, name), abs=0.06 * width)


def test_it_holds_the_true_variance(make_data: Make) -> None:
    """Class means .3 z apart in one of three classes: their variance is .03 of the pool's."""
    held = 0
    for seed in range(60):
        data = make_data(seed, n=400)
        pool = intervals.PixelPool(0.0, 1.0, 1)
        found = variance_estimate(data, Aggregator.MEAN, rng=rng(seed), draws=300, pool=pool)
        held += found.corrected_low <= 0.03 <= found.corrected_high
    assert held >= 51, "95 % of 60, less four standard errors"


def test_it_says_why_there_is_none(data: AuditData) -> None:
    nothing = replace(data, inked=np.zeros(data.n, np.bool_))
    assert "fewer than two classes" in variance_estimate(nothing, Aggregator.MEAN, rng=rng()).reason
    alone = data.kept(
        np.concatenate([np.flatnonzero(data.inked & (data.true_class == k))[:1] for k in (0, 1)])
    )
    found = variance_estimate(alone, Aggregator.MEAN, rng=rng())
    assert "one patient" in found.reason
    assert np.isfinite(found.value)
    assert np.isnan(found.low)
