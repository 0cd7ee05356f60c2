"""Clean-up against definitions by brute force and by scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from gsal.arrays import Mask
from gsal.editing.cleanup import grown, shrunk, with_holes_filled, without_specks

CORNERS = np.ones((3, 3), np.bool_)


@st.composite
def masks(draw: st.DrawFn) -> Mask:
    shape = draw(st.tuples(st.integers(1, 30), st.integers(1, 30)))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    mask: Mask = rng.random(shape) < draw(st.sampled_from([0.0, 0.05, 0.3, 0.6, 0.95, 1.0]))
    return mask


@given(mask=masks(), least=st.integers(0, 12))
def test_specks_are_the_small_parts(mask: Mask, least: int) -> None:
    labels, n = ndimage.label(mask, CORNERS)
    expected = np.zeros_like(mask)
    for label in range(1, n + 1):
        if (labels == label).sum() >= least:
            expected |= labels == label
    before = mask.copy()
    assert np.array_equal(without_specks(mask, min_area_px=least), expected)
    assert np.array_equal(mask, before), "what is given is left as it is"


@given(mask=masks(), most=st.none() | st.integers(0, 12))
def test_holes_are_what_ink_closes_off(mask: Mask, most: int | None) -> None:
    holes = ndimage.binary_fill_holes(mask) & ~mask
    labels, n = ndimage.label(holes)
    expected = mask.copy()
    for label in range(1, n + 1):
        if most is None or (labels == label).sum() <= most:
            expected |= labels == label
    assert np.array_equal(with_holes_filled(mask, max_area_px=most), expected)


def distances(mask: Mask, target: bool) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """From each pixel's centre to the nearest one with that value, each with each."""
    there = np.argwhere(mask == target)
    every = np.argwhere(np.ones_like(mask))[:, None]
    if not len(there):
        return np.full(mask.shape, np.inf)
    return np.asarray(np.sqrt(((every - there) ** 2).sum(-1)).min(1).reshape(mask.shape), np.float64)


@given(mask=masks(), px=st.sampled_from([0, 0.5, 1, 1.5, 2, 5, 7.3, 24.5, 40]))
def test_growing_and_shrinking_are_distances(mask: Mask, px: float) -> None:
    assert np.array_equal(grown(mask, px=px), distances(mask, target=True) <= px)
    assert np.array_equal(shrunk(mask, px=px), mask & (distances(mask, target=False) > px))


@pytest.mark.parametrize("px", [1, 2, 3])
def test_the_border_of_the_picture_takes_nothing(px: int) -> None:
    mask = np.zeros((20, 30), np.bool_)
    mask[:, :15] = True
    expected = np.zeros_like(mask)
    expected[:, : 15 - px] = True
    assert np.array_equal(shrunk(mask, px=px), expected)
