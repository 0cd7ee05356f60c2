"""From saliency maps and a mask to one number per picture: mean m, peak n, and the moments for z-scores."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray

__all__ = ["TIES", "Peaks", "mean_saliency", "moments", "peak_count", "peak_saliency", "peaks"]

TIES = 64
"""Rounding steps within which two pixels of a map are equally salient."""

_Floating = npt.NDArray[np.floating[Any]]


class Peaks(NamedTuple):
    """The most salient pixels of maps (..., H, W), those that tie for the last places counting in part.

    Attributes:
        above: (..., H, W) bool, those that count whole.
        level: (..., H, W) bool, those that tie for the places left.
        share: (...) float64, what each of those counts; all pixels together count k = `peak_count`.
    """

    above: npt.NDArray[np.bool_]
    level: npt.NDArray[np.bool_]
    share: FloatArray


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

    It counts the pixels of `peaks`. A constant map thus gives |A| / |P|, the chance level.

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
    k = peak_count(maps.shape[-1], percentile)
    found = _peaks(maps, k, precision=float(np.finfo(map.dtype).eps))
    shares: FloatArray = (found.above @ weights + found.share * (found.level @ weights)) / k
    return shares


def peaks(map: _Floating, percentile: float = 98) -> Peaks:  # noqa: A002
    """Return the pixels that `peak_saliency` counts, and for how much.

    The k = `peak_count` most salient pixels are shared out fairly where pixels tie: with t the k-th
    largest value, those above t count 1 and those equal to t count (k - #{> t}) / #{= t} each. Equal means
    to rounding, `TIES` units of the map's type in its largest value: an enlarged map is flat near its sides,
    and which of its pixels rounding puts first must not decide.

    Args:
        map: (..., H, W), signed.
        percentile: Above it a pixel is salient; 98 in the paper.

    Raises:
        ValueError: The percentile is outside [0, 100].

    >>> found = peaks(np.array([[5.0, 4.0, 4.0, 4.0, 0.0]]), percentile=60)
    >>> found.above.astype(int).tolist(), found.level.astype(int).tolist(), round(float(found.share), 3)
    ([[1, 0, 0, 0, 0]], [[0, 1, 1, 1, 0]], 0.333)
    """
    flat = np.asarray(map, dtype=np.float64).reshape(*map.shape[:-2], -1)
    k = peak_count(flat.shape[-1], percentile)
    found = _peaks(flat, k, precision=float(np.finfo(map.dtype).eps))
    return Peaks(found.above.reshape(map.shape), found.level.reshape(map.shape), found.share)


def _peaks(maps: FloatArray, k: int, *, precision: float) -> Peaks:
    """Return `peaks` of maps (..., P) whose values have this relative precision."""
    pixels = maps.shape[-1]
    threshold = np.partition(maps, pixels - k, axis=-1)[..., pixels - k, None]
    rounding = TIES * precision * np.abs(maps).max(axis=-1, keepdims=True)
    above = maps > threshold + rounding
    level = ~above & (maps >= threshold - rounding)
    share: FloatArray = (k - above.sum(axis=-1)) / np.maximum(level.sum(axis=-1), 1)
    return Peaks(above, level, share)


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
