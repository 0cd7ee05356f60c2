"""A photograph with a mask over it, to look at: where one looks, and how it looks."""

import math
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.review.canvas.badge import Badge
from app.review.canvas.composite import Composite
from app.review.canvas.dirty import around_boxes
from app.review.canvas.looks import Looks
from app.review.canvas.pyramid import Pyramid
from app.review.canvas.scene import Scene
from app.review.canvas.soft_edge import SoftEdge
from app.review.canvas.viewport import Viewport
from app.theme import PHOTO_GREY
from gsal.arrays import Mask
from gsal.editing.box import Box
from gsal.editing.brush import Point
from gsal.editing.painting import Painting

__all__ = ["PictureView"]

_ZOOM_STEP = 1.25
_MARGIN_PX = 48
_ON_GREY = "#ffffff"


class PictureView(QWidget):
    """Keeps the view as an image and composes again only what changed in it.

    Signals:
        view_changed(): Zoom or position changed.

    Attributes:
        viewport: Where one looks.
        looks: How picture and mask are shown.
    """

    view_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 240)
        self.viewport = Viewport()
        self.looks = Looks()
        self._pyramid: Pyramid | None = None
        self._painting: Painting | None = None
        self._other: Painting | None = None
        self._other_text = ""
        self._message = ""
        self._is_fitted = True
        self._composite: Composite | None = None
        self._composite_ratio = 1.0
        self._soft: SoftEdge | None = None

    @property
    def painting(self) -> Painting | None:
        """The mask."""
        return self._painting

    @property
    def pyramid(self) -> Pyramid | None:
        """The photograph."""
        return self._pyramid

    def show_picture(self, pyramid: Pyramid | None, painting: Painting | None) -> None:
        """Show another picture; the zoom is kept unless the whole picture was shown."""
        before, self._pyramid, self._painting = self._pyramid, pyramid, painting
        self.setAccessibleDescription("")
        self._other, self._other_text = None, ""
        if pyramid is not None:
            if self._is_fitted or before is None:
                self.fit()
            elif before.shape != pyramid.shape:
                self._look(
                    self.viewport.carried_over(before.shape, pyramid.shape, (self.height(), self.width()))
                )
        self._draw_anew()

    def show_message(self, text: str) -> None:
        """Show no picture, and why."""
        self.show_picture(None, None)
        self._message = text
        self.setAccessibleDescription(text)
        self.update()

    def show_other(self, mask: Mask | None, text: str = "") -> None:
        """Show another mask, and a text that says which, until None is shown; the painting stays as it is."""
        self._other = None if mask is None else Painting(mask)
        self._soft = None
        self._other_text = text if mask is not None else ""
        self._draw_anew()

    def set_looks(self, looks: Looks) -> None:
        """Change how picture and mask are shown."""
        if looks != self.looks:
            self.looks = looks
            self._draw_anew()

    def set_hidden(self, is_hidden: bool) -> None:
        """Hide or show the mask."""
        self.set_looks(replace(self.looks, is_hidden=is_hidden))

    def fit(self) -> None:
        """Show the whole picture."""
        if self._pyramid is not None:
            self._look(Viewport.fitting(self._pyramid.shape, (self.height(), self.width())), is_fitted=True)
        self._is_fitted = True

    def zoom_to(self, scale: float) -> None:
        """Zoom at the middle to so many screen pixels per picture pixel."""
        self.zoom_by(scale / self.devicePixelRatioF() / self.viewport.scale)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom so that what is under a point, or in the middle, stays there."""
        x, y = (at.x(), at.y()) if at is not None else (self.width() / 2, self.height() / 2)
        self._look(self.viewport.zoomed(factor, x, y))

    def move_view(self, by: QPointF) -> None:
        """Move the picture."""
        self._look(self.viewport.moved(by.x(), by.y()))

    def set_viewport(self, viewport: Viewport) -> None:
        """Look there."""
        self._look(viewport)

    def point(self, at: QPointF) -> Point:
        """Return the picture point under a point of the widget."""
        return self.viewport.to_picture(at.x(), at.y())

    @Slot(object)
    def refresh(self, box: Box | None) -> None:
        """Show what changed within a box of the picture."""
        if box is None or box.is_empty:
            return
        if self._soft is not None and self._other is None:
            self._soft.refresh(box)
        if self._composite is None or self._other is not None:
            return
        changed = [self._points(part) for part in self._composite.refresh(box)]
        if changed:
            self.update(around_boxes(changed))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pyramid is None:
            painter.fillRect(event.rect(), QColor(PHOTO_GREY))
            painter.setPen(QColor(_ON_GREY))
            room = self.rect().adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)
        else:
            painter.drawImage(0, 0, self._composed(self._pyramid).image)
        self._draw_over(painter)
        text = " · ".join(part for part in (self._other_text, self.looks.badge) if part)
        if text:
            Badge(text, self.font()).draw(painter)
        painter.end()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()
        self._draw_anew()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        # With Shift or Alt some systems turn the wheel sideways.
        turns = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if self._pyramid is not None and turns:
            self.zoom_by(_ZOOM_STEP**turns, event.position())

    def _draw_over(self, painter: QPainter) -> None:
        """Draw what lies over picture and mask: here nothing."""

    def _look(self, viewport: Viewport, *, is_fitted: bool = False) -> None:
        if viewport != self.viewport:
            self.viewport = viewport
            self._is_fitted = is_fitted
            self._draw_anew()
            self.view_changed.emit()

    def _draw_anew(self) -> None:
        self._composite = None
        self.update()

    def _composed(self, pyramid: Pyramid) -> Composite:
        ratio = self.devicePixelRatioF()
        if self._composite is None or self._composite_ratio != ratio:
            shown = self._other or self._painting
            scene = Scene.laid_out(
                pyramid,
                [] if shown is None else shown.levels,
                self.viewport,
                size=(self.height(), self.width()),
                ratio=ratio,
            )
            self._composite = Composite(scene, self.looks, self._soft_edge(shown))
            self._composite.image.setDevicePixelRatio(ratio)
            self._composite_ratio = ratio
        return self._composite

    def _soft_edge(self, shown: Painting | None) -> SoftEdge | None:
        """Return the soft edge if it is wanted; it is kept while one looks around."""
        if not self.looks.is_soft or shown is None:
            self._soft = None
        elif self._soft is None or self._soft.mask is not shown.levels[0]:
            self._soft = SoftEdge(shown.levels[0])
        return self._soft

    def _points(self, part: Box) -> Box:
        """Return the points of the widget that a box of screen pixels touches."""
        ratio = self._composite_ratio
        if ratio == 1:
            return part
        left, top = math.floor(part.left / ratio), math.floor(part.top / ratio)
        right, bottom = math.ceil(part.right / ratio), math.ceil(part.bottom / ratio)
        return Box(top, left, bottom, right)
