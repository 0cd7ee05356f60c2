"""How alike maps are: against scikit-image and SciPy, the formula, and cases with known answers."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import spearmanr
from skimage.metrics import structural_similarity as reference

from gsal.saliency.similarity import rank_correlation, scaled, structural_similarity

_Array = npt.NDArray[np.float64]


def _maps(seed: int, height: int, width: int) -> _Array:
    return np.random.default_rng(seed).normal(size=(3, height, width))


@pytest.mark.parametrize("levels", [0, 3])
def test_rank_correlation_is_spearmans(levels: int) -> None:
    one, other = _maps(0, 13, 17), _maps(1, 13, 17)
    other += one
    if levels:
        one, other = np.round(one), np.round(other)  # ties
    expected = [spearmanr(a.ravel(), b.ravel()).statistic for a, b in zip(one, other, strict=True)]
    np.testing.assert_allclose(rank_correlation(one, other), expected, rtol=1e-12)


def test_ranks_are_blind_to_what_keeps_the_order() -> None:
    one = _maps(2, 12, 12)
    np.testing.assert_allclose(rank_correlation(one, np.exp(3 * one)), 1)
    np.testing.assert_allclose(rank_correlation(one, -(one**3)), -1)


def test_a_constant_map_is_like_nothing() -> None:
    one, flat = _maps(3, 12, 12), np.zeros((3, 12, 12))
    assert np.isnan(rank_correlation(one, flat)).all()
    assert np.isnan(structural_similarity(one, flat, value_range=2)).all()


@pytest.mark.parametrize(("height", "width"), [(11, 11), (40, 31)])
def test_structural_similarity_equals_scikit_image(height: int, width: int) -> None:
    one = scaled(_maps(4, height, width))
    other = scaled(one + 0.5 * _maps(5, height, width))
    expected = [
        reference(a, b, data_range=2, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)  # type: ignore[no-untyped-call]
        for a, b in zip(one, other, strict=True)
    ]
    np.testing.assert_allclose(structural_similarity(one, other, value_range=2), expected, rtol=1e-10)


def test_structural_similarity_is_its_formula_where_there_is_one_window() -> None:
    one, other = (scaled(_maps(seed, 11, 11))[0] for seed in (6, 7))
    offsets = np.arange(-5, 6)
    weights = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * 1.5**2))
    weights /= weights.sum()
    mean_x, mean_y = (weights * one).sum(), (weights * other).sum()
    var_x, var_y = (weights * (one - mean_x) ** 2).sum(), (weights * (other - mean_y) ** 2).sum()
    covariance = (weights * (one - mean_x) * (other - mean_y)).sum()
    c1, c2 = (0.01 * 2) ** 2, (0.03 * 2) ** 2
    expected = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    expected /= (mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2)
    found = structural_similarity(one[None], other[None], value_range=2)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_a_map_is_alike_to_itself_and_scaling_is_to_one() -> None:
    one = scaled(_maps(8, 20, 20) * 1e-12)
    np.testing.assert_allclose(np.abs(one).max(axis=(1, 2)), 1)
    np.testing.assert_allclose(structural_similarity(one, one, value_range=2), 1)
    assert not scaled(np.zeros((1, 4, 4))).any()


def test_maps_smaller_than_a_window_are_refused() -> None:
    with pytest.raises(ValueError, match="11 x 11"):
        structural_similarity(np.ones((1, 10, 20)), np.ones((1, 10, 20)), value_range=2)
