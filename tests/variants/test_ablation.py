"""Lesion ablation."""

import numpy as np
import pytest

from gsal.variants import ablate


def test_ablation_keeps_the_ink_and_paints_the_mean_of_the_whole_picture() -> None:
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    mask = np.zeros((5, 7), dtype=np.bool_)
    mask[1:3, 2:5] = True
    painted = ablate(image, mask)
    assert painted.dtype == np.uint8
    np.testing.assert_array_equal(painted[mask], image[mask])
    mean = np.rint([sum(int(v) for v in image[:, :, channel].ravel()) / 35 for channel in range(3)])
    assert (painted[~mask] == mean).all()


def test_ablation_with_a_colour_of_the_data_set() -> None:
    image = np.full((2, 2, 3), 9, dtype=np.uint8)
    painted = ablate(image, np.zeros((2, 2), dtype=np.bool_), fill=(1.4, 300.0, -3.0))
    assert painted[0, 0].tolist() == [1, 255, 0]
    assert (image == 9).all()


def test_ablation_refuses_a_mask_of_another_size() -> None:
    with pytest.raises(ValueError, match="mask"):
        ablate(np.zeros((2, 3, 3), dtype=np.uint8), np.zeros((3, 2), dtype=np.bool_))
