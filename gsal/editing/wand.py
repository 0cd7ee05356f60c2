"""The wand: the connected region around a point that looks like the ink there."""

import math

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask, RgbImage
from gsal.editing.box import Box
from gsal.editing.brush import Point
from gsal.editing.ink_colour import InkColour

__all__ = ["Wand"]

_COARSE_LONG_SIDE_PX = 1536
_SKIN_REACH_SHARE = 0.15
_GAP_SHARE = 0.005  # furrows of skin and hairs cut a pen stroke into pieces
_PATCH_PX = 256
_FLAGS = 8 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY | 1 << 8


class Wand:
    """One use of it: made where the pen goes down, asked with each tolerance, dropped afterwards.

    What belongs together is judged on the picture at about 1,500 pixels, where gaps of up to a hundredth of
    the long side are bridged; which pixels of that are ink is judged one by one: for `preview` at that size,
    for `select` at the picture's own.

    Args:
        picture: (H, W, 3) uint8; kept, not copied.
        seed: On ink; outside the picture the nearest pixel counts.
        smaller: The picture at 1/2, 1/3, 1/4 ... of its size by area average, its sides rounded up, as from a
            pyramid; it is made when not given.
    """

    def __init__(self, picture: RgbImage, seed: Point, *, smaller: RgbImage | None = None) -> None:
        self._picture = picture
        long_side = max(picture.shape[:2])
        self._colour = InkColour.at(picture, seed, reach_px=_SKIN_REACH_SHARE * long_side)
        coarse = _smaller(picture) if smaller is None else smaller
        height, width = coarse.shape[:2]
        self._factor = max(1, round(long_side / max(height, width)))
        self._seed = (
            min(max(math.floor(seed[0]) // self._factor, 0), width - 1),
            min(max(math.floor(seed[1]) // self._factor, 0), height - 1),
        )
        self._distances = self._colour.distances(coarse, Box(0, 0, height, width))
        gap = max(1, round(_GAP_SHARE * max(height, width)))
        # The least distance nearby: what is like ink for some tolerance grows by the gap for that tolerance.
        self._bridged = cv2.erode(self._distances, np.ones((2 * gap + 1, 2 * gap + 1), np.uint8))

    @property
    def is_on_ink(self) -> bool:
        """Whether the seed looks like ink."""
        return self._colour.is_on_ink

    def preview(self, tolerance: float) -> tuple[Box, Mask]:
        """Return about what `select` would, quickly: seen at the smaller size.

        Args:
            tolerance: 5 to 100: how far from the ink's colour (0) to the skin's (100) is still ink.

        Returns:
            A box inside the picture and the region in it, bool of the box's shape.
        """
        box, together = self._together(tolerance)
        region = together & (self._distances[box.slices] <= tolerance)
        tight = Box.of(region)
        return self._enlarged(tight.moved(box.top, box.left), region[tight.slices])

    def select(self, tolerance: float) -> tuple[Box, Mask]:
        """Return the region at full size; arguments and result as those of `preview`."""
        box, region = self._enlarged(*self._together(tolerance))
        for row, column in np.ndindex(-(-region.shape[0] // _PATCH_PX), -(-region.shape[1] // _PATCH_PX)):
            patch = Box(0, 0, _PATCH_PX, _PATCH_PX).moved(row * _PATCH_PX, column * _PATCH_PX)
            part = region[patch.slices]
            if part.any():
                there = patch.clipped(*region.shape).moved(box.top, box.left)
                part &= self._colour.distances(self._picture, there) <= tolerance
        tight = Box.of(region)
        return tight.moved(box.top, box.left), region[tight.slices]

    def _together(self, tolerance: float) -> tuple[Box, Mask]:
        """Return what is joined to the seed on the smaller picture, gaps included."""
        height, width = self._bridged.shape
        joined = np.zeros((height + 2, width + 2), np.uint8)
        reach = max(0, math.floor(tolerance) - int(self._bridged[self._seed[::-1]]))
        _, _, _, (left, top, wide, high) = cv2.floodFill(
            self._bridged, joined, self._seed, 0, loDiff=255, upDiff=reach, flags=_FLAGS
        )
        box = Box(top, left, top + high, left + wide)
        return box, joined[1:-1, 1:-1][box.slices].view(np.bool_)

    def _enlarged(self, box: Box, region: Mask) -> tuple[Box, Mask]:
        k = self._factor
        wide = Box(k * box.top, k * box.left, k * box.bottom, k * box.right)
        inside = wide.clipped(*self._picture.shape[:2])
        if box.is_empty:
            return inside, region
        size = wide.right - wide.left, wide.bottom - wide.top
        large: npt.NDArray[np.uint8] = np.asarray(
            cv2.resize(region.view(np.uint8), size, interpolation=cv2.INTER_NEAREST), np.uint8
        )
        return inside, large[: inside.bottom - inside.top, : inside.right - inside.left].view(np.bool_)


def _smaller(picture: RgbImage) -> RgbImage:
    height, width = picture.shape[:2]
    factor = -(-max(height, width) // _COARSE_LONG_SIDE_PX)
    if factor == 1:
        return picture
    over = -height % factor, -width % factor
    if any(over):
        picture = np.asarray(
            cv2.copyMakeBorder(picture, 0, over[0], 0, over[1], cv2.BORDER_REPLICATE), np.uint8
        )
    size = picture.shape[1] // factor, picture.shape[0] // factor
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
