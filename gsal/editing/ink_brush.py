"""A brush that takes only what looks like the ink it began on, and leaves skin and hair."""

import numpy as np

from gsal.arrays import RgbImage
from gsal.editing.box import Box
from gsal.editing.brush import Point, spans
from gsal.editing.ink_colour import DEFAULT_TOLERANCE, InkColour
from gsal.editing.painting import Painting
from gsal.editing.tiles import TILE_PX

__all__ = ["InkBrush"]

_REACH_RADII = 3
_LOOK_SHARE = 0.15
"""Of the long side: within a small brush's reach there may be no skin at all, only ink or a dark lesion."""


class InkBrush:
    """One stroke of it: made where the stroke begins, dropped when it ends.

    Args:
        picture: (H, W, 3) uint8, of the painting's shape; kept, not copied.
        start: Where the stroke begins: on ink; outside the picture the nearest pixel counts.
        radius: Of the brush there, in pixels; skin is looked for within three of it.
        tolerance: 5 to 100: how far from the ink's colour (0) to the skin's (100) is still ink.

    Attributes:
        is_on_ink: Whether the stroke begins where it looks like ink.
    """

    def __init__(
        self, picture: RgbImage, start: Point, *, radius: float, tolerance: float = DEFAULT_TOLERANCE
    ) -> None:
        self._picture = picture
        self._tolerance = tolerance
        self._colour = InkColour.at(picture, start, reach_px=_REACH_RADII * radius)
        height, width = picture.shape[:2]
        far = _LOOK_SHARE * max(height, width)
        self.is_on_ink = self._colour.is_on_ink or InkColour.at(picture, start, reach_px=far).is_on_ink
        # Colours are compared once per tile and stroke, where the brush comes by.
        self._is_ink = np.zeros((height, width), np.bool_)
        self._is_known = np.zeros((-(-height // TILE_PX), -(-width // TILE_PX)), np.bool_)

    def extend(self, painting: Painting, start: Point, end: Point, *, radius: float, value: int) -> Box:
        """Pull the brush from start to end inside an open stroke; return the box that may have changed.

        Args:
            painting: To be changed.
            start: Where the segment begins.
            end: Where it ends, possibly the same point.
            radius: In pixels; it may change from segment to segment.
            value: 1 lays ink down, 0 takes it away where it looks like the start.
        """
        covered = spans(start, end, radius=radius, shape=painting.shape)
        for band in covered.bands(TILE_PX):
            self._look_at(band)
            painting.paint_region(band, covered.pixels(band) & self._is_ink[band.slices], value=value)
        return covered.box

    def _look_at(self, box: Box) -> None:
        top, left = box.top // TILE_PX, box.left // TILE_PX
        is_known = self._is_known[top : -(-box.bottom // TILE_PX), left : -(-box.right // TILE_PX)]
        if is_known.all():
            return
        for row, column in np.argwhere(~is_known).tolist():
            corner = (top + row) * TILE_PX, (left + column) * TILE_PX
            tile = Box(0, 0, TILE_PX, TILE_PX).moved(*corner).clipped(*self._is_ink.shape)
            self._is_ink[tile.slices] = self._colour.distances(self._picture, tile) <= self._tolerance
        is_known[...] = True
