"""Figures with their intervals: influences against derivatives, draws against repeated rows."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gsal.audit import estimate
from gsal.audit.estimate import FEW_PATIENTS, Figure, mean_estimate, resampled
from gsal.audit.influence import (
    auroc_and_influence,
    macro_and_influence,
    normalised_influence,
    oracle_limit,
)
from gsal.audit.patients import cluster_mean
from gsal.audit.response_draws import drawn_normalised
from gsal.audit.response_rate import failure_auroc, normalised, oracle
from gsal.resampling import weighted_auroc


def rounded(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Saliency with ties that is higher for wrong answers."""
    rng = np.random.default_rng(seed)
    correct = rng.random(n) < 0.6
    correct[:2] = True, False
    return np.round(rng.normal(0, 1, n) - 0.5 * correct, 1), correct


@given(st.integers(0, 10_000), st.integers(2, 40))
@settings(max_examples=50, deadline=None)
def test_a_draw_is_the_figure_of_the_repeated_rows(seed: int, n: int) -> None:
    saliency, correct = rounded(seed, n)
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 4, size=(3, n)).astype(float)
    weights[:, 0] = 1
    expected = []
    for row in weights.astype(int):
        rows = np.repeat(np.arange(n), row)
        expected.append(normalised(saliency[rows], correct[rows]))
    np.testing.assert_allclose(drawn_normalised(saliency, correct, weights), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("figure", "influence"),
    [
        (lambda s, c, w: weighted_auroc(s, ~c, w), lambda s, c: auroc_and_influence(s, ~c)[1]),
        (drawn_normalised, normalised_influence),
    ],
    ids=["AUROC", "normalised AURRAC"],
)
def test_influence_is_the_derivative_by_weight(
    figure: Callable[..., np.ndarray], influence: Callable[..., np.ndarray]
) -> None:
    """One picture among 2,000 that each count ten times is taken once more, and then another instead of it.

    All draws have 20,001 pictures then, so that the curve starts at the same k.
    """
    saliency, correct = rounded(1, 2000)
    found = influence(saliency, correct)
    assert found.mean() == pytest.approx(0, abs=1e-10)
    weights = np.full((40, 2000), 10.0)
    weights[np.arange(40), np.arange(40)] += 1
    moved = figure(saliency, correct, weights)
    np.testing.assert_allclose((moved - moved[0]) * 20_001, found[:40] - found[0], atol=0.002)


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_influences_add_up_to_nothing(seed: int) -> None:
    saliency, correct = rounded(seed)
    for values in (auroc_and_influence(saliency, ~correct)[1], normalised_influence(saliency, correct)):
        assert np.mean(values) == pytest.approx(0, abs=1e-10)


def test_the_error_of_an_auroc_is_that_of_delong() -> None:
    """Variances of the placements, counted pair by pair, over the pictures of each kind."""
    saliency, correct = rounded(2, 400)
    wins = (saliency[~correct][:, None] > saliency[correct]) + 0.5 * (
        saliency[~correct][:, None] == saliency[correct]
    )
    parts = wins.mean(axis=1).var(ddof=1) / len(wins), wins.mean(axis=0).var(ddof=1) / len(wins.T)
    se = cluster_mean(auroc_and_influence(saliency, ~correct)[1], np.arange(400)).se
    assert se == pytest.approx(sum(parts) ** 0.5, rel=5e-3)


def test_macro_influence_is_that_of_the_columns() -> None:
    rng = np.random.default_rng(0)
    probabilities, true_class = rng.dirichlet(np.ones(3), 50), rng.integers(3, size=50)
    columns = [auroc_and_influence(probabilities[:, index], true_class == index)[1] for index in (0, 2)]
    found = macro_and_influence(probabilities, true_class, [0, 2])[1]
    np.testing.assert_allclose(found, (columns[0] + columns[1]) / 2)


@pytest.mark.parametrize("accuracy", [0.03, 0.1, 0.5, 0.97])
def test_the_oracle_tends_to_its_limit(accuracy: float) -> None:
    assert oracle(100_000, hits=round(100_000 * accuracy)) == pytest.approx(oracle_limit(accuracy), abs=1e-4)


def failure_figure(saliency: np.ndarray, correct: np.ndarray) -> Figure:
    return Figure(
        failure_auroc(saliency, correct) - 0.5,
        lambda weights: weighted_auroc(saliency, ~correct, weights) - 0.5,
        lambda: auroc_and_influence(saliency, ~correct)[1],
    )


def normalised_figure(saliency: np.ndarray, correct: np.ndarray) -> Figure:
    return Figure(
        normalised(saliency, correct),
        lambda weights: drawn_normalised(saliency, correct, weights),
        lambda: normalised_influence(saliency, correct),
    )


@pytest.mark.parametrize("make", [failure_figure, normalised_figure])
def test_many_pictures_have_the_interval_of_the_bootstrap(
    monkeypatch: pytest.MonkeyPatch, make: Callable[..., Figure]
) -> None:
    saliency, correct = rounded(3, 900)
    codes = np.arange(900) // 3
    figure = make(saliency, correct)
    drawn = resampled(figure, codes, rng=np.random.default_rng(0), draws=2000)
    monkeypatch.setattr(estimate, "MOST_RESAMPLED", 10)
    linear = resampled(figure, codes, rng=np.random.default_rng(0), draws=2000)
    assert linear.estimate == drawn.estimate
    width = drawn.high - drawn.low
    assert (linear.low, linear.high) == pytest.approx((drawn.low, drawn.high), abs=0.08 * width)
    assert linear.method != drawn.method


def test_a_mean_has_scipys_interval_and_p() -> None:
    values = np.random.default_rng(0).normal(0.2, 1, 40)
    found = mean_estimate(values, np.arange(40))
    test = stats.ttest_1samp(values, 0)
    assert (found.low, found.high) == pytest.approx(tuple(test.confidence_interval()))
    assert found.p_value == pytest.approx(float(test.pvalue))


@pytest.mark.parametrize(
    ("values", "codes", "words"),
    [([], [], "nothing here"), ([1.0, 2.0], [4, 4], FEW_PATIENTS), ([2.0, 2.0], [0, 1], "same on every")],
)
def test_what_is_undefined_says_why(values: list[float], codes: list[int], words: str) -> None:
    found = mean_estimate(np.array(values), np.array(codes, dtype=np.int64), none="nothing here")
    assert words in found.reason
    assert np.isnan(found.p_value)
    assert found.n == len(values)


@pytest.mark.parametrize("make", [failure_figure, normalised_figure])
@pytest.mark.parametrize("linear", [False, True])
def test_without_effect_five_percent_are_significant(
    monkeypatch: pytest.MonkeyPatch, make: Callable[..., Figure], *, linear: bool
) -> None:
    """Three pictures of each of 40 patients, alike in saliency and in how often they are right."""
    if linear:
        monkeypatch.setattr(estimate, "MOST_RESAMPLED", 10)
    rng = np.random.default_rng(5)
    runs, significant, outside = 300, 0, 0
    for _ in range(runs):
        patient = rng.normal(size=(2, 40)).repeat(3, axis=1)
        saliency = patient[0] + rng.normal(size=120)
        correct = patient[1] + rng.normal(size=120) > 0
        found = resampled(make(saliency, correct), np.arange(120) // 3, rng=rng, draws=199)
        significant += found.p_value < 0.05
        outside += not found.low <= 0 <= found.high
    assert 0.02 < significant / runs < 0.09
    assert 0.02 < outside / runs < 0.09
