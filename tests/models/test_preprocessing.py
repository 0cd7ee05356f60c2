import numpy as np
import pytest
import torch

from gsal.models.preprocessing import to_tensor
from gsal.records import Preprocessing


def test_it_equals_the_formula_and_is_channels_last() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (2, 5, 5, 3), dtype=np.uint8)
    preprocessing = Preprocessing(size=5, mean=(0.1, 0.2, 0.3), std=(0.5, 0.6, 0.7))
    tensor = to_tensor(pictures, preprocessing)
    expected = (pictures / 255 - np.array(preprocessing.mean)) / np.array(preprocessing.std)
    assert tensor.dtype == torch.float32
    assert tensor.is_contiguous(memory_format=torch.channels_last)
    np.testing.assert_allclose(tensor.numpy(), expected.transpose(0, 3, 1, 2), atol=1e-6)


def test_pictures_of_another_size_or_type_are_refused() -> None:
    with pytest.raises(ValueError, match="uint8"):
        to_tensor(np.zeros((1, 4, 4, 3), np.uint8), Preprocessing(size=5))
    with pytest.raises(ValueError, match="float64"):
        to_tensor(np.zeros((1, 5, 5, 3)), Preprocessing(size=5))  # type: ignore[arg-type]
