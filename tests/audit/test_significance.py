"""Tests of class and saliency: scipy on the simple case, their size on null data, planted effects."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from gsal.audit import AuditData, significance
from gsal.audit.contrasts import ClassContrast, class_contrasts
from gsal.audit.global_saliency import ClassSaliency
from gsal.audit.significance import (
    TestedEffect,
    _moments_of_sums,
    class_association,
    default_permutations,
    holm,
    levene_of_class_means,
    levene_power,
)
from gsal.records import Aggregator

Make = Callable[..., AuditData]

NOMINAL = (5, 28)
"""Of 300 tests at 5 %, the 0.1th and 99.9th percentile of rejections."""


def with_peaks(
    data: AuditData, values: np.ndarray, classes: np.ndarray, codes: np.ndarray | None = None
) -> AuditData:
    """The audit with these figures on all its pictures, each of a patient of its own unless told."""
    names = np.arange(data.n) if codes is None else codes
    return replace(
        data,
        inked=np.ones(data.n, dtype=np.bool_),
        peak=np.asarray(values, dtype=np.float64),
        true_class=np.asarray(classes, dtype=np.int64),
        patient=np.array([f"p{name}" for name in names]),
    )


def association(data: AuditData, *, permutations: int = 199, seed: int = 0) -> TestedEffect:
    rng = np.random.default_rng(seed)
    return class_association(data, Aggregator.PEAK, rng=rng, permutations=permutations)


def test_f_is_that_of_scipy_and_p_near_it(make_data: Make) -> None:
    rng = np.random.default_rng(1)
    classes = rng.integers(3, size=120)
    values = rng.normal(0.25 * classes)
    result = association(with_peaks(make_data(), values, classes), permutations=9999)
    expected = stats.f_oneway(*(values[classes == index] for index in range(3)))
    assert result.statistic == pytest.approx(float(expected.statistic))
    assert result.p_value == pytest.approx(float(expected.pvalue), abs=0.01)
    assert 0.005 < result.p_value < 0.5
    # Omega squared in terms of F (Hays 1963).
    assert result.estimate == pytest.approx(2 * (result.statistic - 1) / (2 * (result.statistic - 1) + 120))
    assert (result.n, result.n_patients) == (120, 120)


def test_p_is_that_of_all_exchanges_of_patients(make_data: Make) -> None:
    """Two patients of three pictures and four of one: 2! x 4! exchanges, P can be counted."""
    codes = np.array([0, 0, 0, 1, 1, 1, 2, 3, 4, 5])
    classes = np.array([0, 0, 1, 1, 1, 1, 0, 1, 0, 1])
    values = np.array([0.1, 0.4, 0.9, 1.1, 0.8, 2.0, 0.2, 1.4, 0.3, 0.6])
    result = association(with_peaks(make_data(n=10), values, classes, codes), permutations=9999)
    found = []
    for big in ([0, 1, 2, 3, 4, 5], [3, 4, 5, 0, 1, 2]):
        for small in np.array(np.meshgrid(*[range(6, 10)] * 4)).reshape(4, -1).T:
            if len(set(small.tolist())) == 4:
                moved = values[np.concatenate([big, small])]
                found.append(stats.f_oneway(moved[classes == 0], moved[classes == 1]).statistic)
    assert len(found) == 48
    expected = np.mean(np.array(found) >= result.statistic * (1 - 1e-9))
    assert result.p_value == pytest.approx(expected, abs=0.015)
    assert "patients with as many pictures" in result.method


def test_association_takes_inked_pictures_under_both_aggregators(data: AuditData) -> None:
    for aggregator in Aggregator:
        result = class_association(data, aggregator, rng=np.random.default_rng(0))
        assert result.n == data.inked.sum()
        assert result.n_patients < result.n
        assert "1,999 permutations" in result.method
    assert default_permutations(20_000) == 1999
    assert default_permutations(20_001) == 499


def noise(rng: np.random.Generator, codes: np.ndarray) -> np.ndarray:
    """Mostly zeros where it is peaks; pictures of a patient are alike."""
    return np.asarray(rng.normal(size=codes.max() + 1)[codes] + 0.5 * rng.normal(size=len(codes)))


def test_size_is_nominal_by_picture_and_with_five_pictures_per_patient(make_data: Make) -> None:
    made, by_picture, by_patient = make_data(n=150), 0, 0
    naive = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        skewed = np.maximum(0, rng.normal(size=150)) ** 3
        by_picture += (
            association(with_peaks(made, skewed, rng.integers(3, size=150)), permutations=99).p_value <= 0.05
        )
        codes = np.repeat(np.arange(30), 5)
        classes, values = rng.integers(3, size=30)[codes], noise(rng, codes)
        by_patient += association(with_peaks(made, values, classes, codes), permutations=99).p_value <= 0.05
        naive.append(stats.f_oneway(*(values[classes == index] for index in range(3))).pvalue)
    low, high = NOMINAL
    assert low <= by_picture <= high
    assert low <= by_patient <= high
    assert sum(p <= 0.05 for p in naive) > 3 * high


def test_a_planted_class_is_found(make_data: Make) -> None:
    made, found = make_data(n=200), 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        codes = np.repeat(np.arange(100), 2)
        classes = rng.integers(3, size=100)[codes]
        planted = with_peaks(made, noise(rng, codes) + 1.2 * (classes == 1), classes, codes)
        contrasts = class_contrasts(planted, Aggregator.PEAK)
        found += association(planted).p_value <= 0.05 and contrasts[1].p_holm <= 0.05 and contrasts[1].low > 0
    assert found >= 18


@pytest.mark.parametrize(
    ("values", "classes", "codes", "reason"),
    [
        ([], [], [], "no inked picture"),
        ([1.0], [0], [0], "of one class"),
        ([1.0, 2.0], [1, 1], [0, 1], "of one class"),
        ([1.0, 1.0, 1.0], [0, 1, 1], [0, 1, 2], "the same saliency"),
        ([1.0, 2.0], [0, 1], [0, 1], "no class has two"),
        ([1.0, 2.0, 3.0], [0, 1, 1], [0, 0, 1], "none can be exchanged"),
    ],
)
def test_what_is_undefined_says_why(
    make_data: Make, values: list[float], classes: list[int], codes: list[int], reason: str
) -> None:
    made = with_peaks(make_data(n=12), np.zeros(12), np.zeros(12), np.arange(12))
    rows = len(values)
    made.peak[:rows], made.true_class[:rows] = values, classes
    made.patient[:rows] = [f"p{code}" for code in codes]
    made = replace(made, inked=np.arange(12) < rows)
    result = association(made)
    assert reason in result.reason
    assert np.isnan([result.p_value, result.statistic, result.estimate]).all()
    assert all(item.reason or np.isfinite(item.p_value) for item in class_contrasts(made, Aggregator.PEAK))


def test_classes_without_noise_have_an_infinite_f(make_data: Make) -> None:
    classes = np.arange(30) % 3
    result = association(with_peaks(make_data(n=30), classes, classes))
    assert result.statistic == float("inf")
    assert result.p_value == pytest.approx(1 / 200)
    assert result.estimate == pytest.approx(1)


@given(st.lists(st.sampled_from([0.0, 0.001, 0.01, 0.02, 0.03, 0.3, 1.0]), max_size=9), st.integers(0, 8))
def test_holm_adjusts_by_rank_and_leaves_out_what_is_undefined(p_values: list[float], place: int) -> None:
    adjusted = holm(p_values)
    count = len(p_values)
    for p, found in zip(p_values, adjusted, strict=True):
        steps = [
            (count - sum(other < least for other in p_values)) * least for least in p_values if least <= p
        ]
        assert found == pytest.approx(min(1.0, max(steps)))
    with_gap = holm([*p_values[:place], float("nan"), *p_values[place:]])
    assert [p for p in with_gap if not np.isnan(p)] == list(adjusted)
    assert len(with_gap) == count + 1


def test_holm_is_that_of_statsmodels() -> None:
    p_values = np.random.default_rng(2).random(12) ** 4
    assert holm(p_values.tolist()) == pytest.approx(multipletests(p_values, method="holm")[1].tolist())


def test_contrasts_are_welch_s_test(make_data: Make) -> None:
    rng = np.random.default_rng(5)
    classes = rng.integers(3, size=120)
    values = rng.normal(0.3 * classes, 1 + classes)
    results = class_contrasts(with_peaks(make_data(), values, classes), Aggregator.PEAK)
    for index, item in enumerate(results):
        test = stats.ttest_ind(values[classes == index], values[classes != index], equal_var=False)
        interval = test.confidence_interval(0.95)
        assert (item.statistic, item.p_value) == pytest.approx((test.statistic, test.pvalue))
        assert (item.low, item.high) == pytest.approx((interval.low, interval.high))
    assert [item.p_holm for item in results] == pytest.approx(holm([item.p_value for item in results]))


def test_pictures_twice_of_each_patient_tell_no_more(make_data: Make) -> None:
    rng = np.random.default_rng(6)
    classes, values = rng.integers(3, size=60), rng.normal(size=60)
    once = class_contrasts(with_peaks(make_data(n=60), values, classes), Aggregator.PEAK)
    codes = np.tile(np.arange(60), 2)
    twice = class_contrasts(
        with_peaks(make_data(n=120), np.tile(values, 2), np.tile(classes, 2), codes), Aggregator.PEAK
    )
    for first, second in zip(once, twice, strict=True):
        assert (first.low, first.high, first.p_value) == pytest.approx(
            (second.low, second.high, second.p_value)
        )
        assert second.n == 2 * first.n
        assert second.n_patients == first.n_patients


def test_what_a_patient_shares_between_classes_cancels(make_data: Make) -> None:
    rng = np.random.default_rng(7)
    codes, classes = np.repeat(np.arange(40), 2), np.tile([0, 1], 40)
    values = 5 * rng.normal(size=40)[codes] + rng.normal(size=80)
    item = class_contrasts(with_peaks(make_data(n=80), values, classes, codes), Aggregator.PEAK)[0]
    paired = stats.ttest_rel(values[::2], values[1::2])
    assert (item.statistic, item.estimate) == pytest.approx(
        (paired.statistic, (values[::2] - values[1::2]).mean())
    )


@pytest.mark.parametrize("per_patient", [1, 5])
def test_contrasts_hold_their_level(make_data: Make, per_patient: int) -> None:
    made, rejected, any_rejected = make_data(n=300), 0, 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        codes = np.repeat(np.arange(300 // per_patient), per_patient)
        classes = rng.choice(3, p=[0.25, 0.5, 0.25], size=300 // per_patient)[codes]
        peaks = np.maximum(0, noise(rng, codes))
        items = class_contrasts(with_peaks(made, peaks, classes, codes), Aggregator.PEAK)
        rejected += items[0].p_value <= 0.05
        any_rejected += min(item.p_holm for item in items) <= 0.05
    low, high = NOMINAL
    assert low <= rejected <= high
    assert any_rejected <= high


def means_of(values: list[float]) -> list[ClassSaliency]:
    return [
        ClassSaliency(str(index), value, np.nan, np.nan, 0.1, int(np.isfinite(value)), 1, np.nan, "", True)
        for index, value in enumerate(values)
    ]


def test_levene_is_centred_on_the_mean_and_says_what_it_can_find() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=7).tolist(), rng.normal(size=7).tolist()
    result = levene_of_class_means(means_of(first), means_of(second))
    apart = [np.abs(np.array(side) - np.mean(side)) for side in (first, second)]
    # Of two groups, F is the square of Student's t.
    expected = stats.ttest_ind(*apart)
    assert result.statistic == pytest.approx(expected.statistic**2)
    assert result.p_value == pytest.approx(expected.pvalue)
    assert result.estimate == pytest.approx(np.var(first, ddof=1) / np.var(second, ddof=1))
    assert "F(1, 12)" in result.method
    assert "descriptive" in result.method
    assert "0.15" in result.method
    short = levene_of_class_means(means_of([*first, np.nan]), means_of([*second, 1.0]))
    assert short == result


def test_levene_power() -> None:
    assert levene_power(7) == pytest.approx(0.15, abs=0.015)
    rng, found = np.random.default_rng(3), 0
    for _ in range(1000):
        means, others = 4 * rng.normal(size=7), rng.normal(size=7)
        found += float(stats.levene(means, others, center="mean").pvalue) <= 0.05
    assert levene_power(7, ratio=16.0) == pytest.approx(found / 1000, abs=0.04)


@pytest.mark.parametrize(
    ("first", "second", "reason"), [([0.1, 0.2], [0.1, 0.3], "three"), ([1.0] * 3, [1.0, 2.0, 3.0], "same")]
)
def test_levene_undefined_says_why(first: list[float], second: list[float], reason: str) -> None:
    result = levene_of_class_means(means_of(first), means_of(second))
    assert np.isnan(result.p_value)
    assert reason in result.reason


def test_a_class_without_pictures_is_kept_apart(make_data: Make) -> None:
    rng = np.random.default_rng(9)
    results = class_contrasts(
        with_peaks(make_data(n=60), rng.normal(size=60), rng.integers(2, size=60)), Aggregator.PEAK
    )
    assert isinstance(results[2], ClassContrast)
    assert np.isnan(results[2].p_holm)
    assert "no inked picture of the class" in results[2].reason
    assert results[0].p_holm == pytest.approx(min(1, 2 * results[0].p_value))


def test_the_limit_has_the_moments_of_all_exchanges() -> None:
    """Of four patients of two pictures there are 24 exchanges."""
    rng = np.random.default_rng(0)
    values, classes = rng.normal(size=(4, 2)), np.array([[0, 1], [1, 1], [2, 0], [0, 0]])
    sums = [
        np.bincount(classes.ravel(), weights=values[list(order)].ravel(), minlength=3)
        for order in permutations(range(4))
    ]
    mean, covariance = _moments_of_sums(values, np.eye(3)[classes])
    np.testing.assert_allclose(mean, np.mean(sums, axis=0))
    np.testing.assert_allclose(covariance, np.cov(sums, rowvar=False, ddof=0), atol=1e-12)


@pytest.mark.parametrize("effect", [0.0, 0.15])
def test_many_patients_take_the_limit_of_the_same_test(
    make_data: Make, monkeypatch: pytest.MonkeyPatch, effect: float
) -> None:
    rng = np.random.default_rng(4)
    codes = np.concatenate([np.arange(800), np.repeat(np.arange(800, 1400), 2), np.repeat(1400, 5)])
    classes = rng.integers(3, size=1401)[codes]
    made = with_peaks(
        make_data(n=len(codes)), noise(rng, codes) ** 2 + effect * (classes == 1), classes, codes
    )
    exact = association(made, permutations=4999)
    monkeypatch.setattr(significance, "_MANY_PATIENTS", 500)
    limit = association(made, permutations=4999)
    assert limit.statistic == exact.statistic
    assert limit.p_value == pytest.approx(exact.p_value, abs=0.025)
    assert "the limit for 2,000 pictures" in limit.method
