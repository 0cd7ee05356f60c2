"""m, n and the moments, against plain loops and identities."""

import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gsal.saliency.aggregate import mean_saliency, moments, peak_count, peak_saliency
from gsal.saliency.cam import enlarge

_Array = npt.NDArray[np.float64]


def _maps(seed: int, *shape: int, levels: int = 0) -> _Array:
    rng = np.random.default_rng(seed)
    return rng.integers(0, levels, shape).astype(float) if levels else rng.normal(size=shape)


def _coverage(seed: int, height: int, width: int) -> _Array:
    rng = np.random.default_rng(seed + 1000)
    return rng.random((height, width)) * (rng.random((height, width)) < 0.4)


def _peak_over_tie_orders(flat: _Array, weights: _Array, k: int, rng: np.random.Generator) -> float:
    """Ink share of the first k, averaged over random orders among ties: the limit is the tie rule."""
    shares = []
    for _ in range(4000):
        shuffled = rng.permutation(len(flat))
        first = shuffled[np.argsort(-flat[shuffled], kind="stable")[:k]]
        shares.append(weights[first].sum() / k)
    return float(np.mean(shares))


def test_mean_is_the_weighted_mean() -> None:
    maps, coverage = _maps(0, 3, 5, 7), _coverage(0, 5, 7)
    expected = [np.average(one.ravel(), weights=coverage.ravel()) for one in maps]
    np.testing.assert_allclose(mean_saliency(maps, coverage), expected, rtol=1e-13)
    mask = coverage > 0
    np.testing.assert_allclose(mean_saliency(maps[1], mask), maps[1][mask].mean(), rtol=1e-13)


@given(
    st.integers(0, 10_000),
    st.integers(1, 6),
    st.integers(1, 9),
    st.sampled_from((98.0, 90.0, 50.0, 0.0, 100.0)),
)
@settings(max_examples=60, deadline=None)
def test_peak_without_ties_is_the_share_of_the_first_k(
    seed: int, height: int, width: int, percentile: float
) -> None:
    maps, coverage = _maps(seed, 2, height, width), _coverage(seed, height, width)
    k = max(1, round((100 - percentile) / 100 * height * width))
    found = peak_saliency(maps, coverage, percentile)
    for one, value in zip(maps, found, strict=True):
        first = np.argsort(-one.ravel())[:k]
        if coverage.any():
            assert value == pytest.approx(coverage.ravel()[first].sum() / k, abs=1e-12)
        else:
            assert np.isnan(value)


def test_ties_share_as_random_orders_would() -> None:
    one, coverage = _maps(5, 6, 7, levels=4), _coverage(5, 6, 7)
    expected = _peak_over_tie_orders(one.ravel(), coverage.ravel(), 17, np.random.default_rng(0))
    assert peak_saliency(one, coverage, 60) == pytest.approx(expected, abs=0.005)  # 40 % of 42 is 16.8


def test_peak_by_hand() -> None:
    one = np.array([[5.0, 4.0, 4.0, 4.0, 0.0]])
    ink = np.array([[False, True, False, False, True]])
    assert peak_saliency(one, ink, 60) == pytest.approx(
        (0 + 1 / 3) / 2
    )  # k = 2: one above, one of three equal
    assert peak_saliency(one, np.array([[1.0, 0.25, 0.0, 0.5, 0.0]]), 60) == pytest.approx((1 + 0.75 / 3) / 2)


@pytest.mark.parametrize("value", [0.0, -3.5, 1e300])
def test_a_constant_map_gives_the_chance_level(value: float) -> None:
    coverage = _coverage(3, 8, 9)
    assert peak_saliency(np.full((8, 9), value), coverage) == pytest.approx(coverage.sum() / 72)


def test_scale_and_shift_do_not_matter_to_the_peak() -> None:
    maps, coverage = _maps(4, 3, 20, 20), _coverage(4, 20, 20)
    np.testing.assert_allclose(peak_saliency(7 * maps - 3, coverage), peak_saliency(maps, coverage))


def test_rounding_decides_nothing_where_an_enlarged_map_is_flat() -> None:
    coarse = _maps(8, 6, 1, 7, 7).astype(np.float32)
    coarse[..., 0] = 5  # the first 8 of 112 columns come to lie beyond its middle, all equal
    maps = enlarge(torch.from_numpy(coarse), 112, 112)[:, 0].numpy()
    ink = np.zeros((112, 112))
    ink[:30, :3] = 1
    rounding = 1 + np.random.default_rng(2).uniform(-3e-7, 3e-7, maps.shape)
    shaken = (maps * rounding).astype(np.float32)
    np.testing.assert_allclose(peak_saliency(shaken, ink), peak_saliency(maps, ink), atol=1e-12)
    assert (peak_saliency(maps, ink) > 0).any()


def test_the_papers_count_at_224() -> None:
    assert peak_count(224 * 224) == 1004
    assert peak_count(64 * 64) == 82
    assert peak_count(20) == 1


def test_without_ink_both_are_undefined() -> None:
    maps = _maps(1, 2, 3, 4, 4)
    for empty in (np.zeros((4, 4), dtype=bool), np.zeros((4, 4), dtype=np.float32)):
        assert np.isnan(mean_saliency(maps, empty)).all()
        assert np.isnan(peak_saliency(maps, empty)).all()
        assert mean_saliency(maps, empty).shape == peak_saliency(maps, empty).shape == (2, 3)


def test_moments_are_in_float64() -> None:
    maps = (_maps(2, 2, 64, 64) + 1000).astype(np.float32)
    total, squares = moments(maps)
    assert total.dtype == squares.dtype == np.float64
    for one, s, q in zip(maps.astype(np.float64), total, squares, strict=True):
        assert s == pytest.approx(sum(one.ravel().tolist()), rel=1e-13)
        assert q == pytest.approx(sum(v * v for v in one.ravel().tolist()), rel=1e-13)


def test_eq_1_saliency_on_ink_and_off_ink_add_up() -> None:
    one, coverage = _maps(6, 9, 9), _coverage(6, 9, 9)
    on_ink = mean_saliency(one, coverage) * coverage.sum()
    off_ink = mean_saliency(one, 1 - coverage) * (1 - coverage).sum()
    assert on_ink + off_ink == pytest.approx(moments(one)[0])


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="grid"):
        mean_saliency(np.zeros((2, 4, 4)), np.zeros((4, 5)))
    with pytest.raises(ValueError, match="0 to 1"):
        peak_saliency(np.zeros((4, 4)), np.full((4, 4), 255))
    with pytest.raises(ValueError, match="0 to 1"):
        mean_saliency(np.zeros((2, 2)), np.array([[0.5, np.nan], [0, 0]]))
    with pytest.raises(ValueError, match="percentile"):
        peak_saliency(np.zeros((4, 4)), np.ones((4, 4)), 101)
