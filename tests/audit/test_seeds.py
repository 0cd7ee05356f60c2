"""Trainings as the unit, against scipy, by counting divisions, and on data without any effect."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gsal.audit import AuditData, by_class, inter_class_variance, plain
from gsal.audit.performance import performance
from gsal.audit.response_rate import summarise
from gsal.audit.seed_comparison import SeedDifference, _permuted, _welch, compare_replicates
from gsal.audit.seeds import Replicates, SeedFigures, mean_of_folds, replicates, seed_figures
from gsal.records import Aggregator

_NAN = float("nan")
WEAK = "needs ≥ 5 seeds"


def training(
    variance: float = 0.01, *, area: float = 0.2, classes: tuple[float, ...] = (0.1, 0.3)
) -> SeedFigures:
    return SeedFigures(variance, variance - 0.002, area, 0.6, 0.8, dict(zip("ab", classes, strict=True)))


def trainings(variances: np.ndarray | list[float]) -> dict[int, SeedFigures]:
    return {7 * seed: training(float(value), area=float(value)) for seed, value in enumerate(variances)}


def of(found: tuple[SeedDifference, ...], name: str) -> SeedDifference:
    return next(item for item in found if item.name == name)


def test_means_have_the_t_interval_of_scipy() -> None:
    values = np.array([0.01, 0.02, 0.05, 0.03])
    found = replicates(trainings(values))
    figure = found.figures[0]
    interval = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (figure.name, figure.n, figure.reason) == ("variance", 4, "")
    assert (figure.low, figure.high) == pytest.approx((interval.low, interval.high))
    assert [(item.seed, item.value) for item in figure.values] == list(
        zip((0, 7, 14, 21), values, strict=True)
    )
    assert [item.name for item in found.classes] == ["a", "b"]
    assert (found.seeds, found.strength) == ((0, 7, 14, 21), WEAK)
    assert "training data" in replicates(trainings([1, 2, 3, 4, 5])).strength
    assert plain.decode(SeedFigures, plain.encode(training())) == training()
    assert len(plain.decode(Replicates, plain.encode(found)).figures) == 5


@pytest.mark.parametrize(
    ("values", "words"), [([], "undefined"), ([0.1], "one training seed"), ([_NAN, 0.1], "one training seed")]
)
def test_few_trainings_say_why(values: list[float], words: str) -> None:
    figure = replicates(trainings(values)).figures[0]
    assert words in figure.reason
    assert np.isnan(figure.low)
    assert figure.n == np.isfinite(values).sum()


def test_two_groups_have_welchs_test_of_the_logarithm() -> None:
    rng = np.random.default_rng(0)
    first, second = np.exp(rng.normal(-3, 1, 6)), np.exp(rng.normal(-4, 0.3, 5))
    found = compare_replicates(trainings(first), trainings(second))
    ratio, area = of(found, "variance"), of(found, "aurrac_normalised")
    test = stats.ttest_ind(np.log(first), np.log(second), equal_var=False)
    ends = test.confidence_interval(0.95)
    assert (ratio.low, ratio.high) == pytest.approx((np.exp(ends.low), np.exp(ends.high)))
    assert ratio.estimate == pytest.approx(stats.gmean(first) / stats.gmean(second))
    assert (ratio.scale, area.scale) == ("ratio", "difference")
    assert ratio.p_value == pytest.approx(float(test.pvalue))
    plain_test = stats.ttest_ind(first, second, equal_var=False)
    assert area.p_value == pytest.approx(float(plain_test.pvalue))
    assert area.estimate == pytest.approx(first.mean() - second.mean())
    assert "training data" in area.strength


@given(st.integers(0, 10_000), st.integers(2, 4), st.integers(2, 5), st.integers(0, 1))
@settings(max_examples=20, deadline=None)
def test_the_permutation_is_scipys_exact_one(seed: int, n: int, m: int, digits: int) -> None:
    """Also with ties among the values."""
    values = np.round(np.random.default_rng(seed).normal(size=n + m), 10 * digits)
    expected = stats.permutation_test(
        (values[:n], values[n:]), lambda a, b: a.mean() - b.mean(), n_resamples=10_000, vectorized=False
    )
    assert _permuted(values[:n], values[n:]) == pytest.approx(float(expected.pvalue))


def test_too_many_divisions_are_not_counted() -> None:
    assert np.isfinite(_permuted(np.arange(9.0), np.arange(9.0)))
    assert np.isnan(_permuted(np.arange(12.0), np.arange(12.0)))


@given(st.integers(0, 10_000), st.integers(2, 6))
@settings(max_examples=10, deadline=None)
def test_groups_exchanged_turn_the_figures_round(seed: int, n: int) -> None:
    values = np.exp(np.random.default_rng(seed).normal(size=(2, n)))
    there = compare_replicates(trainings(values[0]), trainings(values[1]))
    back = compare_replicates(trainings(values[1]), trainings(values[0]))
    ratio, other = of(there, "variance"), of(back, "variance")
    assert (other.estimate, other.low) == pytest.approx((1 / ratio.estimate, 1 / ratio.high))
    assert other.p_value == pytest.approx(ratio.p_value)
    assert other.permutation_p == pytest.approx(ratio.permutation_p)
    area, other = of(there, "aurrac_normalised"), of(back, "aurrac_normalised")
    assert (other.estimate, other.low) == pytest.approx((-area.estimate, -area.high))


def test_groups_alike_differ_in_five_percent_and_a_ratio_of_three_is_found() -> None:
    """Five trainings each, log variances of sd .4 as in BIAS-LAB's ladder."""
    rng = np.random.default_rng(1)
    null = rng.normal(0, 0.4, (1000, 2, 5))
    found = np.array([_welch(*pair) for pair in null])
    assert 0.03 < np.mean(found[:, 2] < 0.05) < 0.065
    assert 0.935 < np.mean((found[:, 0] <= 0) & (found[:, 1] >= 0)) < 0.97
    assert 0.02 < np.mean([_permuted(*pair) <= 0.05 for pair in null[:500]]) < 0.08
    planted = rng.normal([[np.log(3)], [0]], 0.4, (200, 2, 5))
    assert np.mean([_welch(*pair)[0] > 0 for pair in planted]) > 0.85


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ([], [0.1, 0.2], "undefined in every training"),
        ([_NAN], [0.1, 0.2], "undefined in every training"),
        ([0.1], [0.1, 0.2], "one training seed in a group"),
        ([0.0, 0.1], [0.1, 0.2], "logarithm"),
        ([0.1, 0.1], [0.2, 0.2], "all the same"),
    ],
)
def test_what_cannot_be_compared_says_why(first: list[float], second: list[float], words: str) -> None:
    found = of(compare_replicates(trainings(first), trainings(second)), "variance")
    assert words in found.reason
    assert np.isnan([found.low, found.high, found.p_value, found.permutation_p]).all()
    assert found.strength == WEAK


