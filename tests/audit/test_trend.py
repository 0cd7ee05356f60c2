"""The trend of accuracy over thresholds: tau against scipy, P against all orders, its size and its power."""

from itertools import permutations as orders

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gsal.audit import AuditData
from gsal.audit import response_rate as rr
from gsal.audit.trend import MOST_THRESHOLDS, Thresholds, Trend, _cut, _taus, trend, trend_of
from gsal.records import Aggregator

NOMINAL = (5, 28)
"""Of 300 tests at 5 %, the 0.1th and 99.9th percentile of rejections."""

P_VALUES = ("marginal_p", "within_class_p", "patient_p")


def alone(n: int) -> np.ndarray:
    return np.arange(n)


def trend_by_picture(
    saliency: np.ndarray, correct: np.ndarray, *, permutations: int = 39, draws: int = 39
) -> Trend:
    n, rng = len(saliency), np.random.default_rng(0)
    classes = np.zeros(n, dtype=np.int64)
    return trend(saliency, correct, alone(n), classes, rng=rng, permutations=permutations, draws=draws)


@given(st.lists(st.lists(st.integers(0, 4), min_size=7, max_size=7), min_size=1, max_size=5))
def test_tau_of_each_row_is_that_of_scipy(rows: list[list[int]]) -> None:
    for row, tau in zip(rows, _taus(np.array(rows) / 4), strict=True):
        expected = 0.0 if len(set(row)) == 1 else stats.kendalltau(range(7), row).statistic
        assert tau == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("n", [12, 90, 700])
@pytest.mark.parametrize("digits", [1, 9])
def test_tau_is_that_of_the_curve(n: int, digits: int) -> None:
    rng = np.random.default_rng(n)
    saliency, correct = np.round(rng.normal(size=n), digits), rng.random(n) < 0.6
    saliency[0] = np.nan
    result = trend_by_picture(saliency, correct)
    assert result.tau == pytest.approx(rr.kendall_tau(saliency, correct))
    line = rr.curve(saliency, correct)
    assert result.thresholds == len(np.unique(line.threshold))
    if result.thresholds <= MOST_THRESHOLDS:
        assert result.tested_tau == pytest.approx(result.tau)
    else:
        at = [int(np.ceil(round(share * line.n, 6))) - line.k0 for share in np.arange(10, 101) / 100]
        assert result.tested_tau == pytest.approx(stats.kendalltau(at, line.accuracy[at]).statistic)
    assert result.n == n - 1


def test_deciles_are_ten_thresholds_at_the_ends_of_ties() -> None:
    saliency = np.concatenate([np.zeros(35), np.arange(1.0, 66.0)])
    correct = np.random.default_rng(1).random(100) < 0.5
    result = trend(
        saliency,
        correct,
        alone(100),
        np.zeros(100, dtype=np.int64),
        rng=np.random.default_rng(0),
        thresholds=Thresholds.DECILES,
        permutations=19,
        draws=19,
    )
    ends = [35, 40, 50, 60, 70, 80, 90, 100]
    assert result.thresholds == len(ends)
    expected = stats.kendalltau(ends, [correct[:end].mean() for end in ends])
    assert (result.tau, result.paper_p) == pytest.approx((expected.statistic, expected.pvalue))


def test_p_is_that_of_all_orders() -> None:
    saliency = np.array([0.0, 0.2, 0.3, 0.3, 0.7, 0.9])
    correct = np.array([True, True, False, True, False, False])
    taus = np.array([rr.kendall_tau(saliency, correct[list(order)]) for order in orders(range(6))])
    taus[np.isnan(taus)] = 0.0
    observed = rr.kendall_tau(saliency, correct)
    exact = 2 * min((taus <= observed + 1e-9).mean(), (taus >= observed - 1e-9).mean())
    result = trend_by_picture(saliency, correct, permutations=19_999)
    assert 0.02 < exact < 0.5
    assert result.marginal_p == pytest.approx(exact, abs=0.015)
    assert result.within_class_p == pytest.approx(result.marginal_p, abs=0.02)


def test_shuffling_within_a_class_keeps_what_is_between_classes() -> None:
    rng = np.random.default_rng(3)
    classes = rng.integers(3, size=150)
    saliency, correct = rng.normal(classes), classes == 0
    shuffled = _cut(saliency, correct, None).shuffled(classes, permutations=5, rng=rng)
    assert (shuffled == _cut(saliency, correct, None).accuracy()).all()
    result = trend(saliency, correct, alone(150), classes, rng=rng, permutations=199, draws=19)
    assert result.within_class_p == 1
    assert result.marginal_p == pytest.approx(0.01)


