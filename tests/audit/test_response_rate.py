"""Response rate accuracy against brute force, permutations, identities and hand counts."""

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsal.audit import response_rate as rr

FIGURES = ("accuracy", "aurrac", "oracle", "aurrac_normalised", "failure_auroc", "rank_loss", "kendall_tau")


def brute_curve(saliency: list[float], correct: list[bool]) -> list[float]:
    """A_k without ties, the definition read aloud."""
    ordered = [right for _, right in sorted(zip(saliency, correct, strict=True))]
    n = len(ordered)
    return [sum(ordered[:k]) / k for k in range((n + 9) // 10, n + 1)]


def brute_auroc(saliency: list[float], correct: list[bool]) -> float:
    pairs = [
        1.0 if wrong > right else 0.5 if wrong == right else 0.0
        for wrong, is_right in zip(saliency, correct, strict=True)
        if not is_right
        for right, other in zip(saliency, correct, strict=True)
        if other
    ]
    return sum(pairs) / len(pairs)


@pytest.mark.parametrize("n", [1, 2, 9, 10, 11, 37, 100, 101])
def test_curve_is_the_definition(n: int) -> None:
    rng = np.random.default_rng(n)
    saliency, correct = rng.permutation(n).astype(float), rng.random(n) < 0.6
    line = rr.curve(saliency, correct)
    expected = brute_curve(saliency.tolist(), correct.tolist())
    assert line.accuracy.tolist() == pytest.approx(expected, abs=1e-15)
    assert (line.n, line.k0, line.left_out) == (n, -(-n // 10), 0)
    assert line.share.tolist() == pytest.approx([k / n for k in range(line.k0, n + 1)])
    assert line.threshold.tolist() == sorted(saliency)[line.k0 - 1 :]
    assert rr.aurrac(saliency, correct) == pytest.approx(np.mean(expected), abs=1e-15)


def test_ties_are_the_mean_over_all_orders() -> None:
    saliency = [0.0, 0.0, 0.0, 0.5, 0.5, 0.9, 0.9]
    correct = [True, False, True, False, True, False, False]
    curves, areas = [], []
    for order in permutations(range(7)):
        arranged = sorted(order, key=lambda row: saliency[row])
        line = [sum(correct[row] for row in arranged[:k]) / k for k in range(1, 8)]
        curves.append(line)
        areas.append(np.mean(line))
    assert rr.curve(saliency, correct).accuracy == pytest.approx(np.mean(curves, axis=0), abs=1e-12)
    assert rr.aurrac(saliency, correct) == pytest.approx(np.mean(areas), abs=1e-12)


def test_all_tied_gives_the_accuracy() -> None:
    correct = [True, False, True, True]
    assert rr.aurrac(np.zeros(4), correct) == pytest.approx(0.75)
    assert rr.normalised(np.zeros(4), correct) == pytest.approx(0.0)


@given(st.integers(1, 130), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_aurrac_weighs_the_loss_by_rank(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    saliency, correct = rng.normal(size=n), rng.random(n) < rng.random()
    k0 = (n + 9) // 10
    loss = 1.0 - correct[np.argsort(saliency)]
    weights = np.array(
        [n / (n - k0 + 1) * sum(1 / k for k in range(max(i, k0), n + 1)) for i in range(1, n + 1)]
    )
    assert rr.aurrac(saliency, correct) == pytest.approx(1 - np.mean(loss * weights), abs=1e-12)
    assert np.mean(weights) == pytest.approx(1)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_auroc_by_counting_pairs_and_the_identity_of_rank_loss(pairs: list[tuple[int, bool]]) -> None:
    saliency, correct = [float(pair[0]) for pair in pairs], [pair[1] for pair in pairs]
    n, errors = len(pairs), correct.count(False)
    e = errors / n
    if 0 < errors < n:
        auroc = brute_auroc(saliency, correct)
        assert rr.failure_auroc(saliency, correct) == pytest.approx(auroc, abs=1e-12)
        expected = e * (1 - e) * auroc + e**2 / 2 + e / (2 * n)
    else:
        assert np.isnan(rr.failure_auroc(saliency, correct))
        expected = e**2 / 2 + e / (2 * n)
    assert rr.rank_loss(saliency, correct) == pytest.approx(expected, abs=1e-12)


def test_oracle_bounds_and_normalisation() -> None:
    rng = np.random.default_rng(5)
    correct = rng.random(53) < 0.6
    perfect = np.where(correct, 0.0, 1.0) + np.linspace(0, 0.5, 53)
    hits = int(correct.sum())
    assert rr.aurrac(perfect, correct) == pytest.approx(rr.oracle(53, hits=hits))
    assert rr.normalised(perfect, correct) == pytest.approx(1)
    assert rr.failure_auroc(perfect, correct) == 1
    assert rr.oracle(53, hits=hits) == pytest.approx(np.mean([min(1, hits / k) for k in range(6, 54)]))
    assert rr.aurrac(rng.normal(size=53), correct) < rr.oracle(53, hits=hits)


def tau_b(x: list[float], y: list[float]) -> float:
    signs = [(np.sign(x[i] - x[j]), np.sign(y[i] - y[j])) for i in range(len(x)) for j in range(i)]
    both = sum(a * b for a, b in signs)
    return float(both / np.sqrt(sum(a * a for a, _ in signs) * sum(b * b for _, b in signs)))


def test_kendall_over_distinct_thresholds() -> None:
    rng = np.random.default_rng(8)
    saliency, correct = np.round(np.maximum(0, rng.normal(size=60)), 1), rng.random(60) < 0.5
    thresholds = [t for t in np.unique(saliency) if (saliency <= t).sum() >= 6]
    accuracies = [float(correct[saliency <= t].mean()) for t in thresholds]
    assert rr.kendall_tau(saliency, correct) == pytest.approx(tau_b(thresholds, accuracies))
    falling = np.arange(40.0)
    assert rr.kendall_tau(falling, falling < 20) == pytest.approx(
        tau_b(list(range(4, 41)), brute_curve(falling.tolist(), (falling < 20).tolist()))
    )


def test_undefined_rows_are_left_out_and_counted() -> None:
    saliency, correct = np.array([0.2, np.nan, 0.1, np.nan, 0.4]), np.array([True, False, False, True, True])
    summary = rr.summarise(saliency, correct)
    kept = ~np.isnan(saliency)
    assert (summary.n, summary.left_out) == (3, 2)
    again = rr.summarise(saliency[kept], correct[kept])
    assert [getattr(summary, name) for name in FIGURES] == [getattr(again, name) for name in FIGURES]


@pytest.mark.parametrize(
    ("correct", "undefined"),
    [
        ([True, True], {"aurrac_normalised", "failure_auroc", "kendall_tau"}),
        ([False, False], {"aurrac_normalised", "failure_auroc", "kendall_tau"}),
        ([], set(FIGURES)),
        ([True], {"aurrac_normalised", "failure_auroc", "kendall_tau"}),
    ],
)
def test_undefined_figures_are_nan_with_their_reason(correct: list[bool], undefined: set[str]) -> None:
    summary = rr.summarise(np.arange(len(correct), dtype=float), correct)
    assert {name for name in FIGURES if np.isnan(getattr(summary, name))} == undefined
    assert set(summary.reasons) == undefined
    assert all(summary.reasons.values())


def test_one_threshold_has_no_tau_and_says_so() -> None:
    summary = rr.summarise(np.zeros(6), [True, False, True, True, False, True])
    assert set(summary.reasons) == {"kendall_tau"}
    assert summary.aurrac == pytest.approx(summary.accuracy)


@pytest.mark.parametrize("function", [rr.curve, rr.aurrac, rr.failure_auroc])
def test_vectors_of_different_length_are_a_bug(function: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="one length"):
        function([0.1, 0.2], [True])
