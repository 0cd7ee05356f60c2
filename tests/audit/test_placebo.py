"""The same masks on inpainted pictures: a planted ink reading is found, one that is all position is not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsal.audit import AuditData, by_class, plain
from gsal.audit.global_saliency import pixel_pool
from gsal.audit.patients import cluster_mean
from gsal.audit.placebo import (
    ALL,
    Placebo,
    placebo_by_class,
    placebo_response,
    ratio_of_means,
    with_and_without,
)
from gsal.audit.response_rate import normalised
from gsal.records import Aggregator

Make = Callable[..., AuditData]


def inpainted(original: AuditData, seed: int = 50, *, fall: float = 0.0) -> AuditData:
    """The inked pictures once more, with other noise, lower by the fall, and maps of another scale."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(2, original.n))
    made = replace(
        original,
        mean=original.mean + 0.3 * noise[0] - fall,
        peak=np.maximum(0, original.peak + 0.02 * noise[1] - fall / 10),
        map_sum=original.map_sum * 5,
        map_sum_sq=original.map_sum_sq * 30,
    )
    return made.kept(np.flatnonzero(original.inked))


def differences(original: AuditData, placebo: AuditData, aggregator: Aggregator, draws: int = 200) -> Placebo:
    return with_and_without(original, placebo, aggregator, rng=np.random.default_rng(0), draws=draws)


@pytest.mark.parametrize("aggregator", list(Aggregator))
def test_both_are_on_the_scale_of_the_pictures_as_they_are(make_data: Make, aggregator: Aggregator) -> None:
    original = make_data()
    placebo = inpainted(original, fall=0.5)
    found = differences(original, placebo, aggregator)
    pool = pixel_pool(original)
    shift, scale = (pool.mean, pool.sd) if aggregator is Aggregator.MEAN else (0.0, 1.0)
    drawn = placebo_by_class(original, placebo, aggregator, rng=np.random.default_rng(0), draws=50)
    own = by_class(original, aggregator, rng=np.random.default_rng(0), draws=50)
    for index, item in enumerate(found.classes):
        rows = placebo.true_class == index
        value = placebo.aggregate(aggregator)[rows].mean()
        assert item.placebo == pytest.approx((value - shift) / scale)
        assert item.placebo == pytest.approx(drawn[index].mean)
        assert item.ink == pytest.approx(own[index].mean)
        assert item.difference.estimate == pytest.approx(item.ink - item.placebo)
        chance = 6.5 / 64 if aggregator is Aggregator.PEAK else 0
        if not item.share_left.reason:
            left = (item.placebo - chance) / (item.ink - chance)
            assert item.share_left.estimate == pytest.approx(left)
    assert found.overall.name == ALL
    assert found.overall.difference.n == original.inked.sum()
    assert plain.encode(plain.decode(Placebo, plain.encode(found))) == plain.encode(found)


@pytest.mark.parametrize("aggregator", list(Aggregator))
def test_pictures_without_a_change_have_none(make_data: Make, aggregator: Aggregator) -> None:
    original = make_data()
    same = differences(original, original.kept(np.flatnonzero(original.inked)), aggregator)
    assert same.overall.difference.estimate == 0
    assert "same" in same.overall.difference.reason
    raised = replace(original, mean=original.mean + 2, peak=original.peak + 0.5)
    all_left = differences(raised, raised.kept(np.flatnonzero(raised.inked)), aggregator).overall.share_left
    assert (all_left.estimate, all_left.low, all_left.high) == pytest.approx((1, 1, 1), abs=1e-6)


@pytest.mark.parametrize("aggregator", list(Aggregator))
def test_what_ink_adds_is_found_and_position_alone_is_not(make_data: Make, aggregator: Aggregator) -> None:
    original = replace(make_data(n=300), peak=0.4 + make_data(n=300).peak)
    found = differences(original, inpainted(original, fall=0.4), aggregator)
    assert found.overall.difference.low > 0
    assert found.overall.difference.p_value < 0.05


