"""Chi-square, Cramer's V, odds ratios and Wilson shares: against scipy, by hand, and by simulation."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gsal.cohorts.association import associate, chi_square, odds_ratio, v_interval
from gsal.cohorts.association_words import finding, p_text
from gsal.cohorts.co_occurrence import counted, cramers_v

_COUNTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=7)


def test_chi_square_is_scipys_without_correction() -> None:
    inked, uninked = [58, 24, 74, 31], [42, 26, 26, 29]
    test = chi_square(inked, uninked)
    reference = stats.chi2_contingency([inked, uninked], correction=False)
    assert test.statistic == pytest.approx(reference.statistic)
    assert test.p == pytest.approx(reference.pvalue)
    assert test.dof == reference.dof
    assert test.least_expected == pytest.approx(reference.expected_freq.min())
    assert (test.n, test.method) == (310, "chi-square")


@pytest.mark.parametrize("table", [((8, 2), (1, 5)), ((3, 0), (9, 17)), ((2, 3, 9), (7, 4, 1))])
def test_where_few_are_expected_p_is_that_of_all_tables_of_the_same_margins(
    table: tuple[tuple[int, ...], tuple[int, ...]],
) -> None:
    """The exact p is a sum over every table that the margins allow, each with its hypergeometric weight."""
    test = chi_square(*table)
    columns = [sum(column) for column in zip(*table, strict=True)]
    row = sum(table[0])
    exact = 0.0
    for first in np.ndindex(*(n + 1 for n in columns)):
        if sum(first) == row:
            other = [n - a for n, a in zip(columns, first, strict=True)]
            statistic = stats.chi2_contingency([first, other], correction=False).statistic
            if statistic >= test.statistic * (1 - 1e-9):
                exact += math.prod(math.comb(n, a) for n, a in zip(columns, first, strict=True))
    exact /= math.comb(sum(columns), row)
    assert "random tables" in test.method
    assert test.p == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 9_999) + 2e-4)
    assert chi_square(*table) == test, "the same tables are drawn each time"


@given(_COUNTS)
def test_undefined_exactly_where_nothing_varies(counts: list[tuple[int, int]]) -> None:
    inked, uninked = [a for a, _ in counts], [b for _, b in counts]
    test = chi_square(inked, uninked)
    varies = sum(a + b > 0 for a, b in counts) > 1 and sum(inked) > 0 and sum(uninked) > 0
    assert math.isnan(test.statistic) == math.isnan(test.p) == (not varies)
    v = v_interval(cramers_v(inked, uninked), test)
    assert math.isnan(v.estimate) == math.isnan(v.low) == (not varies)
    if varies:
        assert 0 <= v.low <= v.estimate + 1e-9 <= v.high + 2e-9 <= 1 + 2e-9
        assert v.estimate == pytest.approx(math.sqrt(test.statistic / test.n))


@given(_COUNTS)
def test_the_ends_of_v_leave_two_and_a_half_percent_on_their_sides(counts: list[tuple[int, int]]) -> None:
    inked, uninked = [a for a, _ in counts], [b for _, b in counts]
    test = chi_square(inked, uninked)
    v = v_interval(cramers_v(inked, uninked), test)
    if math.isnan(v.estimate):
        return
    if v.low > 0:
        above = stats.ncx2.sf(test.statistic, test.dof, test.n * v.low**2)
        assert above == pytest.approx(0.025, abs=1e-6)
    else:
        assert stats.chi2.sf(test.statistic, test.dof) >= 0.025
    if v.high < 1 and test.statistic >= test.dof:
        below = stats.ncx2.cdf(test.statistic, test.dof, test.n * v.high**2)
        assert below == pytest.approx(0.025, abs=1e-6)


@pytest.mark.parametrize(
    ("ink_rates", "n", "least", "most"),
    [
        ((0.6, 0.4, 0.3), 400, 0.92, 0.98),
        ((0.6, 0.4, 0.3), 60, 0.93, 1.0),
        ((0.9, 0.2), 100, 0.95, 1.0),
        ((0.4, 0.4, 0.4), 150, 0.95, 1.0),
    ],
)
def test_the_interval_of_v_holds_the_truth_as_often_as_it_says_or_more(
    ink_rates: tuple[float, ...], n: int, least: float, most: float
) -> None:
    rng = np.random.default_rng(4)
    rates = np.array(ink_rates)
    cells = np.array([rates, 1 - rates]) / len(rates)
    expected = np.outer(cells.sum(axis=1), cells.sum(axis=0))
    truth = math.sqrt(((cells - expected) ** 2 / expected).sum())
    held = 0
    for drawn in rng.multinomial(n, cells.ravel(), size=400).reshape(-1, *cells.shape):
        inked, uninked = drawn.tolist()
        v = v_interval(cramers_v(inked, uninked), chi_square(inked, uninked))
        held += v.low <= truth + 1e-9 <= v.high + 1e-9
    assert least <= held / 400 <= most


def test_counts_more_even_than_by_chance_do_not_prove_independence() -> None:
    v = v_interval(0.0, chi_square([20, 20, 20], [10, 10, 10]))
    assert v.low == 0
    assert 0.1 < v.high < 0.5
    widths = [v_interval(0.0, chi_square([2 * k] * 3, [k] * 3)).high for k in (10, 40, 160, 640)]
    assert all(more > less for more, less in pairwise(widths)), "more pictures tell more"


def test_a_large_project_is_no_trouble() -> None:
    v = v_interval(cramers_v([1000, 9000], [9000, 1000]), chi_square([1000, 9000], [9000, 1000]))
    assert v.estimate == pytest.approx(0.8)
    assert v.low < 0.8 < v.high < v.low + 0.04


@given(*[st.integers(1, 60)] * 4)
def test_the_odds_ratio_is_scipys_sample_one_with_woolfs_interval(a: int, b: int, c: int, d: int) -> None:
    ratio = odds_ratio(a, b, c, d)
    reference = stats.contingency.odds_ratio([[a, b], [c, d]], kind="sample")
    interval = reference.confidence_interval(0.95)
    assert ratio.estimate == pytest.approx(reference.statistic)
    assert (ratio.low, ratio.high) == pytest.approx((interval.low, interval.high))
    assert ratio.method == "Woolf 95 %"
    turned = odds_ratio(b, a, d, c)
    assert (turned.low, turned.high) == pytest.approx((1 / ratio.high, 1 / ratio.low))


def test_an_empty_cell_gets_half_a_picture_and_says_so() -> None:
    ratio = odds_ratio(0, 10, 5, 15)
    assert ratio.estimate == pytest.approx((0.5 / 10.5) / (5.5 / 15.5))
    assert "Haldane-Anscombe" in ratio.method
    assert ratio.low < ratio.estimate < 1 < ratio.high
    assert math.isnan(odds_ratio(0, 0, 5, 15).estimate), "no picture of the class"
    assert math.isnan(odds_ratio(0, 10, 0, 15).estimate), "no ink at all"


def test_every_class_is_held_against_all_others() -> None:
    association = associate(counted({"MEL": 30, "NV": 40, "SK": 0}, {"MEL": 20, "NV": 10, "SK": 0}))
    assert association.odds_ratios["MEL"] == odds_ratio(20, 10, 10, 30)
    assert association.ink_rates["NV"].low == pytest.approx(
        stats.binomtest(10, 40).proportion_ci(method="wilson").low
    )
    assert math.isnan(association.odds_ratios["SK"].estimate)
    assert association.chi_square.dof == 1, "a class without pictures does not count"


def test_a_warning_names_the_classes() -> None:
    found = finding(associate(counted({"MEL": 100, "NV": 100, "SK": 100}, {"MEL": 80, "NV": 50, "SK": 10})))
    assert found.is_warning
    assert "more often in MEL" in found.text
    assert "less often in SK" in found.text
    assert "can learn ink in place of the lesion" in found.text


def test_what_chance_could_do_is_said_and_still_warned_of_where_it_is_large() -> None:
    small = finding(associate(counted({"MEL": 12, "NV": 12}, {"MEL": 8, "NV": 6})))
    assert small.is_warning
    assert "Chance alone could explain it" in small.text
    even = finding(associate(counted({"MEL": 600, "NV": 300}, {"MEL": 400, "NV": 200})))
    assert not even.is_warning
    assert "does not go with the class" in even.text
    same = finding(associate(counted({"MEL": 6, "NV": 3}, {"MEL": 6, "NV": 3})))
    assert not same.is_warning
    assert "cannot go" in same.text


def test_p_in_print() -> None:
    assert [p_text(p) for p in (0.05, 0.0004, 1.0)] == ["p = .050", "p < .001", "p = 1.000"]
