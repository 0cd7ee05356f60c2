"""Whether ink saliency goes with what ink does: planted relations, scipy's figures, and chance."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gsal.audit import AuditData
from gsal.audit.counterfactual import Pairs, Scale
from gsal.audit.faithfulness import Faithfulness, faithfulness_of
from gsal.audit.rank_correlation import rank_correlation, weighted_spearman
from gsal.records import Aggregator, Variant
from gsal.resampling import clusters


def without_ink(data: AuditData, effect: np.ndarray) -> Pairs:
    """Answers to the inked pictures of these data with their ink painted over.

    Args:
        data: Their logits are those with ink.
        effect: (N,), what the ink of each picture adds to the logit of the class explained.
    """
    rows = np.flatnonzero(data.inked)[::-1]
    after = data.logits[rows].copy()
    after[np.arange(len(rows)), data.explained[rows]] -= effect[rows]
    return Pairs(
        model=data.model,
        classes=data.classes,
        variant=Variant.INPAINTED,
        image_ids=data.image_ids[rows],
        patient=data.patient[rows],
        true_class=data.true_class[rows],
        before=data.logits[rows],
        after=after,
    )


def faithful(
    data: AuditData, effect: np.ndarray, aggregator: Aggregator = Aggregator.MEAN, **options: Any
) -> Faithfulness:
    pairs = without_ink(data, effect)
    scale = options.pop("scale", Scale.LOGIT)
    return faithfulness_of(data, pairs, aggregator, scale, rng=np.random.default_rng(0), **options)


def test_an_effect_proportional_to_m_is_faithful(data: AuditData) -> None:
    found = faithful(data, 2.5 * data.mean)
    assert found.correlation.spearman == pytest.approx(1)
    assert found.correlation.kendall == pytest.approx(1)
    assert (found.correlation.low, found.correlation.high) == pytest.approx((1, 1))
    assert found.correlation.n == int(data.inked.sum())
    assert found.left_out == 0
    opposite = faithful(data, -2.5 * data.mean)
    assert opposite.correlation.spearman == pytest.approx(-1)
    assert faithful(data, 2.5 * data.mean, scale=Scale.PROBABILITY).correlation.spearman > 0.5


def test_no_effect_is_undefined_and_says_why(data: AuditData) -> None:
    found = faithful(data, np.zeros(data.n))
    assert np.isnan(found.correlation.spearman)
    assert found.correlation.reason == "taking the ink away changes all pictures alike"
    assert found.correlation.n == int(data.inked.sum())
    flat = replace(data, peak=np.where(data.inked, 0.0, np.nan))
    effect = np.random.default_rng(1).normal(size=data.n)
    assert faithful(flat, effect, Aggregator.PEAK).correlation.reason == (
        "all pictures have the same ink saliency"
    )


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_pictures_are_too_few(data: AuditData, n: int) -> None:
    inked = np.isin(np.arange(data.n), np.flatnonzero(data.inked)[:n])
    found = faithful(replace(data, inked=inked), data.mean)
    assert found.correlation.reason == "fewer than 3 pictures"
    assert found.correlation.n == n


def test_the_figures_are_scipys(data: AuditData) -> None:
    effect = data.mean + np.random.default_rng(3).normal(0, 0.5, size=data.n)
    for aggregator in Aggregator:
        found = faithful(data, effect, aggregator).correlation
        saliency, truth = data.aggregate(aggregator)[data.inked], effect[data.inked]
        assert found.spearman == pytest.approx(stats.spearmanr(saliency, truth).statistic)
        assert found.kendall == pytest.approx(stats.kendalltau(saliency, truth).statistic)
        assert found.low < found.spearman < found.high


def test_pictures_without_an_answer_are_left_out_and_counted(data: AuditData) -> None:
    effect = data.mean.copy()
    pairs = without_ink(data, effect)
    some = replace(
        pairs,
        **{
            name: getattr(pairs, name)[5:]
            for name in ("image_ids", "patient", "true_class", "before", "after")
        },
    )
    found = faithfulness_of(data, some, Aggregator.MEAN, Scale.LOGIT, rng=np.random.default_rng(0))
    assert found.left_out == 5
    assert found.correlation.n == int(data.inked.sum()) - 5
    with pytest.raises(ValueError, match="other"):
        faithfulness_of(
            data,
            replace(pairs, model="other"),
            Aggregator.MEAN,
            Scale.LOGIT,
            rng=np.random.default_rng(0),
        )


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_weights_are_copies(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.integers(6, size=(2, 12)).astype(float)
    weights = rng.integers(3, size=(4, 12)).astype(float)
    found = weighted_spearman(first, second, weights)
    for row, rho in zip(weights.astype(int), found, strict=True):
        copies = np.repeat(first, row), np.repeat(second, row)
        if any(len(np.unique(side)) < 2 for side in copies):
            assert np.isnan(rho)
        else:
            assert rho == pytest.approx(stats.spearmanr(*copies).statistic)


def test_the_interval_is_that_of_a_plain_loop_over_patients() -> None:
    rng = np.random.default_rng(5)
    codes = rng.integers(12, size=40)
    first, second = rng.normal(size=(2, 40))
    found = rank_correlation(first, second, codes, rng=np.random.default_rng(6), draws=300)
    names, by_name = (
        np.unique(codes),
        np.random.default_rng(6).integers(len(np.unique(codes)), size=(300, len(np.unique(codes)))),
    )
    rhos = []
    for drawn in by_name:
        rows = np.concatenate([np.flatnonzero(codes == names[one]) for one in drawn])
        rhos.append(stats.spearmanr(first[rows], second[rows]).statistic)
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(rhos, [2.5, 97.5])))


@pytest.mark.parametrize("pictures_each", [1, 4])
def test_unrelated_figures_are_told_from_none_in_one_of_twenty(pictures_each: int) -> None:
    """Half of n is 0, and patients differ: neither makes a relation."""
    rng = np.random.default_rng(9)
    patients, runs, false = 40, 300, 0
    codes = np.repeat(np.arange(patients), pictures_each)
    for _ in range(runs):
        first, second = rng.normal(size=(2, patients))[:, codes] + 0.5 * rng.normal(size=(2, len(codes)))
        found = rank_correlation(np.maximum(0, first), second, codes, rng=rng, draws=200)
        false += not found.low <= 0 <= found.high
    assert 0.02 < false / runs < 0.09


def test_a_planted_relation_is_found(data: AuditData) -> None:
    """At rho about .5 and 80 inked pictures, in nearly all of 50 runs."""
    rng = np.random.default_rng(10)
    found = 0
    for _ in range(50):
        effect = data.mean + rng.normal(0, 0.7, size=data.n)
        found += faithful(data, effect, draws=200).correlation.low > 0
    assert found > 45


def test_one_patient_has_no_interval() -> None:
    first, second = np.random.default_rng(0).normal(size=(2, 8))
    found = rank_correlation(first, second, clusters(np.array(["p"] * 8)), rng=np.random.default_rng(0))
    assert np.isfinite(found.spearman)
    assert np.isnan(found.low)
    assert found.reason == "fewer than two patients: no interval"


def test_the_partial_correlation_is_that_of_the_residuals_of_ranks() -> None:
    rng = np.random.default_rng(11)
    area = rng.exponential(size=60)
    first, second = area + rng.normal(size=60), area + rng.normal(size=60)
    found = rank_correlation(first, second, np.arange(60), given=area, rng=rng, draws=200)
    ranks = [stats.rankdata(side) for side in (first, second, area)]
    left = [side - np.polyval(np.polyfit(ranks[2], side, 1), ranks[2]) for side in ranks[:2]]
    assert found.spearman == pytest.approx(np.corrcoef(left[0], left[1])[0, 1])
    assert abs(found.kendall) < stats.kendalltau(first, second).statistic


def test_what_the_area_of_the_ink_alone_explains_vanishes_when_it_is_held_fixed() -> None:
    """Saliency and effect that both grow with the ink, and with nothing else; 60 runs."""
    rng = np.random.default_rng(12)
    plain, held = 0, 0
    for _ in range(60):
        area = rng.exponential(size=80)
        first, second = rng.normal(area, 0.5), rng.normal(area, 0.5)
        plain += rank_correlation(first, second, np.arange(80), rng=rng, draws=200).low > 0
        found = rank_correlation(first, second, np.arange(80), given=area, rng=rng, draws=200)
        held += not found.low <= 0 <= found.high
    assert plain > 57
    assert held < 10


def test_what_is_held_fixed_may_leave_nothing() -> None:
    first, second = np.random.default_rng(0).normal(size=(2, 20))
    for fixed in (np.ones(20), first):
        found = rank_correlation(
            first, second, np.arange(20), given=fixed, rng=np.random.default_rng(0), draws=20
        )
        assert np.isnan(found.spearman)
        assert found.reason == "what is held fixed is constant, or says all of one of both"
