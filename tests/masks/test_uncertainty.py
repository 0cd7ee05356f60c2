import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsal.masks.agreement import dice
from gsal.masks.uncertainty import HIGH, LOW, uncertainty


def maps(seed: int, side: int = 96) -> np.ndarray:
    return np.random.default_rng(seed).random((side, side)).astype(np.float32)


@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.floats(1e-6, 1e4))
def test_it_lies_between_0_and_1(seed: int, scale: float, bound: float) -> None:
    assert 0 <= uncertainty(maps(seed, 16) * np.float32(scale), min_ink_px=bound) <= 1


@pytest.mark.parametrize("seed", range(3))
def test_without_a_bound_it_is_what_dice_lacks(seed: int) -> None:
    values = maps(seed)
    assert uncertainty(values, min_ink_px=1e-9) == pytest.approx(1 - dice(values > LOW, values > HIGH))


def test_a_sure_network_is_sure_with_and_without_ink() -> None:
    sure = np.zeros((50, 70), np.float32)
    assert uncertainty(sure) == 0
    sure[10:30] = 0.99
    assert uncertainty(sure) == 0


def test_a_few_unsure_pixels_weigh_little_and_many_weigh_much() -> None:
    few, many = np.zeros((224, 224), np.float32), np.zeros((224, 224), np.float32)
    few[:2, :2] = 0.5
    many[:100, :100] = 0.5
    assert uncertainty(few) < 0.05
    assert uncertainty(many) > 0.9


def test_the_size_of_the_map_does_not_matter() -> None:
    values = maps(0)
    larger = np.kron(values, np.ones((3, 3), np.float32))
    assert uncertainty(larger) == pytest.approx(uncertainty(values))
