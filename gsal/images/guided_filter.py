"""Edges for a coarse map, from the picture it was made of: the fast guided filter."""

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import RgbImage
from gsal.images.geometry import resize_map

__all__ = ["follow_edges"]

Map: TypeAlias = npt.NDArray[np.float32]

_RADIUS = 1 / 56
"""Of the windows, as a share of the long side: 8 px of 448, the reach of a network that answers at 1/8."""

_NOISE = (4 / 255) ** 2
"""Variance below which a window counts as even: four grey levels, a JPEG's own unrest."""


def follow_edges(values: Map, seen: RgbImage, picture: RgbImage) -> Map:
    """Enlarge a map of shares so that its edges are those of the picture.

    In each window the map is taken for a linear function of the colours, a . rgb + b by least squares; its
    coefficients, averaged over all windows of a pixel, are enlarged and applied to the larger picture. Where
    the picture is even, the map is only smoothed. (He & Sun, "Fast Guided Filter", 2015, with the colour
    guide of He, Sun & Tang, "Guided Image Filtering", 2013.)

    Args:
        values: (h, w) float32 in [0, 1].
        seen: (h, w, 3) uint8, what it was made of.
        picture: (H, W, 3) uint8, the same at the size that is wanted.

    Returns:
        (H, W) float32 in [0, 1].
    """
    slopes, offset = _linear_model(values, _shares(seen), radius=max(1, round(max(values.shape) * _RADIUS)))
    height, width = picture.shape[:2]
    filtered = resize_map(offset, height=height, width=width)
    for slope, colour in zip(slopes, _planes(_shares(picture)), strict=True):
        filtered = filtered + resize_map(slope, height=height, width=width) * colour
    return np.asarray(np.clip(filtered, 0, 1), np.float32)


def _shares(picture: RgbImage) -> Map:
    return np.asarray(picture, np.float32) / np.float32(255)


def _planes(colours: Map) -> list[Map]:
    """Return the three channels, each contiguous."""
    return [np.ascontiguousarray(colours[..., channel]) for channel in range(3)]


def _linear_model(values: Map, colours: Map, *, radius: int) -> tuple[list[Map], Map]:
    """Return the three slopes and the offset, (h, w) each, averaged over the windows around each pixel."""
    mean = _window_mean(radius)
    rgb = _planes(colours)
    means, mean_value = [mean(one) for one in rgb], mean(values)
    with_value = [mean(one * values) - m * mean_value for one, m in zip(rgb, means, strict=True)]

    def covariance(i: int, j: int) -> Map:
        return mean(rgb[i] * rgb[j]) - means[i] * means[j]

    slopes = _solve(
        [covariance(0, 0) + _NOISE, covariance(0, 1), covariance(0, 2)],
        [covariance(1, 1) + _NOISE, covariance(1, 2), covariance(2, 2) + _NOISE],
        with_value,
    )
    offset = mean_value - sum(slope * m for slope, m in zip(slopes, means, strict=True))
    return [mean(slope) for slope in slopes], mean(offset)


def _solve(first_row: list[Map], rest: list[Map], right: list[Map]) -> list[Map]:
    """Solve a symmetric 3 x 3 system at every pixel, by cofactors.

    Args:
        first_row: Entries 00, 01, 02.
        rest: Entries 11, 12, 22.
        right: The right-hand side.
    """
    rr, rg, rb = first_row
    gg, gb, bb = rest
    c00, c01, c02 = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    c11, c12, c22 = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    determinant = rr * c00 + rg * c01 + rb * c02
    x, y, z = right
    return [
        (c00 * x + c01 * y + c02 * z) / determinant,
        (c01 * x + c11 * y + c12 * z) / determinant,
        (c02 * x + c12 * y + c22 * z) / determinant,
    ]


def _window_mean(radius: int) -> Callable[[Map], Map]:
    side = (2 * radius + 1, 2 * radius + 1)

    def mean(values: Map) -> Map:
        return np.asarray(cv2.blur(values, side, borderType=cv2.BORDER_REFLECT_101), np.float32)

    return mean
