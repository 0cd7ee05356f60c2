"""What lies on a canvas, lets every click through, and moves with it."""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.review.canvas.picture_view import PictureView

__all__ = ["CanvasLayer"]


class CanvasLayer(QWidget):
    """A layer as large as its canvas; what it has drawn is good until the canvas shows another part.

    Args:
        canvas: To lie on.

    Attributes:
        canvas: Likewise.
        image: What is drawn; None where it has to be drawn anew.
    """

    def __init__(self, canvas: PictureView) -> None:
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.canvas = canvas
        self.image: QImage | None = None
        self.resize(canvas.size())
        canvas.installEventFilter(self)
        canvas.view_changed.connect(self.forget)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.resize(self.canvas.size())
            self.forget()
        return super().eventFilter(watched, event)

    @Slot()
    def forget(self) -> None:
        """Draw it anew."""
        self.image = None
        self.update()
