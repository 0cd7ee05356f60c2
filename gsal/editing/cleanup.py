"""Cleaning a mask up: specks, holes, a wider or narrower stroke. All work inside the box of the ink."""

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask
from gsal.editing.box import Box

__all__ = ["grown", "shrunk", "with_holes_filled", "without_specks"]

_WIDEST_DISC_PX = 24
"""Up to here trying each pixel of a disc is faster than measuring distances."""


def without_specks(mask: Mask, *, min_area_px: int) -> Mask:
    """Return a mask without the parts that are smaller than `min_area_px`; corners join.

    Args:
        mask: (H, W) bool.
        min_area_px: Pixels that a part must have to stay.

    >>> import numpy as np
    >>> mask = np.array([[1, 1, 0, 0], [1, 0, 0, 1]], bool)
    >>> without_specks(mask, min_area_px=2).astype(int).tolist()
    [[1, 1, 0, 0], [1, 0, 0, 0]]
    """
    box = Box.of(mask)
    result = mask.copy()
    if not box.is_empty:
        result[box.slices] = _parts(mask[box.slices], least=min_area_px, connectivity=8)
    return result


def with_holes_filled(mask: Mask, *, max_area_px: int | None = None) -> Mask:
    """Return a mask with the areas filled that ink closes off on all sides.

    Args:
        mask: (H, W) bool.
        max_area_px: Larger holes stay; None fills all. What touches the picture's border is no hole.

    >>> import numpy as np
    >>> ring = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], bool)
    >>> bool(with_holes_filled(ring).all())
    True
    """
    box = Box.of(mask)
    result = mask.copy()
    if not box.is_empty:
        part = mask[box.slices]
        holes = ~part & ~_outside(part)
        if max_area_px is not None:
            holes &= ~_parts(holes, least=max_area_px + 1, connectivity=4)
        result[box.slices] = part | holes
    return result


def grown(mask: Mask, *, px: float) -> Mask:
    """Return all pixels whose centre lies within `px` pixels of an ink pixel's centre.

    Args:
        mask: (H, W) bool.
        px: Distance, at least 0.
    """
    ink = Box.of(mask)
    result = mask.copy()
    if not ink.is_empty:
        box = ink.grown(int(px)).clipped(*mask.shape)
        part = mask[box.slices]
        if px <= _WIDEST_DISC_PX:
            result[box.slices] = cv2.dilate(part.view(np.uint8), _disc(px)).view(np.bool_)
        else:
            result[box.slices] = _distances(~part) <= np.float32(px)
    return result


def shrunk(mask: Mask, *, px: float) -> Mask:
    """Return the ink pixels with no pixel without ink within `px` pixels; the picture's border takes nothing.

    Args:
        mask: (H, W) bool.
        px: Distance, at least 0.
    """
    ink = Box.of(mask)
    result = mask.copy()
    if not ink.is_empty:
        box = ink.grown(1).clipped(*mask.shape)
        part = mask[box.slices]
        if px <= _WIDEST_DISC_PX:
            result[box.slices] = cv2.erode(part.view(np.uint8), _disc(px)).view(np.bool_)
        elif not part.all():
            result[box.slices] = _distances(part) > np.float32(px)
    return result


def _disc(px: float) -> npt.NDArray[np.uint8]:
    reach = np.arange(-int(px), int(px) + 1)
    return (reach * reach + reach[:, None] ** 2 <= px * px).astype(np.uint8)


def _distances(pixels: Mask) -> npt.NDArray[np.float32]:
    """Return the distance of each pixel to the next one that is False."""
    far = cv2.distanceTransform(pixels.view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # The root of a whole number, off by rounding: 5 must not be 5.0000005.
    return np.asarray(np.sqrt(np.rint(far * far)), np.float32)


def _outside(part: Mask) -> Mask:
    """Return what can be reached from beside the box without crossing ink."""
    padded = np.pad(part.view(np.uint8), 1)
    cv2.floodFill(padded, None, (0, 0), 2, flags=4)
    outside: Mask = padded[1:-1, 1:-1] == 2
    return outside


def _parts(pixels: Mask, *, least: int, connectivity: int) -> Mask:
    """Return the connected parts that have at least so many pixels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(pixels.view(np.uint8), connectivity=connectivity)
    stays = stats[:, cv2.CC_STAT_AREA] >= least
    stays[0] = False
    kept: Mask = stays[labels]
    return kept
