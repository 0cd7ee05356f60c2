"""A dashed ring on the canvas around the place that is meant."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.review.canvas.canvas import Canvas
from gsal.editing.box import Box

__all__ = ["TargetRing"]

_ROOM_PX = 14
_LINE_PX = 2.0


class TargetRing(QWidget):
    """Lies on a canvas, lets every click through, and moves with it."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._canvas = canvas
        self._box: Box | None = None
        self.resize(canvas.size())
        canvas.installEventFilter(self)
        canvas.view_changed.connect(self._follow)

    def show_box(self, box: Box | None) -> None:
        """Ring a box of the picture; None for nothing."""
        self._box = box
        self.update()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.resize(self._canvas.size())
        return super().eventFilter(watched, event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._box is None:
            return
        view = self._canvas.viewport
        corner = QPointF(*view.to_widget(self._box.left, self._box.top))
        ring = QRectF(corner, QPointF(*view.to_widget(self._box.right, self._box.bottom)))
        ring.adjust(-_ROOM_PX, -_ROOM_PX, _ROOM_PX, _ROOM_PX)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Black and white by turns show on any skin.
        painter.setPen(QPen(Qt.GlobalColor.black, _LINE_PX))
        painter.drawEllipse(ring)
        painter.setPen(QPen(Qt.GlobalColor.white, _LINE_PX, Qt.PenStyle.DashLine))
        painter.drawEllipse(ring)
        painter.end()

    @Slot()
    def _follow(self) -> None:
        self.update()
