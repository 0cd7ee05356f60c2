"""The colours of a map from end to end, with the values they stand for."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.maps.words import exact
from gsal.saliency.colours import ColourMap, table

__all__ = ["ScaleBar"]

_BAR_PX = 10
_GAP_PX = 3


class ScaleBar(QWidget):
    """A horizontal scale; without a map it is blank."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("What the colours stand for; 99.5 % of the pixels lie within the scale")
        self._limit = 0.0
        self._colours = ColourMap.BLUE_ORANGE

    def show_scale(self, limit: float, colours: ColourMap) -> None:
        """Show a scale to this value; 0 for none."""
        self._limit, self._colours = limit, colours
        self.setAccessibleName("Scale: " + " to ".join(self.texts) if self.texts else "No scale")
        self.update()

    @property
    def texts(self) -> tuple[str, ...]:
        """The values at its ends, and at its middle where that is 0."""
        if not self._limit:
            return ()
        if self._colours.is_diverging:
            return exact(-self._limit), "0", exact(self._limit)
        return "0", exact(self._limit)

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, _BAR_PX + _GAP_PX + self.fontMetrics().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        texts = self.texts
        if not texts:
            return
        painter = QPainter(self)
        entries = table(self._colours)[1:]
        ramp = QImage(entries.tobytes(), len(entries), 1, 3 * len(entries), QImage.Format.Format_RGB888)
        painter.drawImage(QRect(0, 0, self.width(), _BAR_PX), ramp)
        below = self.rect().adjusted(0, _BAR_PX + _GAP_PX, 0, 0)
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
        for side, text in zip(sides if len(texts) > 2 else (sides[0], sides[2]), texts, strict=True):
            painter.drawText(below, int(side | Qt.AlignmentFlag.AlignVCenter), text)
        painter.end()
