import numpy as np
import pytest
from scipy import ndimage

from gsal.masks.soften import soften


@pytest.mark.parametrize("sigma_px", [None, 0.0, 0.7, 5.0])
def test_threshold_gives_the_mask_back(sigma_px: float | None) -> None:
    mask = np.random.default_rng(4).random((448, 300)) < 0.1
    mask[40:44, 20:200] = True
    target = soften(mask, sigma_px=sigma_px)
    assert target.dtype == np.float32
    assert target.min() >= 0
    assert target.max() <= 1
    np.testing.assert_array_equal(target >= 0.5, mask)


def test_thick_edges_are_a_plain_blur() -> None:
    mask = np.zeros((224, 224), bool)
    mask[60:160, 60:160] = True
    reference = ndimage.gaussian_filter(mask.astype(float), 1.0)
    target = soften(mask)
    free = np.abs(reference - 0.5) > 0.01
    corners = np.zeros_like(mask)
    corners[np.ix_([58, 59, 60, 61, 158, 159, 160, 161], [58, 59, 60, 61, 158, 159, 160, 161])] = True
    np.testing.assert_allclose(target[free & ~corners], reference[free & ~corners], atol=5e-3)


def test_empty_stays_empty() -> None:
    assert not soften(np.zeros((30, 30), bool)).any()
