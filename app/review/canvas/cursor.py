"""The brush's true circle on the screen: drawn once per size, moved without drawing anything else again."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QRegion

from app.review.canvas.dirty import around_ring

__all__ = ["BrushCircle"]

_LARGEST_IMAGE_PX = 800
_BLACK_PX, _WHITE_PX = 3.0, 1.2
_REACH_PX = 3


class BrushCircle:
    """A white line within a black one.

    Args:
        radius: In points of the widget.
        ratio: Screen pixels per point.
    """

    def __init__(self, radius: float, *, ratio: float) -> None:
        self.radius, self.ratio = radius, ratio
        self._image: QImage | None = None
        if radius * ratio <= _LARGEST_IMAGE_PX:
            self._image = self._drawn()

    def covered(self, *centres: QPointF) -> QRegion:
        """Return what it covers about points of the widget."""
        return around_ring(list(centres), inner=self.radius - _REACH_PX, outer=self.radius + _REACH_PX)

    def draw(self, painter: QPainter, at: QPointF) -> None:
        """Draw it about a point, rounded to a whole one."""
        x, y = round(at.x()), round(at.y())
        if self._image is None:
            _draw_circle(painter, QPointF(x, y), self.radius)
        else:
            half = self._half()
            painter.drawImage(QPointF(x - half, y - half), self._image)

    def _half(self) -> int:
        return math.ceil(self.radius) + _REACH_PX

    def _drawn(self) -> QImage:
        half = self._half()
        side = math.ceil(2 * half * self.ratio)
        image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(self.ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        _draw_circle(painter, QPointF(half, half), self.radius)
        painter.end()
        return image


def _draw_circle(painter: QPainter, centre: QPointF, radius: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in ((QColor(0, 0, 0, 200), _BLACK_PX), (QColor(255, 255, 255), _WHITE_PX)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius))
