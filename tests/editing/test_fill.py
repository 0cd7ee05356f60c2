"""Filling against labelled regions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from gsal.arrays import Mask
from gsal.editing.box import Box
from gsal.editing.fill import enclosed


@given(
    seed=st.integers(0, 10_000),
    shape=st.tuples(st.integers(1, 25), st.integers(1, 25)),
    share=st.floats(0.3, 0.8),
    point=st.tuples(st.floats(0, 24.9), st.floats(0, 24.9)),
)
def test_the_region_is_that_of_its_label_and_none_when_open(
    seed: int, shape: tuple[int, int], share: float, point: tuple[float, float]
) -> None:
    mask: Mask = np.random.default_rng(seed).random(shape) < share
    row, column = int(point[1]), int(point[0])
    found = enclosed(mask, point)
    if row >= shape[0] or column >= shape[1]:
        assert found is None
        return
    labels, _ = ndimage.label(~mask)
    region = (labels == labels[row, column]) & ~mask
    at_border = np.concatenate([region[0], region[-1], region[:, 0], region[:, -1]]).any()
    if mask[row, column]:
        assert found is None or not found[1].any()
    elif at_border:
        assert found is None
    else:
        assert found is not None
        box, inside = found
        expected = np.zeros(shape, np.bool_)
        expected[box.slices] = inside
        assert np.array_equal(expected, region)
        assert box == Box.of(region)


@pytest.mark.parametrize("dtype", [np.bool_, np.uint8])
def test_an_outline_with_a_gap_is_open(dtype: type[np.generic]) -> None:
    mask = np.zeros((60, 80), np.bool_)
    mask[10:50, 20:60] = True
    mask[13:47, 23:57] = False
    closed = enclosed(mask.astype(dtype).view(np.bool_), (40.0, 30.0))
    assert closed is not None
    assert closed[0] == Box(13, 23, 47, 57)
    mask[30, 57:60] = False
    assert enclosed(mask, (40.0, 30.0)) is None
    mask[30, 58] = True
    assert enclosed(mask, (40.0, 30.0)) is not None


def test_on_ink_there_is_nothing_to_fill_and_without_ink_nothing_closes() -> None:
    mask = np.zeros((20, 20), np.bool_)
    assert enclosed(mask, (5, 5)) is None
    mask[4:8, 4:8] = True
    found = enclosed(mask, (5, 5))
    assert found is not None
    assert found[0].is_empty
    assert found[1].size == 0
    assert enclosed(mask, (-3, 5)) is None
