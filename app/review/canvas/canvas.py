"""The review canvas: one widget that draws the photograph and its mask, and is painted on."""

from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.review.canvas.overlay import MARGIN_PX, Overlay
from app.review.canvas.pyramid import Pyramid
from app.review.canvas.scene import Scene, rect
from app.review.canvas.viewport import Viewport
from app.theme import PHOTO_GREY
from gsal.editing.box import Box
from gsal.editing.painting import Painting

__all__ = ["BRUSH_SIZES_PX", "Canvas", "Tool"]

BRUSH_SIZES_PX = (1, 500)
_ZOOM_STEP = 1.25
_MouseButton = Qt.MouseButton


class Tool(StrEnum):
    """What the left button does."""

    BRUSH = "brush"
    ERASER = "eraser"


class Canvas(QWidget):
    """Draws only what is exposed. Left paints with the tool, right or Ctrl erases, middle or Space pans.

    Signals:
        stroke_ended(tool): A stroke changed the mask.
        view_changed(): Zoom or position changed.
        brush_changed(size): In picture pixels.
    """

    stroke_ended = Signal(str)
    view_changed = Signal()
    brush_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 240)
        self.viewport = Viewport()
        self.overlay = Overlay()
        self.tool = Tool.BRUSH
        self.brush_px = 24
        self.is_editable = True
        self._pyramid: Pyramid | None = None
        self._painting: Painting | None = None
        self._is_fitted = True
        self._is_space_held = False
        self._stroke: tuple[int, QPointF] | None = None
        self._pan_from: QPointF | None = None
        self._cursor: QPointF | None = None
        self._show_cursor()

    @property
    def painting(self) -> Painting | None:
        """The mask that is being painted."""
        return self._painting

    def show_picture(self, pyramid: Pyramid | None, painting: Painting | None) -> None:
        """Show another picture; zoom is kept when it has the same shape and was not fitted."""
        same = pyramid is not None and self._pyramid is not None and pyramid.shape == self._pyramid.shape
        self._pyramid, self._painting = pyramid, painting
        self._stroke = self._pan_from = None
        if self._is_fitted or not same:
            self.fit()
        self.update()

    def set_tool(self, tool: Tool) -> None:
        """Choose what the left button does."""
        self.tool = tool
        self.update()

    def set_brush(self, size_px: int) -> None:
        """Set the brush's diameter in picture pixels, within its bounds."""
        size = min(BRUSH_SIZES_PX[1], max(BRUSH_SIZES_PX[0], size_px))
        if size != self.brush_px:
            self._update_circle()
            self.brush_px = size
            self._update_circle()
            self.brush_changed.emit(size)

    def set_overlay(self, overlay: Overlay) -> None:
        """Change how the mask looks."""
        self.overlay = overlay
        self.update()

    def set_hidden(self, is_hidden: bool) -> None:
        """Hide or show the mask."""
        self.set_overlay(replace(self.overlay, is_hidden=is_hidden))

    def fit(self) -> None:
        """Show the whole picture."""
        self._is_fitted = True
        if self._pyramid is not None:
            self._look(Viewport.fitting(self._pyramid.shape, (self.height(), self.width())))

    def zoom_to(self, scale: float) -> None:
        """Zoom at the cursor, or the middle, to so many screen pixels per picture pixel."""
        at = self._cursor or QPointF(self.width() / 2, self.height() / 2)
        self._is_fitted = False
        factor = scale / self.devicePixelRatioF() / self.viewport.scale
        self._look(self.viewport.zoomed(factor, at.x(), at.y()))

    @Slot(object)
    def refresh(self, box: Box | None) -> None:
        """Draw a box of the picture again."""
        if box is not None and not box.is_empty and self._pyramid is not None:
            unit = 2 ** self._pyramid.level_for(self._screen_scale())
            grown = box.grown((MARGIN_PX + 1) * unit)
            self.update(rect(self.viewport.widget_box(grown, margin=1)))

    def abandon_stroke(self) -> None:
        """Take back the stroke that is being made."""
        if self._stroke is not None and self._painting is not None:
            self._stroke = None
            self.refresh(self._painting.abandon_stroke())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        exposed = event.rect()
        painter.fillRect(exposed, QColor(PHOTO_GREY))
        if self._pyramid is not None:
            scene = Scene(self._pyramid, self._painting, self.viewport, self.overlay)
            scene.draw(painter, exposed, ratio=self.devicePixelRatioF())
        self._draw_circle(painter)
        painter.end()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if event.button() is _MouseButton.MiddleButton or (
            event.button() is _MouseButton.LeftButton and self._is_space_held
        ):
            self._pan_from = at
        elif event.button() in {_MouseButton.LeftButton, _MouseButton.RightButton} and self.is_editable:
            erases = (
                self.tool is Tool.ERASER
                or event.button() is _MouseButton.RightButton
                or bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            )
            self._stroke = (0 if erases else 1), at
            self._pull(at, at)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self._move_circle(at)
        if self._pan_from is not None:
            delta, self._pan_from = at - self._pan_from, at
            self._is_fitted = False
            self._look(self.viewport.moved(delta.x(), delta.y()))
        elif self._stroke is not None:
            value, last = self._stroke
            self._stroke = value, at
            self._pull(last, at)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        self._pan_from = None
        stroke, self._stroke = self._stroke, None
        if stroke is not None and self._painting is not None and self._painting.end_stroke():
            self.stroke_ended.emit(str(Tool.BRUSH if stroke[0] else Tool.ERASER))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        # With Shift some systems turn the wheel sideways.
        turns = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.set_brush(round(self.brush_px * 1.1**turns) + (1 if turns > 0 else -1))
        elif self._pyramid is not None and turns:
            at = event.position()
            self._is_fitted = False
            self._look(self.viewport.zoomed(_ZOOM_STEP**turns, at.x(), at.y()))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._hold(event, is_held=True):
            super().keyPressEvent(event)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._hold(event, is_held=False):
            super().keyReleaseEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._move_circle(event.position())

    @override
    def leaveEvent(self, event: QEvent) -> None:
        del event
        self._move_circle(None)

    def _hold(self, event: QKeyEvent, *, is_held: bool) -> bool:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._is_space_held = is_held
                self._show_cursor()
            return True
        if event.key() == Qt.Key.Key_H:
            if not event.isAutoRepeat():
                self.set_hidden(is_held)
            return True
        return False

    def _screen_scale(self) -> float:
        return self.viewport.scale * self.devicePixelRatioF()

    def _look(self, viewport: Viewport) -> None:
        self.viewport = viewport
        self.update()
        self.view_changed.emit()

    def _pull(self, start: QPointF, end: QPointF) -> None:
        if self._painting is None or self._stroke is None:
            return
        to_picture = self.viewport.to_picture
        box = self._painting.extend(
            to_picture(start.x(), start.y()),
            to_picture(end.x(), end.y()),
            radius=self.brush_px / 2,
            value=self._stroke[0],
        )
        self.refresh(box)

    def _draw_circle(self, painter: QPainter) -> None:
        if self._cursor is None or self._painting is None or self._is_space_held:
            return
        radius = self.brush_px / 2 * self.viewport.scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, style in (
            (Qt.GlobalColor.black, Qt.PenStyle.SolidLine),
            (Qt.GlobalColor.white, Qt.PenStyle.DotLine),
        ):
            painter.setPen(QPen(colour, 1.2, style))
            painter.drawEllipse(self._cursor, radius, radius)

    def _move_circle(self, at: QPointF | None) -> None:
        self._update_circle()
        self._cursor = at
        self._update_circle()

    def _update_circle(self) -> None:
        if self._cursor is not None:
            r = int(self.brush_px / 2 * self.viewport.scale) + 3
            self.update(QRect(int(self._cursor.x()) - r, int(self._cursor.y()) - r, 2 * r + 1, 2 * r + 1))

    def _show_cursor(self) -> None:
        self.setCursor(Qt.CursorShape.OpenHandCursor if self._is_space_held else Qt.CursorShape.CrossCursor)
        self.update()
