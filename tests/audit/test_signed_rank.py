"""The signed-rank test against scipy and by counting, its size with patients of many pictures, its power."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gsal.audit import AuditData
from gsal.audit.signed_rank import SignedRank, _mean_of_two, paired_confidence, paired_saliency, signed_rank

NOMINAL = (5, 28)
"""Of 300 tests at 5 %, the 0.1th and 99.9th percentile of rejections."""


def compared(differences: np.ndarray, codes: np.ndarray | None = None) -> SignedRank:
    codes = np.arange(len(differences)) if codes is None else codes
    return signed_rank(differences, np.zeros(len(differences)), codes, rng=np.random.default_rng(0))


@pytest.mark.parametrize("n", [8, 40, 300])
@pytest.mark.parametrize("digits", [1, 9])
def test_w_and_p_are_those_of_scipy(n: int, digits: int) -> None:
    differences = np.round(np.random.default_rng(n).normal(0.2, size=n), digits)
    result = compared(differences)
    moved = differences[differences != 0]
    expected = stats.wilcoxon(moved)
    assert (result.statistic, result.p_value) == (expected.statistic, expected.pvalue)
    assert result.p_patients == result.p_value
    ranks = stats.rankdata(np.abs(moved))
    up, down = ranks[moved > 0].sum(), ranks[moved < 0].sum()
    assert result.rank_biserial == pytest.approx((up - down) / (up + down))
    assert (result.n, result.zeros) == (n, n - len(moved))
    sizes = np.abs(moved).tolist()
    assert result.ties == sum(sizes.count(size) > 1 for size in sizes)


@given(st.lists(st.integers(-9, 9) | st.floats(-1e3, 1e3), min_size=1, max_size=40))
def test_means_of_two_are_in_order(values: list[float]) -> None:
    ordered = np.sort(np.array(values) / 3)
    means = sorted((ordered[i] + ordered[j]) / 2 for i in range(len(values)) for j in range(i + 1))
    assert [_mean_of_two(ordered, rank + 1) for rank in range(len(means))] == pytest.approx(means, abs=1e-12)


@pytest.mark.parametrize("n", [1, 2, 15, 60])
def test_shift_and_interval_are_those_of_all_means_of_two(n: int) -> None:
    differences = np.random.default_rng(n).normal(0.3, size=n)
    result = compared(differences)
    means = np.sort([(differences[i] + differences[j]) / 2 for i in range(n) for j in range(i + 1)])
    assert result.shift == pytest.approx(np.median(means))
    if n > 2:
        # Hollander and Wolfe's large-sample interval.
        reach = stats.norm.ppf(0.975) * np.sqrt(n * (n + 1) * (2 * n + 1) / 24)
        below = round(n * (n + 1) / 4 - reach)
        assert (result.low, result.high) == pytest.approx((means[below - 1], means[-below]))


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=25), st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_swapping_the_models_mirrors_all(values: list[int], seed: int) -> None:
    differences = np.array(values, dtype=np.float64)
    codes = np.random.default_rng(seed).integers(6, size=len(values))
    first, second = compared(differences, codes), compared(-differences, codes)
    assert (first.low, first.shift) == pytest.approx((-second.high, -second.shift), nan_ok=True)
    assert first.rank_biserial == pytest.approx(-second.rank_biserial, nan_ok=True)
    assert (first.p_value, first.p_patients) == pytest.approx(
        (second.p_value, second.p_patients), nan_ok=True
    )


def test_p_by_patient_is_that_of_all_signs() -> None:
    rng = np.random.default_rng(4)
    codes = rng.integers(9, size=30)
    differences = rng.normal(0.4, size=30) + rng.normal(size=9)[codes]
    sums = np.bincount(codes, weights=stats.rankdata(np.abs(differences)) * np.sign(differences))
    turned = np.abs(np.array(list(product([-1, 1], repeat=len(sums)))) @ sums)
    expected = (turned >= abs(sums.sum()) - 1e-9).mean()
    assert compared(differences, codes).p_patients == pytest.approx(expected, abs=0.015)


def test_many_patients_take_the_normal_limit_of_the_same_test(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(8)
    codes = rng.integers(70, size=300)
    differences = rng.normal(0.2, size=300) + rng.normal(size=70)[codes]
    limit = compared(differences, codes)
    monkeypatch.setattr("gsal.audit.signed_rank._FEW_PATIENTS", 1000)
    assert limit.p_patients == pytest.approx(compared(differences, codes).p_patients, abs=0.02)


@pytest.mark.parametrize("patients", [20, 60])
def test_size_is_nominal_and_the_interval_covers_with_five_pictures_per_patient(patients: int) -> None:
    results = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        codes = np.repeat(np.arange(patients), 5)
        results.append(compared(rng.normal(size=patients)[codes] + 0.5 * rng.normal(size=len(codes)), codes))
    low, high = NOMINAL
    assert low <= sum(item.p_patients <= 0.05 for item in results) <= high
    assert low <= sum(not item.low <= 0 <= item.high for item in results) <= high
    assert sum(item.p_value <= 0.05 for item in results) > 3 * high


def test_a_planted_shift_is_found_and_its_size() -> None:
    found = [compared(np.random.default_rng(seed).laplace(0.5, 1, size=120)) for seed in range(40)]
    assert sum(item.p_patients <= 0.05 and item.low > 0 for item in found) >= 38
    assert sum(item.low <= 0.5 <= item.high for item in found) >= 34


@pytest.mark.parametrize(
    ("differences", "codes", "reason"),
    [
        ([], [], "no picture"),
        ([np.nan], [0], "no picture"),
        ([0.0, 0.0], [0, 1], "do not differ"),
        ([0.3], [0], "fewer than two patients"),
        ([0.3, 0.2], [0, 0], "fewer than two patients"),
    ],
)
def test_what_is_undefined_says_why(differences: list[float], codes: list[int], reason: str) -> None:
    result = compared(np.array(differences), np.array(codes, dtype=np.int64))
    assert reason in result.reason
    assert np.isnan([result.low, result.high]).all()
    assert np.isnan(result.p_patients) or len(differences) == 1


def test_models_are_paired_by_picture(make_data: Callable[..., AuditData]) -> None:
    first, second = make_data(1, model="a"), make_data(2, model="b")
    gone = second.mean.copy()
    gone[np.flatnonzero(second.inked)[:3]] = np.nan
    second = replace(second, mean=gone)
    order = np.random.default_rng(0).permutation(second.n)
    names = ["image_ids", "patient", "true_class", "predicted", "explained", "logits", "inked", "ink_px"]
    arrays = {name: getattr(second, name)[order] for name in [*names, "mask_area", "mean", "peak"]}
    shuffled = replace(second, images=tuple(second.images[row] for row in order), **arrays)
    kept = first.inked & ~np.isnan(gone)
    rng = np.random.default_rng(0)
    saliency = paired_saliency(first, shuffled, rng=rng)
    expected = stats.wilcoxon(first.mean[kept], gone[kept])
    assert (saliency.statistic, saliency.p_value) == pytest.approx((expected.statistic, expected.pvalue))
    assert saliency.n == kept.sum()
    assert saliency.n_patients < saliency.n
    confidence = paired_confidence(first, shuffled, rng=rng)
    assert confidence.p_value == pytest.approx(
        stats.wilcoxon(first.confidence[kept], second.confidence[kept]).pvalue
    )
    assert confidence.n == saliency.n
    with pytest.raises(ValueError, match="methods differ"):
        paired_saliency(first, replace(second, method="other"), rng=rng)
