"""Randomness that belongs to a picture: the same in every batch, in any order and on every device."""

import hashlib
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

__all__ = ["generators", "normal"]


def generators(images: Tensor, *, seed: int) -> list[np.random.Generator]:
    """Return a generator for each of (N, channels, H, W), seeded by what the picture holds."""
    pixels = images.detach().to("cpu", torch.float32).contiguous().numpy()
    return [
        np.random.default_rng([seed, *np.frombuffer(hashlib.sha256(one).digest(), np.uint32)])
        for one in pixels
    ]


def normal(drawn_by: Sequence[np.random.Generator], like: Tensor) -> Tensor:
    """Return standard normal noise of the shape, type and device of (N, ...), one generator for each of N."""
    noise = np.stack([one.standard_normal(like.shape[1:]) for one in drawn_by])
    return torch.from_numpy(noise).to(like)
