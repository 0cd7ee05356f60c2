"""The square canvas a scene is painted on: its coordinates and its random fields."""

from functools import lru_cache
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["Field", "coordinates", "noise", "sigmoid", "soften"]

Field: TypeAlias = npt.NDArray[np.float32]
"""(S, S) or (S, S, channels) float32."""

_FINE = 32


@lru_cache(maxsize=4)
def coordinates(side: int) -> tuple[Field, Field]:
    """Return x and y of every pixel in picture widths, two read-only (side, side) fields in [0, 1)."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / np.float32(side)
    x.setflags(write=False)
    y.setflags(write=False)
    return x, y


def noise(rng: np.random.Generator, side: int, *, cells: int) -> Field:
    """Return smooth random hills, (side, side) float32 with mean about 0 and standard deviation below 1.

    Args:
        rng: Source of randomness.
        side: Side of the field in pixels.
        cells: Independent values along a side: few make broad hills, many make grain.
    """
    values = rng.standard_normal((cells, cells), dtype=np.float32)
    interpolation = cv2.INTER_CUBIC if cells < _FINE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(values, (side, side), interpolation=interpolation), np.float32)


def sigmoid(values: Field) -> Field:
    """Return 1 / (1 + exp(-values)) without overflow.

    >>> sigmoid(np.float32([0.0, -1000.0])).tolist()
    [0.5, 0.0]
    """
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * values), np.float32)


def soften(field: Field, sigma_px: float) -> Field:
    """Return the field blurred by a Gaussian; below a third of a pixel it is returned as it is."""
    if sigma_px < 1 / 3:
        return field
    return np.asarray(cv2.GaussianBlur(field, (0, 0), sigma_px), np.float32)
