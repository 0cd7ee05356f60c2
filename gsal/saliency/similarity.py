"""How alike two saliency maps are: by the ranks of their pixels, and by their structure."""

from typing import Any

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray

__all__ = ["rank_correlation", "scaled", "structural_similarity"]

_SIGMA, _RADIUS = 1.5, 5
_K1, _K2 = 0.01, 0.03

_Maps = npt.NDArray[np.floating[Any]]


def rank_correlation(one: _Maps, other: _Maps) -> FloatArray:
    """Return Spearman's rank correlation of the pixels of each of (N, H, W) maps, ties at their mean rank.

    Returns:
        (N,) float64; NaN where a map is constant.

    >>> rank_correlation(np.array([[[1.0, 2.0, 9.0]]]), np.array([[[-1.0, -2.0, -9.0]]]))
    array([-1.])
    """
    from scipy.stats import rankdata

    ranks = [rankdata(maps.reshape(len(maps), -1), axis=1) for maps in (one, other)]
    x, y = (rank - rank.mean(axis=1, keepdims=True) for rank in ranks)
    spread = np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    found: FloatArray = np.divide((x * y).sum(axis=1), spread, out=np.full(len(x), np.nan), where=spread > 0)
    return found


def scaled(maps: _Maps) -> FloatArray:
    """Return (N, H, W) maps divided each by its largest absolute value, float64; one that is 0 stays 0."""
    strongest = np.abs(maps).max(axis=(1, 2), keepdims=True).astype(np.float64)
    return maps / np.where(strongest > 0, strongest, 1)


def structural_similarity(one: _Maps, other: _Maps, *, value_range: float) -> FloatArray:
    """Return the SSIM of Wang et al. 2004 for each of (N, H, W) maps.

    Their Gaussian window of 11 x 11 pixels and standard deviation 1.5, their constants; the mean goes over
    the pixels whose window lies within the map.

    Args:
        one: At least 11 x 11.
        other: Likewise.
        value_range: Largest less smallest value that maps can have.

    Returns:
        (N,) float64; NaN where a map is constant.

    Raises:
        ValueError: The maps are smaller than a window.
    """
    if min(one.shape[1:]) <= 2 * _RADIUS:
        raise ValueError(f"structural similarity needs maps of {2 * _RADIUS + 1} x {2 * _RADIUS + 1} or more")
    x, y = one.astype(np.float64), other.astype(np.float64)
    mean_x, mean_y = _smooth(x), _smooth(y)
    var_x, var_y = _smooth(x * x) - mean_x**2, _smooth(y * y) - mean_y**2
    covariance = _smooth(x * y) - mean_x * mean_y
    c1, c2 = (_K1 * value_range) ** 2, (_K2 * value_range) ** 2
    luminance = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    structure = (2 * covariance + c2) / (var_x + var_y + c2)
    inner = (slice(None), slice(_RADIUS, -_RADIUS), slice(_RADIUS, -_RADIUS))
    found: FloatArray = (luminance * structure)[inner].mean(axis=(1, 2))
    return np.where(_is_constant(one) | _is_constant(other), np.nan, found)


def _smooth(maps: FloatArray) -> FloatArray:
    from scipy.ndimage import gaussian_filter

    smoothed: FloatArray = gaussian_filter(maps, sigma=(0, _SIGMA, _SIGMA), radius=(0, _RADIUS, _RADIUS))
    return smoothed


def _is_constant(maps: _Maps) -> npt.NDArray[np.bool_]:
    constant: npt.NDArray[np.bool_] = maps.max(axis=(1, 2)) == maps.min(axis=(1, 2))
    return constant
