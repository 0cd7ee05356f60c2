"""What lies around a region: ink lies on skin, is darker than it and less yellow."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask

__all__ = ["OnSkin", "parts_on_skin"]

Plane = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]

_GAP = 0.0022  # of the long side: the blurred edge belongs to neither
_REACH = 0.009


@dataclass(frozen=True, slots=True)
class OnSkin:
    """What a part must show against its own surroundings.

    Of what was tried on photographs these part ink from lesion edges, hair, shadow and cloth best, for every
    rule (area under the curve .78 for the loss of yellow, .65 to .75 for the other two).

    Attributes:
        yellow_drop: CIELAB b of the surroundings minus that of the part, at least.
        lightness_drop: The same for L.
        skin_share: Lightness of the surroundings over that of the picture's skin, at least.
    """

    yellow_drop: float = 1.7
    lightness_drop: float = 2.0
    skin_share: float = 0.6


def parts_on_skin(region: Mask, lightness: Plane, yellow: Plane, *, skin: float, limits: OnSkin) -> Mask:
    """Keep the 8-connected parts of a region that differ from their surroundings as ink does.

    Args:
        region: (H, W) bool.
        lightness: (H, W) CIELAB L.
        yellow: (H, W) CIELAB b.
        skin: Lightness of the picture's skin.
        limits: What a part must show.
    """
    count, found = cv2.connectedComponents(region.astype(np.uint8), connectivity=8)
    if count == 1:
        return np.zeros_like(region)
    labels = cast(Labels, found)
    around = _around(region, labels)
    band = around > 0
    inner, outer = labels[region], around[band]
    light_in, light_out = _means(inner, lightness[region], count), _means(outer, lightness[band], count)
    yellow_in, yellow_out = _means(inner, yellow[region], count), _means(outer, yellow[band], count)
    keep = yellow_out - yellow_in >= limits.yellow_drop
    keep &= light_out - light_in >= limits.lightness_drop
    keep &= light_out >= limits.skin_share * skin
    keep[0] = False
    kept: Mask = keep[labels]
    return kept


def _around(region: Mask, labels: Labels) -> Labels:
    """Label a narrow band around each part with that part; where bands meet, the later part has it."""
    long_side = max(region.shape)
    gap, reach = max(1, round(_GAP * long_side)), max(2, round(_REACH * long_side))
    bands = cv2.dilate(labels.astype(np.float32), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    near = cv2.dilate(region.astype(np.uint8), np.ones((2 * gap + 1, 2 * gap + 1), np.uint8))
    bands[near > 0] = 0
    return bands.astype(np.int32)


def _means(which: Labels, values: Plane, count: int) -> npt.NDArray[np.float64]:
    """Give the mean of the values of each part; NaN, which no limit accepts, for a part without any."""
    sums, sizes = np.bincount(which, values, count), np.bincount(which, minlength=count)
    return np.where(sizes > 0, sums / np.maximum(sizes, 1), np.nan)
