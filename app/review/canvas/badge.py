"""A short text in the corner of the canvas: what is shown is not the picture, or not the mask, as it is."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

__all__ = ["Badge"]

_AT = QPoint(12, 12)
_PADDING_PX = 8
_CORNER_PX = 4


class Badge:
    """White on black, whatever lies under it.

    Args:
        text: One line.
        font: The canvas's.

    Attributes:
        area: Where it is, in points of the widget.
    """

    def __init__(self, text: str, font: QFont) -> None:
        self._text = text
        self._font = QFont(font)
        self._font.setBold(True)
        size = QFontMetrics(self._font).size(0, text)
        self.area = QRect(_AT.x(), _AT.y(), size.width() + 2 * _PADDING_PX, size.height() + _PADDING_PX)

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 210))
        painter.drawRoundedRect(self.area, _CORNER_PX, _CORNER_PX)
        painter.setPen(QColor(255, 255, 255))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(self._font)
        painter.drawText(self.area, Qt.AlignmentFlag.AlignCenter, self._text)