@given(st.integers(5, 60), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_only_the_order_counts_and_wrong_answers_mirror_right_ones(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    saliency, correct = rng.integers(9, size=n).astype(float), rng.random(n) < 0.5
    first, again, mirrored = (
        trend_by_picture(values, answers)
        for values, answers in ((saliency, correct), (np.exp(saliency), correct), (saliency, ~correct))
    )
    assert first == again or first.reason == again.reason != ""
    if not first.reason:
        assert mirrored.tau == pytest.approx(-first.tau)
        assert 0 < first.marginal_p <= 1
        assert first.low <= first.high


@pytest.mark.parametrize(
    ("saliency", "correct", "reason"),
    [
        ([], [], "no picture"),
        ([np.nan], [True], "no picture"),
        ([0.1], [True], "all answers are right"),
        ([0.1, 0.2, 0.3], [True] * 3, "all answers are right"),
        ([0.1, 0.2, 0.3], [False] * 3, "all answers are wrong"),
        ([0.0] * 4, [True, False, True, False], "only one threshold"),
        ([0.0, 0.0, 1.0, 1.0], [True, False, True, False], "the same at every threshold"),
    ],
)
def test_what_is_undefined_says_why(saliency: list[float], correct: list[bool], reason: str) -> None:
    result = trend_by_picture(np.array(saliency), np.array(correct, dtype=np.bool_))
    assert reason in result.reason
    assert np.isnan([result.tau, result.low, result.paper_p, *(getattr(result, p) for p in P_VALUES)]).all()


def test_one_patient_has_a_tau_and_no_test() -> None:
    rng = np.random.default_rng(0)
    result = trend(
        np.arange(9.0), rng.random(9) < 0.5, np.zeros(9, dtype=np.int64), np.zeros(9, dtype=np.int64), rng=rng
    )
    assert np.isfinite(result.tau)
    assert "fewer than two patients" in result.reason
    assert np.isnan([result.low, *(getattr(result, p) for p in P_VALUES)]).all()


def made(seed: int, n: int, *, per_patient: int = 1, by_class: float = 0.0, effect: float = 0.0) -> Trend:
    """Saliency and answers that go together by class, by `effect`, and within patients each for itself."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(n // per_patient), per_patient)
    shared = 0.6 if per_patient > 1 else 0.0

    def noise() -> np.ndarray:
        of_patients = rng.normal(size=len(codes) // per_patient)[codes]
        return np.asarray(np.sqrt(shared) * of_patients + np.sqrt(1 - shared) * rng.normal(size=n))

    classes = rng.integers(3, size=len(codes) // per_patient)[codes]
    saliency = noise() + by_class * classes
    correct = noise() + by_class * classes + effect * saliency < 0.3
    return trend(
        saliency,
        correct,
        codes,
        classes,
        rng=rng,
        thresholds=Thresholds.DECILES if per_patient > 1 else Thresholds.EVERY,
        permutations=199,
        draws=199 if per_patient > 1 else 19,
    )


def rejections(results: list[Trend], name: str) -> int:
    return sum(getattr(item, name) <= 0.05 for item in results)


def test_size_is_nominal_and_that_of_the_paper_is_not() -> None:
    results = [made(seed, 60) for seed in range(300)]
    low, high = NOMINAL
    for name in ("marginal_p", "within_class_p"):
        assert low <= rejections(results, name) <= high
    assert rejections(results, "paper_p") > 0.6 * 300


def test_what_classes_explain_is_not_found_within_them() -> None:
    results = [made(seed, 60, by_class=0.9) for seed in range(200)]
    assert rejections(results, "within_class_p") <= stats.binom.ppf(0.999, 200, 0.05)
    assert rejections(results, "marginal_p") > 0.3 * 200


def test_size_is_nominal_with_five_pictures_per_patient() -> None:
    results = [made(seed, 200, per_patient=5) for seed in range(300)]
    low, high = NOMINAL
    assert low <= rejections(results, "patient_p") <= high
    assert all(np.isnan(item.marginal_p) and "shuffled one by one" in item.method for item in results)


def test_a_planted_effect_is_found() -> None:
    assert sum(made(seed, 200, effect=0.6).within_class_p <= 0.05 for seed in range(20)) >= 16
    found = [made(seed, 500, per_patient=5, effect=0.8) for seed in range(20)]
    assert sum(item.patient_p <= 0.05 and item.high < 0 for item in found) >= 16


def test_an_audit_takes_its_inked_pictures(data: AuditData) -> None:
    inked = data.inked
    expected = trend(
        data.peak[inked],
        data.correct[inked],
        data.codes[inked],
        data.true_class[inked],
        rng=np.random.default_rng(2),
        draws=50,
    )
    assert trend_of(data, Aggregator.PEAK, rng=np.random.default_rng(2), draws=50) == expected
    assert expected.n_patients < expected.n == inked.sum()
