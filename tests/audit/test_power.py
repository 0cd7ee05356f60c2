"""The effect a study would have found, against statsmodels and by running such studies."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestPower

from gsal.audit.estimate import mean_estimate, undefined
from gsal.audit.global_saliency import ClassSaliency, absent
from gsal.audit.power import missed_class, missed_effect, smallest_found


@pytest.mark.parametrize("n", [5, 20, 150, 3000])
@pytest.mark.parametrize("power", [0.5, 0.8, 0.95])
def test_it_is_that_of_statsmodels(n: int, power: float) -> None:
    size = TTestPower().solve_power(nobs=n, alpha=0.05, power=power)
    assert smallest_found(1 / n**0.5, n - 1, power=power) == pytest.approx(float(size), rel=2e-3)


@given(st.floats(1e-6, 1e3), st.integers(1, 100_000))
@settings(max_examples=25, deadline=None)
def test_it_is_as_large_as_the_error_and_falls_with_the_patients(se: float, df: int) -> None:
    effect = smallest_found(se, df)
    assert effect == pytest.approx(se * smallest_found(1.0, df))
    assert effect >= se * 2.8
    assert smallest_found(se, df, power=0.9) > effect
    assert smallest_found(se, df + 1) <= effect * 1.0001


def test_four_of_five_studies_find_an_effect_of_this_size() -> None:
    """Four pictures of each of 25 patients, who differ; the effect is that of the true standard error."""
    rng, codes = np.random.default_rng(2), np.arange(100) // 4
    se = np.sqrt((0.5**2 + 1 / 4) / 25)
    effect = smallest_found(se, 24)
    found, told = 0, list[float]()
    for _ in range(700):
        values = effect + 0.5 * rng.normal(size=25)[codes] + rng.normal(size=100)
        estimate = mean_estimate(values, codes)
        found += estimate.p_value < 0.05
        if len(told) < 100:
            told.append(missed_effect(estimate).effect)
    assert found / 700 == pytest.approx(0.8, abs=0.04)
    assert np.mean(told) == pytest.approx(effect, rel=0.05)


def test_it_keeps_the_counts_and_does_not_depend_on_what_was_found() -> None:
    values, codes = np.random.default_rng(0).normal(size=40), np.arange(40) // 2
    missed, moved = (missed_effect(mean_estimate(values + by, codes)) for by in (0, 5))
    assert (missed.n, missed.n_patients, missed.power, missed.level) == (40, 20, 0.8, 0.05)
    assert moved.effect == pytest.approx(missed.effect)


def test_without_an_interval_it_says_why() -> None:
    assert missed_effect(undefined("no picture")).reason == "no picture"
    constant = missed_effect(mean_estimate(np.ones(4), np.arange(4)))
    assert np.isnan(constant.effect)
    assert "same" in constant.reason


def test_four_of_five_studies_find_the_class_that_lies_apart() -> None:
    """Three classes, of one picture per patient; the rarest lies apart by what would be found."""
    rng, sizes = np.random.default_rng(3), (60, 40, 15)
    se = [1 / size**0.5 for size in sizes]
    effect = missed_class([class_mean(f"c{i}", se[i], n) for i, n in enumerate(sizes)]).effect
    found = 0
    for _ in range(1500):
        groups = [rng.normal(size=n) for n in sizes]
        groups[2] += effect
        found += bool(stats.f_oneway(*groups).pvalue < 0.05)
    assert found / 1500 == pytest.approx(0.8, abs=0.035)


def test_a_class_without_an_error_is_left_out() -> None:
    lone = missed_class([class_mean("a", 0.1, 20), class_mean("b", np.nan, 1)])
    assert np.isnan(lone.effect)
    assert "fewer than two classes" in lone.reason


def class_mean(name: str, se: float, n: int) -> ClassSaliency:
    return replace(absent(name), mean=0.0, se=se, n=n, n_patients=n)
