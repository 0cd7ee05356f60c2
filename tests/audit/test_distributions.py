"""Distributions against scipy's kernel density and by counting."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gsal.audit import AuditData, Subset, plain, z_scores
from gsal.audit.distributions import (
    Distribution,
    confidence_distributions,
    distributions,
    saliency_distributions,
)
from gsal.records import Aggregator

Make = Callable[..., AuditData]


@pytest.mark.parametrize("n", [3, 50, 2000])
def test_the_density_is_scipys(n: int) -> None:
    values = np.random.default_rng(n).gamma(2, size=n)
    found = distributions([("a", values)])[0]
    expected = stats.gaussian_kde(values)(np.array(found.grid))
    np.testing.assert_allclose(found.density, expected, atol=0.01 * expected.max())


@given(st.integers(0, 10_000), st.integers(2, 200))
@settings(max_examples=40, deadline=None)
def test_all_of_it_lies_between_the_ends(seed: int, n: int) -> None:
    values = np.random.default_rng(seed).beta(0.5, 0.5, size=n)
    found = distributions([("a", values)], ends=(0.0, 1.0))[0]
    assert np.trapezoid(found.density, found.grid) == pytest.approx(1, abs=0.02)
    assert sum(found.counts) == found.n == n
    quartiles = [found.lower_quartile, found.median, found.upper_quartile]
    assert quartiles == pytest.approx(np.percentile(values, [25, 50, 75]).tolist())


def test_models_share_a_grid_and_their_order_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    values = [("a", rng.normal(size=40)), ("b", rng.normal(3, 2, size=60)), ("c", np.zeros(0))]
    there, back = distributions(values), distributions(values[::-1])
    assert len({(item.grid, item.edges) for item in there}) == 1
    assert plain.encode(there) == plain.encode(back[::-1])
    assert there[0].grid[0] == min(item.min() for _, item in values[:2])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], "no picture"),
        ([np.nan], "no picture"),
        ([0.3], "one picture"),
        ([0.3, 0.3], "the same"),
        ([0.1 + 0.2, 0.3], "the same"),
        ([0.0, 0.0], "the same"),
        ([0.3, 0.30001], "the same"),
    ],
)
def test_without_a_spread_it_says_why(values: list[float], words: str) -> None:
    found = distributions([("a", np.array(values))], ends=(0.0, 1.0))[0]
    assert words in found.reason
    assert found.density == ()
    assert sum(found.counts) == found.n == np.isfinite(values).sum()
    assert found.left_out == len(values) - found.n
    assert np.isnan(found.median) == (found.n == 0)
    assert plain.encode(plain.decode(Distribution, plain.encode(found))) == plain.encode(found)


@pytest.mark.parametrize("values", [[], [2.0], [2.0, 2.0], [-np.inf, np.nan]])
def test_on_an_open_scale_too(values: list[float]) -> None:
    found = distributions([("a", np.array(values))])[0]
    assert found.reason
    assert sum(found.counts) == found.n == np.isfinite(values).sum()


def test_a_far_outlier_leaves_a_density() -> None:
    found = distributions([("a", np.append(np.random.default_rng(0).normal(size=500), 1e6))])[0]
    assert np.trapezoid(found.density, found.grid) == pytest.approx(0.5, abs=0.01), (
        "half lies before the grid"
    )


def test_no_model_has_no_distribution() -> None:
    assert distributions([]) == ()


def test_what_is_shown_of_models(make_data: Make) -> None:
    data = [make_data(1, model="a"), make_data(2, model="b")]
    inked = confidence_distributions(data, subset=Subset.INKED)
    assert [item.name for item in inked] == ["a", "b"]
    assert inked[0].n == data[0].inked.sum()
    assert inked[0].median == pytest.approx(np.median(data[0].confidence[data[0].inked]))
    assert (inked[0].grid[0], inked[0].grid[-1]) == (0, 1)
    assert confidence_distributions(data)[0].n == data[0].n
    z = saliency_distributions(data, Aggregator.MEAN)[1]
    assert z.median == pytest.approx(np.nanmedian(z_scores(data[1])))
    raw = saliency_distributions(data, Aggregator.MEAN, raw=True)[1]
    assert raw.median == pytest.approx(np.nanmedian(data[1].mean))
    assert saliency_distributions(data, Aggregator.PEAK)[0].grid[-1] == 1
    unknown = replace(data[0], logits=np.full(data[0].logits.shape, np.nan))
    assert confidence_distributions([unknown])[0].left_out == unknown.n
