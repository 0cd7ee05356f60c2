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

_PREVIEW_LONG_SIDE_PX = 1536
_REACH_SHARE = 0.03
_GROWTH = 2
_FLAGS = 8 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY | 1 << 8


class Wand:
    """One use of it: made where the pen goes down, asked with each tolerance, dropped afterwards.

    Args:
        picture: (H, W, 3) uint8; kept, not copied.
        seed: Inside the picture, on ink.
        smaller: The picture at 1/2, 1/4 ... of its size, to preview with; it is made when not given.
    """

    def __init__(self, picture: RgbImage, seed: Point, *, smaller: RgbImage | None = None) -> None:
        self._picture = picture
        self._seed = math.floor(seed[1]), math.floor(seed[0])
        self._colour = InkColour.at(picture, seed, reach_px=_REACH_SHARE * max(picture.shape[:2]))
        coarse = _smaller(picture) if smaller is None else smaller
        self._factor = max(1, round(max(picture.shape[:2]) / max(coarse.shape[:2])))
        self._coarse = self._colour.distances(coarse, Box(0, 0, *coarse.shape[:2]))

    def preview(self, tolerance: float) -> tuple[Box, Mask]:
        """Return about what `select` would, quickly: seen at a smaller size.

        Args:
            tolerance: 5 to 100: how far from the ink's colour (0) to the skin's (100) is still ink.

        Returns:
            A box inside the picture and the region in it, bool of the box's shape.
        """
        row, column = (side // self._factor for side in self._seed)
        box, region = _flooded(self._coarse, (row, column), tolerance)
        k = self._factor
        wide = Box(box.top * k, box.left * k, box.bottom * k, box.right * k)
        inside = wide.clipped(*self._picture.shape[:2])
        size = wide.right - wide.left, wide.bottom - wide.top
        large = cv2.resize(region.view(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        return inside, large[: inside.bottom - inside.top, : inside.right - inside.left].view(np.bool_)

    def select(self, tolerance: float) -> tuple[Box, Mask]:
        """Return the region at full size; arguments and result as those of `preview`.

        It looks where the preview lies, and further as long as the region reaches the edge of that.
        """
        shape = self._picture.shape[0], self._picture.shape[1]
        near, _ = self.preview(tolerance)
        window = near.grown(_GROWTH * self._factor).clipped(*shape)
        while True:
            distances = self._colour.distances(self._picture, window)
            row, column = self._seed
            box, region = _flooded(distances, (row - window.top, column - window.left), tolerance)
            found = box.moved(window.top, window.left)
            reached = found.grown(1).clipped(*shape)
            if reached.united(window) == window:
                return found, region
            sides = window.bottom - window.top, window.right - window.left
            window = window.grown(max(sides) // 2).clipped(*shape)


def _smaller(picture: RgbImage) -> RgbImage:
    height, width = picture.shape[:2]
    factor = -(-max(height, width) // _PREVIEW_LONG_SIDE_PX)
    if factor == 1:
        return picture
    size = -(-width // factor), -(-height // factor)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _flooded(distances: npt.NDArray[np.uint8], seed: tuple[int, int], tolerance: float) -> tuple[Box, Mask]:
    """Return the region of pixels within the tolerance that joins the seed, also over corners."""
    height, width = distances.shape
    row, column = min(seed[0], height - 1), min(seed[1], width - 1)
    region = np.zeros((height + 2, width + 2), np.uint8)
    at_seed = int(distances[row, column])
    reach = max(0, math.floor(tolerance) - at_seed)
    _, _, _, (left, top, wide, high) = cv2.floodFill(
        distances, region, (column, row), 0, loDiff=255, upDiff=reach, flags=_FLAGS
    )
    box = Box(top, left, top + high, left + wide)
    return box, region[1:-1, 1:-1][box.slices].view(np.bool_)
