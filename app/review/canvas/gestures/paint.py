"""Brush strokes: ink laid down or taken away along the hand's way."""

from PySide6.QtCore import QPointF

from app.review.canvas.gestures.gesture import Surface
from gsal.editing.brush import Point
from gsal.editing.history import Change
from gsal.editing.ink_brush import InkBrush
from gsal.editing.painting import Painting

__all__ = ["Paint"]

_LIGHTEST = 0.1
"""Share of the brush's radius that the lightest touch of a pen still has."""


class Paint:
    """A stroke of the plain brush, the eraser or the ink-only brush.

    Args:
        surface: What is painted on.
        painting: Its mask.
        at: Where the hand went down.
        tool: What the change is recorded as.
        value: 1 lays ink down, 0 takes it away.
        start: Picture point to begin with a straight segment from; None to begin under the hand.
        ink_brush: Made under the hand, to paint only what looks like the ink there; None for all.
        pressure: 0 to 1.
    """

    def __init__(
        self,
        surface: Surface,
        painting: Painting,
        at: QPointF,
        *,
        tool: str,
        value: int,
        start: Point | None = None,
        ink_brush: InkBrush | None = None,
        pressure: float = 1.0,
    ) -> None:
        self.tool = tool
        self._surface, self._painting, self._value = surface, painting, value
        point = surface.point(at)
        self._ink_brush = ink_brush
        self.last = start or point
        self._pull(point, pressure)

    def move(self, at: QPointF, *, pressure: float) -> None:
        """Pull the brush on."""
        self._pull(self._surface.point(at), pressure)

    def end(self) -> Change | None:
        """Finish the stroke."""
        return self._painting.end_stroke()

    def cancel(self) -> None:
        """Take the stroke back."""
        self._surface.refresh(self._painting.abandon_stroke())

    def _pull(self, point: Point, pressure: float) -> None:
        radius = max(0.5, self._surface.brush_px / 2 * max(_LIGHTEST, pressure))
        if self._ink_brush is None:
            box = self._painting.extend(self.last, point, radius=radius, value=self._value)
        else:
            box = self._ink_brush.extend(self._painting, self.last, point, radius=radius, value=self._value)
        self.last = point
        self._surface.refresh(box)