def test_no_effect_of_ink_is_found_in_five_percent(make_data: Make) -> None:
    original = make_data(n=300)
    found = [
        differences(original, inpainted(original, seed), Aggregator.MEAN).overall.difference
        for seed in range(150)
    ]
    assert 0.015 < np.mean([item.p_value < 0.05 for item in found]) < 0.10
    assert np.mean([item.low <= 0 <= item.high for item in found]) > 0.91


@given(st.integers(0, 10_000), st.floats(-2, 2))
@settings(max_examples=40, deadline=None)
def test_fiellers_interval_holds_the_shares_that_a_t_test_does_not_refuse(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(12, size=40)
    whole = 1.5 + rng.normal(size=12)[codes] * 0.3 + rng.normal(size=40)
    part = 0.5 * whole + rng.normal(size=40)
    found = ratio_of_means(part, whole, codes)
    if not found.reason:
        rest = cluster_mean(part - share * whole, codes)
        assert (found.low <= share <= found.high) == (rest.low <= 0 <= rest.high)
        assert found.low <= found.estimate <= found.high


def test_fiellers_interval_covers() -> None:
    rng, codes, covered = np.random.default_rng(1), np.arange(90) // 3, 0
    for _ in range(300):
        whole = 0.8 + rng.normal(size=30).repeat(3) * 0.5 + rng.normal(size=90)
        part = 0.3 * (whole - 0.8) + 0.24 + rng.normal(size=90)
        found = ratio_of_means(part, whole, codes)
        covered += found.low <= 0.3 <= found.high
    assert 0.93 < covered / 300 < 0.98


@pytest.mark.parametrize("aggregator", list(Aggregator))
def test_the_curves_are_those_of_each_run(make_data: Make, aggregator: Aggregator) -> None:
    original = make_data()
    placebo = inpainted(original)
    placebo = replace(placebo, predicted=np.roll(placebo.predicted, 7))
    found = placebo_response(original, placebo, aggregator, rng=np.random.default_rng(0), draws=100)
    inked = original.inked
    expected = [
        normalised(original.aggregate(aggregator)[inked], original.correct[inked]),
        normalised(placebo.aggregate(aggregator), placebo.correct),
    ]
    assert [found.ink.aurrac_normalised, found.placebo.aurrac_normalised] == pytest.approx(expected)
    assert found.aurrac_normalised.estimate == pytest.approx(expected[0] - expected[1])
    assert found.aurrac_normalised.low < found.aurrac_normalised.high
    assert len(found.placebo_band.accuracy) == len(found.ink_band.accuracy) == 91
    assert found.ink.n == found.placebo.n == inked.sum()


@pytest.mark.parametrize("aggregator", list(Aggregator))
@pytest.mark.parametrize("n", [0, 1])
def test_too_few_pictures_say_why(make_data: Make, aggregator: Aggregator, n: int) -> None:
    original = make_data()
    placebo = original.kept(np.flatnonzero(original.inked)[:n])
    found = differences(original, placebo, aggregator)
    words = "two patients" if n else "no picture has both"
    assert words in found.overall.difference.reason
    assert words in found.overall.share_left.reason
    response = placebo_response(original, placebo, aggregator, rng=np.random.default_rng(0), draws=20)
    assert response.aurrac_normalised.reason
    assert response.placebo.n == n
    assert len(placebo_by_class(original, placebo, aggregator, rng=np.random.default_rng(0))) == 3


def test_a_share_of_nothing_is_not_given(make_data: Make) -> None:
    original = make_data()
    at_chance = replace(original, mean=original.mean - np.nanmean(original.mean) + pixel_pool(original).mean)
    found = differences(at_chance, inpainted(at_chance), Aggregator.MEAN).overall.share_left
    assert "not told from" in found.reason
    unknown = replace(original, mask_area=np.full(original.n, np.nan))
    found = differences(unknown, inpainted(unknown), Aggregator.PEAK).overall.share_left
    assert "size of a mask" in found.reason


@pytest.mark.parametrize("name", ["model", "method", "mask_set"])
def test_figures_of_another_run_are_no_placebo(make_data: Make, name: str) -> None:
    original, other = make_data(), dict[str, Any]({name: "other"})
    with pytest.raises(ValueError, match=f"not the placebo of these figures: {name}"):
        differences(original, replace(inpainted(original), **other), Aggregator.MEAN)
