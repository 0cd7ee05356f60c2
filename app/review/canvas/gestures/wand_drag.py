"""The wand in the hand: pressing says where, dragging how similar, releasing takes the region."""

from PySide6.QtCore import QPointF

from app.review.canvas.gestures.gesture import Surface
from app.review.canvas.tools import Tool
from gsal.arrays import RgbImage
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
        picture: (H, W, 3) uint8.
        at: Where the hand went down.
        value: 1 lays ink down, 0 takes it away.
    """

    tool = str(Tool.WAND)

    def __init__(
        self, surface: Surface, painting: Painting, picture: RgbImage, at: QPointF, *, value: int
    ) -> None:
        self._surface, self._painting, self._value = surface, painting, value
        self._at = at
        self._base = self._tolerance = surface.colour_tolerance
        self._wand = Wand(picture, surface.point(at))
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
        self.cancel()
        self._surface.refresh(
            self._painting.paint_region(*self._wand.select(self._tolerance), value=self._value)
        )
        return self._painting.end_stroke()

    def cancel(self) -> None:
        """Take the preview back."""
        self._surface.refresh(self._painting.abandon_stroke())

    def _preview(self) -> None:
        before = self._painting.abandon_stroke()
        after = self._painting.paint_region(*self._wand.preview(self._tolerance), value=self._value)
        self._surface.refresh(after if before is None else before.united(after))
        self._surface.say(f"Tolerance {self._tolerance:.0f}: drag right for more, left for less.")
