"""The interval of one model's inter-class variance: by repeating rows, and how often it holds."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gsal.audit import AuditData, by_class, class_sums, inter_class_variance, z_scores
from gsal.audit.global_saliency import PixelPool
from gsal.audit.patients import cluster_mean
from gsal.audit.variance_interval import variance_estimate
from gsal.records import Aggregator

Make = Callable[..., AuditData]
POOL = PixelPool(0.0, 1.0, 1)
"""That leaves m as it is."""


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


def test_its_interval_is_made_of_repeated_patients(make_data: Make) -> None:
    data, draws = make_data(1), 80
    found = variance_estimate(data, Aggregator.MEAN, rng=rng(3), draws=draws)
    rows = np.flatnonzero(data.inked)
    values, labels = z_scores(data)[rows], data.true_class[rows]
    codes = np.unique(data.codes[rows], return_inverse=True)[1]
    patients = codes.max() + 1
    drawn = []
    for chosen in rng(3).integers(patients, size=(draws, patients)):
        parts = [np.flatnonzero(codes == code) for code in chosen]
        names = np.repeat(np.arange(patients), [len(part) for part in parts])
        picked = np.concatenate(parts)
        means = [
            cluster_mean(values[picked][labels[picked] == k], names[labels[picked] == k]) for k in range(3)
        ]
        noise = np.mean([one.se**2 for one in means])
        drawn.append(np.var([one.mean for one in means], ddof=1) - noise)
    low, high = np.percentile(drawn, [2.5, 97.5])
    assert (found.low, found.high) == pytest.approx((max(0.0, low), high))
    taken_off = found.value - found.corrected
    assert (found.corrected_low, found.corrected_high) == pytest.approx((low - taken_off, high - taken_off))


def test_many_pictures_have_the_interval_that_resampling_tends_to(
    make_data: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make_data(n=6000)
    normal = variance_estimate(data, Aggregator.MEAN, rng=rng(), draws=4000)
    monkeypatch.setattr(class_sums, "_MANY_PATIENTS", 10**6)
    resampled = variance_estimate(data, Aggregator.MEAN, rng=rng(), draws=4000)
    assert normal.method != resampled.method
    width = resampled.high - resampled.low
    for name in ("low", "high", "corrected_low", "corrected_high"):
        assert getattr(normal, name) == pytest.approx(getattr(resampled, name), abs=0.06 * width)


@pytest.mark.parametrize("apart", [0.0, 0.15, 0.6])
def test_it_holds_the_true_variance(make_data: Make, apart: float) -> None:
    """Class means by construction `apart` from each other, beside what the data have (.3 in one class)."""
    true = float(np.var([0.3, apart, 2 * apart], ddof=1))
    held = 0
    for seed in range(80):
        data = make_data(seed, n=200)
        moved = replace(data, mean=data.mean + apart * data.true_class)
        found = variance_estimate(moved, Aggregator.MEAN, rng=rng(seed), draws=300, pool=POOL)
        held += found.corrected_low <= true <= found.corrected_high
    assert held >= 68, "95 % of 80, less four standard errors"


def test_it_rarely_finds_a_variance_where_there_is_none(make_data: Make) -> None:
    found = 0
    for seed in range(80):
        data = make_data(seed, n=200)
        level = replace(data, mean=data.mean - 0.3 * (data.true_class == 0))
        shuffled = variance_estimate(level, Aggregator.MEAN, rng=rng(seed), draws=300, pool=POOL)
        found += shuffled.corrected_low > 0
    assert found <= 6, "2.5 % of 80, and three standard errors"


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
