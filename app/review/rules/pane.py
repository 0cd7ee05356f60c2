"""What one rule finds in the open picture, and taking the colour of ink from it."""

from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.review.canvas.pyramid import Pyramid
from app.review.compare.looking import LookingCanvas
from app.widgets.controls import label, named
from gsal.arrays import Mask
from gsal.editing.painting import Painting
from gsal.records import InkRule

__all__ = ["RulePane"]


class RulePane(QWidget):
    """A rule's name, how much ink it finds, and where.

    Signals:
        clicked(point): On the picture, (x, y) in its pixels.
    """

    clicked = Signal(object)

    def __init__(self, rule: InkRule, key: int) -> None:
        super().__init__()
        self.canvas = named(_ClickedCanvas(), f"rulePicture{key}", f"What the rule {rule} finds")
        self.canvas.setToolTip("")
        self.canvas.clicked.connect(self._tell)
        self.note = label(f"{key}  {rule}", role="section", name=f"ruleNote{key}")
        self._title = self.note.text()
        self.found: Mask | None = None
        self._pyramid: Pyramid | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.note)
        layout.addWidget(self.canvas, 1)

    def show_picture(self, pyramid: Pyramid) -> None:
        """Show the photograph, without a mask."""
        self._pyramid = pyramid
        self.canvas.show_picture(pyramid, None)
        self.canvas.fit()

    def show_mask(self, mask: Mask) -> None:
        """Show what the rule finds; the view stays where it is."""
        self.found = mask
        self.canvas.show_picture(self._pyramid, Painting(mask))
        self.note.setText(f"{self._title}  {100 * float(mask.mean()):.1f} %")

    def set_picking(self, is_picking: bool) -> None:
        """Show by the cursor that a click takes a colour."""
        shape = Qt.CursorShape.CrossCursor if is_picking else Qt.CursorShape.ArrowCursor
        self.canvas.setCursor(shape)

    @Slot()
    def _tell(self) -> None:
        self.clicked.emit(self.canvas.point(self.canvas.at))


class _ClickedCanvas(LookingCanvas):
    """Knows where it was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self.at = QPointF()
        self.setCursor(Qt.CursorShape.ArrowCursor)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.at = event.position()
        super().mouseReleaseEvent(event)
