"""A mask over its photograph that is only looked at: dragging moves it, a click says that it is meant."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.review.canvas.picture_view import PictureView

__all__ = ["LookingCanvas"]

_LEAST_PX = 120


class LookingCanvas(PictureView):
    """Shows a mask and never changes it.

    Signals:
        clicked(): The left button was pressed and released at one place.
        moved(): Dragging or the wheel changed the view.
    """

    clicked = Signal()
    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(_LEAST_PX, _LEAST_PX)
        self._pressed_at: QPointF | None = None
        self._dragged_from: QPointF | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
        elif event.button() is Qt.MouseButton.MiddleButton:
            self._dragged_from = event.position()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._dragged_from is None and self._pressed_at is not None:
            far = (at - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
            self._dragged_from = self._pressed_at if far else None
        if self._dragged_from is not None:
            delta, self._dragged_from = at - self._dragged_from, at
            self.move_view(delta)
            self.moved.emit()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_click = self._pressed_at is not None and self._dragged_from is None
        self._pressed_at = self._dragged_from = None
        if was_click and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event)
        self.moved.emit()
