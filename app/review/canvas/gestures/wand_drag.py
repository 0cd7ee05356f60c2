"""The wand in the hand: pressing says where, dragging how similar, releasing takes the region."""

from PySide6.QtCore import QPointF

from app.review.canvas.gestures.gesture import Surface
from app.review.canvas.tools import Tool
from gsal.arrays import Mask
from gsal.editing.box import Box
from gsal.editing.history import Change
from gsal.editing.ink_colour import TOLERANCES
from gsal.editing.painting import Painting
from gsal.editing.wand import Wand

__all__ = ["WandDrag"]

_PX_PER_STEP = 4
"""Points of the widget that the hand moves to the right, or up, for one more step of tolerance."""


class WandDrag:
    """Shows about the region while the hand moves, and takes the exact one at the end.

    Args:
        surface: What is worked on.
        painting: Its mask.
        wand: Made where the hand went down.
        at: Where the hand went down.
        value: 1 lays ink down, 0 takes it away.
    """

    tool = str(Tool.WAND)

    def __init__(self, surface: Surface, painting: Painting, wand: Wand, at: QPointF, *, value: int) -> None:
        self._surface, self._painting, self._value = surface, painting, value
        self._at = at
        self._base = self._tolerance = surface.colour_tolerance
        self._before = painting.mask
        self._shown: Box | None = None
        self._wand = wand
        self._preview()

    def move(self, at: QPointF, *, pressure: float) -> None:
        """Take more to the right and upwards, less to the left and downwards."""
        del pressure
        way = (at.x() - self._at.x()) - (at.y() - self._at.y())
        least, most = TOLERANCES
        tolerance = float(min(most, max(least, round(self._base + way / _PX_PER_STEP))))
        if tolerance != self._tolerance:
            self._tolerance = tolerance
            self._preview()

    def end(self) -> Change | None:
        """Take the region."""
        self._show(*self._wand.select(self._tolerance))
        return self._painting.end_stroke()

    def cancel(self) -> None:
        """Take the preview back."""
        self._surface.refresh(self._painting.abandon_stroke())

    def _preview(self) -> None:
        self._show(*self._wand.preview(self._tolerance))
        self._surface.say(f"Tolerance {self._tolerance:.0f}: drag right for more, left for less.")

    def _show(self, box: Box, region: Mask) -> None:
        """Lay a region over the mask as it was, in place of the one before."""
        whole = box if self._shown is None else box.united(self._shown)
        pixels = self._before[whole.slices].copy()
        part = pixels[box.moved(-whole.top, -whole.left).slices]
        part[...] = part | region if self._value else part & ~region
        self._surface.refresh(self._painting.set_region(whole, pixels))
        self._shown = box