def test_one_group_may_be_all_the_same() -> None:
    found = of(compare_replicates(trainings([0.1, 0.1]), trainings([0.2, 0.4])), "aurrac_normalised")
    assert found.low < found.estimate < found.high


def test_different_classes_are_refused() -> None:
    other = SeedFigures(0.1, 0.1, 0.1, 0.1, 0.1, {"a": 0.1})
    with pytest.raises(ValueError, match="different classes"):
        replicates({0: training(), 1: other})
    with pytest.raises(ValueError, match="different classes"):
        compare_replicates({0: training()}, {0: other})
    with pytest.raises(ValueError, match="same classes"):
        mean_of_folds([training(), other])


def test_a_class_may_be_called_as_a_figure_is() -> None:
    named = SeedFigures(0.1, 0.1, 0.1, 0.1, 0.1, {"variance": -1.0})
    found = compare_replicates({0: named, 1: named}, {0: named, 1: named})
    assert [item.name for item in found].count("variance") == 2
    assert [item.scale for item in found if item.name == "variance"] == ["ratio", "difference"]


def test_folds_of_a_seed_count_as_one_training() -> None:
    found = mean_of_folds([training(0.1, classes=(0.0, 1.0)), training(0.3, classes=(1.0, 1.0))])
    assert found.variance == pytest.approx(0.2)
    assert found.class_means == {"a": 0.5, "b": 1.0}


def test_figures_are_those_of_the_audit(make_data: Callable[..., AuditData]) -> None:
    data, rng = make_data(), np.random.default_rng(0)
    classes = by_class(data, Aggregator.MEAN, rng=rng)
    response = summarise(data.aggregate(Aggregator.MEAN), data.correct)
    whole = performance(data, rng=rng, draws=10)[0]
    found = seed_figures(classes, inter_class_variance(classes), response, whole)
    assert found.variance == inter_class_variance(classes).value
    assert found.failure_auroc == response.failure_auroc
    assert found.macro_auroc == whole.auroc
    assert found.class_means == {item.name: item.mean for item in classes}
