"""Filling what an outline of ink encloses, with one click."""

from PySide6.QtCore import QPointF

from app.review.canvas.gestures.gesture import Surface
from app.review.canvas.tools import Tool
from gsal.editing.fill import enclosed
from gsal.editing.history import Change
from gsal.editing.painting import Painting

__all__ = ["Fill"]


class Fill:
    """Fills around the point that was pressed; says so when no outline closes there."""

    tool = str(Tool.FILL)

    def __init__(self, surface: Surface, painting: Painting, at: QPointF) -> None:
        self._surface, self._painting = surface, painting
        found = enclosed(painting.levels[0], surface.point(at))
        if found is None:
            surface.say("The outline is open here: close it, then fill.")
        else:
            surface.refresh(painting.paint_region(*found, value=1))

    def move(self, at: QPointF, *, pressure: float) -> None:
        """Stay: the press said it all."""

    def end(self) -> Change | None:
        """Finish."""
        return self._painting.end_stroke()

    def cancel(self) -> None:
        """Take the filling back."""
        self._surface.refresh(self._painting.abandon_stroke())
