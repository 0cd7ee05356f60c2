"""Colours, scales and outlines of maps, against identities and an independent colour science."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from skimage.color import rgb2lab

from gsal.saliency.aggregate import TIES, peak_count, peak_saliency
from gsal.saliency.colours import ZERO, ColourMap, levels, table
from gsal.saliency.overlay import Look, blended, coloured, edges, peak_pixels, scale_limit

DIVERGING = [colours for colours in ColourMap if colours.is_diverging]
SEQUENTIAL = [colours for colours in ColourMap if not colours.is_diverging]


def lab(colours: ColourMap) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = rgb2lab(table(colours)[None] / 255)[0]
    return found


@pytest.mark.parametrize("colours", DIVERGING)
def test_equal_values_of_either_sign_differ_equally_from_zero(colours: ColourMap) -> None:
    entries = lab(colours)
    assert np.abs(entries[ZERO, 1:]).max() < 0.5  # no hue at zero
    away = np.linalg.norm(entries - entries[ZERO], axis=1)  # CIE 1976
    size = np.arange(128)
    assert away[ZERO + size] == pytest.approx(away[ZERO - size], abs=2.5)
    assert entries[ZERO + size, 0] == pytest.approx(entries[ZERO - size, 0], abs=1.0)
    # Equal steps: the way from zero grows in proportion.
    assert away[ZERO:] == pytest.approx(away[-1] * size / 127, abs=2.5)


@pytest.mark.parametrize("colours", SEQUENTIAL)
def test_sequential_maps_grow_lighter_all_the_way(colours: ColourMap) -> None:
    assert (np.diff(lab(colours)[:, 0]) > -0.4).all()
    assert lab(colours)[-1, 0] - lab(colours)[0, 0] > 60


@given(
    hnp.arrays(np.float64, 9, elements=st.floats(-10, 10)), st.floats(0.01, 20), st.sampled_from(ColourMap)
)
def test_levels_keep_order_and_zero(
    values: npt.NDArray[np.float64], limit: float, colours: ColourMap
) -> None:
    found = levels(np.sort(values), limit, colours).astype(int)
    assert (np.diff(found) >= 0).all()
    assert levels(np.zeros(1), limit, colours)[0] == (ZERO if colours.is_diverging else 0)
    if colours.is_diverging:
        mirrored = levels(-values, limit, colours).astype(int)
        assert np.abs(levels(values, limit, colours) + mirrored - 2 * ZERO).max() <= 1


def test_a_scale_leaves_out_few_pixels_and_is_never_lost() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(100, 100))
    values[0, 0] = 1000.0
    limit = scale_limit([values], ColourMap.BLUE_ORANGE)
    assert limit < 5
    assert (np.abs(values) <= limit).mean() >= 0.995
    assert scale_limit([values, 3 * values], ColourMap.BLUE_ORANGE) == pytest.approx(3 * limit)
    lonely = np.zeros((100, 100))
    lonely[5, 5] = -2.0
    assert scale_limit([lonely], ColourMap.BLUE_ORANGE) == 2.0
    assert scale_limit([lonely], ColourMap.VIRIDIS) == 0.0
    assert scale_limit([], ColourMap.VIRIDIS) == 0.0


def test_opacity_and_clearness() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    saliency = np.full((10, 10), 2.0)
    nothing = Look(opacity=0.0, is_grey=False)
    assert (blended(picture, saliency, 2.0, nothing) == picture).all()
    whole = Look(opacity=1.0, is_clear=False, colours=ColourMap.MAGMA)
    assert (blended(picture, saliency, 2.0, whole) == table(ColourMap.MAGMA)[255]).all()
    # At zero a clear map lets the whole picture through.
    assert (blended(picture, 0 * saliency, 2.0, Look(opacity=1.0, is_grey=False)) == picture).all()
    assert (coloured(0 * saliency, 2.0, ColourMap.VIRIDIS, is_clear=True)[..., 3] == 0).all()


@given(hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9)))
def test_an_outline_has_every_edge_once(mask: npt.NDArray[np.bool_]) -> None:
    expected = np.zeros((2, mask.shape[0] + 1, mask.shape[1] + 1), np.int64)
    for y, x in np.ndindex(mask.shape):
        expected[0, y, x] = y > 0 and mask[y, x] != mask[y - 1, x]
        expected[1, y, x] = x > 0 and mask[y, x] != mask[y, x - 1]
    found = np.zeros_like(expected)
    for left, top, right, bottom in edges(mask).tolist():
        if top == bottom:
            found[0, top, left:right] += 1
        else:
            found[1, top:bottom, left] += 1
    assert (found == expected).all()


@given(st.integers(0, 10_000))
def test_the_outlined_peaks_are_those_that_n_counts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    saliency = rng.permutation(30 * 40).reshape(30, 40).astype(np.float64)  # no ties
    ink = rng.random((30, 40))
    peaks = peak_pixels(saliency)
    assert peaks.sum() == peak_count(saliency.size)
    assert ink[peaks].sum() / peaks.sum() == pytest.approx(float(peak_saliency(saliency, ink)))


def test_peaks_that_tie_for_few_places_are_not_outlined() -> None:
    saliency = np.zeros((10, 10))
    saliency[2, 2] = 1.0  # one of two places; a hundredth of the other is everybody's
    assert np.argwhere(peak_pixels(saliency)).tolist() == [[2, 2]]


def test_pixels_that_differ_by_rounding_are_outlined_together() -> None:
    step = np.float32(np.finfo(np.float32).eps)
    saliency = np.zeros((10, 20), np.float32)  # four places
    saliency[0] = 1 + step * np.arange(20, dtype=np.float32)  # twenty pixels that tie for them
    assert not peak_pixels(saliency).any()
    n = peak_saliency(saliency, saliency >= 1 + 16 * step)
    assert n == pytest.approx(4 / 20), "n shares its places out as well"
    saliency[1, 0] = 1 + 2 * TIES * step
    assert np.argwhere(peak_pixels(saliency)).tolist() == [[1, 0]]
