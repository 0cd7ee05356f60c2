"""Within-image normalisation: what lies on the ink against the picture's own map (SPEC 8)."""

from dataclasses import replace

import numpy as np

from gsal.audit.data import AuditData
from gsal.audit.global_saliency import PixelPool

__all__ = ["AS_IT_IS", "normalised_within"]

AS_IT_IS = PixelPool(mean=0.0, sd=1.0, pixels=0)
"""A pool that leaves m on the scale it has."""


def normalised_within(data: AuditData) -> AuditData:
    """Return the table with (m - mean g) / sd g in the place of m, each picture by its own map g.

    It needs no map: the sums that are stored for z are enough. A constant map has no scale, and its picture
    is NaN as one without ink is. Means of it are taken with the pool `AS_IT_IS`.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = data.map_sum / data.map_pixels
        variance = data.map_sum_sq / data.map_pixels - mean**2
        # Of a constant map, rounding leaves some 1e-16 of what was squared.
        is_constant = variance <= 1e-12 * data.map_sum_sq / data.map_pixels
        within = (data.mean - mean) / np.sqrt(variance)
    return replace(data, mean=np.where(is_constant, np.nan, within))
