"""What the canvas shows, and drawing the exposed part of it."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from app.review.canvas.overlay import Overlay
from app.review.canvas.pyramid import Pyramid
from app.review.canvas.viewport import Viewport
from gsal.editing.box import Box
from gsal.editing.painting import Painting

__all__ = ["Scene", "rect"]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A photograph, the mask over it, and where one looks."""

    pyramid: Pyramid
    painting: Painting | None
    viewport: Viewport
    overlay: Overlay

    def draw(self, painter: QPainter, exposed: QRect, *, ratio: float) -> None:
        """Draw what lies inside the exposed rectangle of the widget; `ratio` is the screen's pixel ratio."""
        level = self.pyramid.level_for(self.viewport.scale * ratio)
        unit = 2**level
        picture = self.pyramid.levels[level]
        shown = self.viewport.picture_box(_box(exposed), unit=unit).grown(1)
        shown = shown.clipped(picture.height(), picture.width())
        if shown.is_empty:
            return
        left, top = self.viewport.to_widget(shown.left * unit, shown.top * unit)
        size = self.viewport.scale * unit
        target = QRectF(left, top, (shown.right - shown.left) * size, (shown.bottom - shown.top) * size)
        painter.save()
        # The last pixels of a halving reach beyond the picture.
        painter.setClipRect(self._bounds(), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.viewport.scale * ratio < 1)
        painter.drawImage(target, picture, QRectF(rect(shown)))
        if self.painting is not None and not self.overlay.is_hidden:
            painter.drawImage(target, self.overlay.image(self.painting.levels[level], shown))
        painter.restore()

    def _bounds(self) -> QRectF:
        height, width = self.pyramid.shape
        return QRectF(
            self.viewport.x, self.viewport.y, width * self.viewport.scale, height * self.viewport.scale
        )


def rect(box: Box) -> QRect:
    """Return a box as Qt's rectangle."""
    return QRect(box.left, box.top, box.right - box.left, box.bottom - box.top)


def _box(rectangle: QRect) -> Box:
    return Box(rectangle.top(), rectangle.left(), rectangle.bottom() + 1, rectangle.right() + 1)
