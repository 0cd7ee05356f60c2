"""From pictures at the network's size to its input tensor."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gsal.records import Preprocessing

__all__ = ["normalise", "to_tensor"]


def to_tensor(pictures: npt.NDArray[np.uint8], preprocessing: Preprocessing) -> Tensor:
    """Return the normalised network input (x/255 - mean)/std.

    Args:
        pictures: (N, S, S, 3) uint8, S = preprocessing.size.
        preprocessing: Size, mean and standard deviation of the network.

    Returns:
        (N, 3, S, S) float32, channels-last in memory.

    Raises:
        ValueError: The pictures have another shape or type.
    """
    expected = (preprocessing.size, preprocessing.size, 3)
    if pictures.dtype != np.uint8 or pictures.shape[1:] != expected:
        raise ValueError(f"expected uint8 (N, {expected}), got {pictures.dtype} {pictures.shape}")
    return normalise(torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2), preprocessing)


def normalise(pictures: Tensor, preprocessing: Preprocessing) -> Tensor:
    """Return (x/255 - mean)/std for uint8 pictures (N, 3, H, W), as float32 in the same memory order."""
    mean = torch.tensor(preprocessing.mean, device=pictures.device).view(3, 1, 1)
    std = torch.tensor(preprocessing.std, device=pictures.device).view(3, 1, 1)
    return (pictures.to(torch.float32) / 255 - mean) / std
