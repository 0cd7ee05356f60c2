"""From saliency maps and a mask to one number per picture: mean m, peak n, and the moments for z-scores."""

from typing import Any

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray

__all__ = ["TIES", "mean_saliency", "moments", "peak_count", "peak_saliency"]

TIES = 64
"""Rounding steps within which two pixels of a map are equally salient."""

_Floating = npt.NDArray[np.floating[Any]]


def mean_saliency(map: _Floating, mask: npt.NDArray[Any]) -> FloatArray:  # noqa: A002 - the paper's word
    """Return m = sum(w g) / sum(w), the mean saliency of ink (Eq. 2 of the paper with coverage w).

    Args:
        map: (..., H, W), signed.
        mask: (H, W) bool, or float coverage in [0, 1] (SPEC 1).

    Returns:
        (...) float64; NaN without ink.

    Raises:
        ValueError: Sizes differ, or the coverage is outside [0, 1].

    >>> float(mean_saliency(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0, 1], [0, 1]], dtype=bool)))
    3.0
    """
    maps, weights = _flattened(map, mask)
    area = weights.sum()
    means: FloatArray = maps @ weights / area if area > 0 else np.full(maps.shape[:-1], np.nan)
    return means


def peak_saliency(
    map: _Floating,  # noqa: A002
    mask: npt.NDArray[Any],
    percentile: float = 98,
) -> FloatArray:
    """Return n, the share of the most salient pixels that is ink (Eq. 3 of the paper; SPEC 8).

    The k = `peak_count` most salient pixels are shared out fairly where pixels tie: with t the k-th
    largest value, those above t count 1 and those equal to t count (k - #{> t}) / #{= t} each. A
    constant map thus gives |A| / |P|, the chance level. Equal means to rounding, `TIES` units of the map's
    type in its largest value: an enlarged map is flat near its sides, and which of its pixels rounding puts
    first must not decide.

    Args:
        map: (..., H, W), signed.
        mask: (H, W) bool, or float coverage in [0, 1].
        percentile: Above it a pixel is salient; 98 in the paper.

    Returns:
        (...) float64 in [0, 1]; NaN without ink.

    Raises:
        ValueError: Sizes differ, the coverage is outside [0, 1], or the percentile outside [0, 100].

    >>> float(peak_saliency(np.zeros((10, 10)), np.eye(10, dtype=bool)))
    0.1
    """
    maps, weights = _flattened(map, mask)
    if not weights.any():
        return np.full(maps.shape[:-1], np.nan)
    pixels = maps.shape[-1]
    k = peak_count(pixels, percentile)
    threshold = np.partition(maps, pixels - k, axis=-1)[..., pixels - k, None]
    rounding = TIES * np.finfo(map.dtype).eps * np.abs(maps).max(axis=-1, keepdims=True)
    above = maps > threshold + rounding
    equal = ~above & (maps >= threshold - rounding)
    share = (k - above.sum(axis=-1)) / np.maximum(equal.sum(axis=-1), 1)
    shares: FloatArray = (above @ weights + share * (equal @ weights)) / k
    return shares


def peak_count(pixels: int, percentile: float = 98) -> int:
    """Return k = max(1, round((100 - percentile) % of the pixels)), halves to even.

    >>> peak_count(224 * 224), peak_count(9)
    (1004, 1)
    """
    if not 0 <= percentile <= 100:
        raise ValueError(f"a percentile is a number from 0 to 100, got {percentile}")
    return max(1, round((100 - percentile) / 100 * pixels))


def moments(map: _Floating) -> tuple[FloatArray, FloatArray]:  # noqa: A002
    """Return sum and sum of squares over the pixels of maps (..., H, W), in float64."""
    maps = np.asarray(map, dtype=np.float64).reshape(*map.shape[:-2], -1)
    return maps.sum(axis=-1), np.einsum("...p,...p->...", maps, maps)


def _flattened(map: _Floating, mask: npt.NDArray[Any]) -> tuple[FloatArray, FloatArray]:  # noqa: A002
    """Return maps (..., HW) and weights (HW,), float64."""
    if map.ndim < 2 or map.shape[-2:] != mask.shape:
        raise ValueError(
            f"the maps are {map.shape}, the mask {mask.shape}; both end in the network's grid (H, W)"
        )
    weights = np.asarray(mask, dtype=np.float64).ravel()
    if not ((weights >= 0) & (weights <= 1)).all():
        raise ValueError("coverage goes from 0 to 1")
    return np.asarray(map, dtype=np.float64).reshape(*map.shape[:-2], -1), weights
