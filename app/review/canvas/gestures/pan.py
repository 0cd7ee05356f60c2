"""Moving the picture under the hand."""

from PySide6.QtCore import QPointF

from app.review.canvas.gestures.gesture import Surface
from gsal.editing.history import Change

__all__ = ["Pan"]


class Pan:
    """Takes the picture along; changes no ink."""

    tool = "pan"

    def __init__(self, surface: Surface, at: QPointF) -> None:
        self._surface = surface
        self._at = at

    def move(self, at: QPointF, *, pressure: float) -> None:
        """Move the picture as far as the hand went."""
        del pressure
        by, self._at = at - self._at, at
        self._surface.move_view(by)

    def end(self) -> Change | None:
        """Leave the picture where it is."""
        return None

    def cancel(self) -> None:
        """Leave the picture where it is."""
