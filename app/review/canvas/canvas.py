"""The review canvas: a photograph whose mask is painted on with mouse, pen and tools."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import (
    QEnterEvent,
    QMouseEvent,
    QPainter,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from typing_extensions import override

from app.review.canvas.cursor import BrushCircle
from app.review.canvas.gestures.begin import Press, begin
from app.review.canvas.gestures.gesture import Gesture
from app.review.canvas.gestures.paint import Paint
from app.review.canvas.gestures.pan import Pan
from app.review.canvas.picture_view import PictureView
from app.review.canvas.pyramid import Pyramid
from app.review.canvas.tools import BRUSH_SIZES_PX, Stroke, Tool
from app.review.canvas.viewport import Viewport
from gsal.arrays import RgbImage
from gsal.editing.brush import Point
from gsal.editing.ink_colour import DEFAULT_TOLERANCE
from gsal.editing.painting import Painting

__all__ = ["BRUSH_SIZES_PX", "Canvas", "Stroke", "Tool"]

_Button = Qt.MouseButton
_Modifier = Qt.KeyboardModifier
_SIZE_STEP = 1.1


class Canvas(PictureView):
    """Left does what the tool does, right or Ctrl erases, middle moves the picture, the wheel zooms.

    Signals:
        stroke_ended(stroke): A `Stroke` changed the mask.
        tool_changed(tool): Another tool is in hand.
        brush_changed(size): In picture pixels.
        hint(text): Something the reader should know.

    Attributes:
        tool, previous_tool: In hand now, and before.
        brush_px: The brush's diameter in picture pixels.
        colour_tolerance: Of ink-only brush and wand, in percent of the way from ink to skin.
        uses_pressure: Whether a pen's pressure scales the brush.
        is_editable: Whether the mask may be changed.
    """

    stroke_ended = Signal(object)
    tool_changed = Signal(str)
    brush_changed = Signal(int)
    hint = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.tool = Tool.BRUSH
        self.previous_tool = Tool.ERASER
        self.brush_px = 24
        self.colour_tolerance = float(DEFAULT_TOLERANCE)
        self.uses_pressure = True
        self.is_editable = True
        self.rgb: RgbImage | None = None
        self._is_panning = False
        self._gesture: Gesture | None = None
        self._gesture_button = _Button.NoButton
        self._last: Point | None = None
        self._cursor: QPointF | None = None
        self._circle: BrushCircle | None = None
        self._show_cursor()

    @override
    def show_picture(
        self, pyramid: Pyramid | None, painting: Painting | None, rgb: RgbImage | None = None
    ) -> None:
        """Show another picture.

        Args:
            pyramid: The photograph to draw.
            painting: Its mask.
            rgb: The photograph, (H, W, 3) uint8, for tools that go by its colours.
        """
        self.abandon_stroke()
        self.rgb, self._last = rgb, None
        super().show_picture(pyramid, painting)

    def set_tool(self, tool: Tool) -> None:
        """Take a tool in hand."""
        if tool is not self.tool:
            self.previous_tool, self.tool = self.tool, tool
            self.update()
            self.tool_changed.emit(str(tool))

    def swap_tool(self) -> None:
        """Take the tool that was in hand before."""
        self.set_tool(self.previous_tool)

    def set_brush(self, size_px: int) -> None:
        """Set the brush's diameter in picture pixels, within its bounds."""
        size = min(BRUSH_SIZES_PX[1], max(BRUSH_SIZES_PX[0], size_px))
        if size != self.brush_px:
            self.brush_px = size
            self._circle = None
            self.update()
            self.brush_changed.emit(size)

    def scale_brush(self, factor: float) -> None:
        """Make the brush larger or smaller, by a pixel at least."""
        scaled = round(self.brush_px * factor)
        if factor > 1:
            self.set_brush(max(self.brush_px + 1, scaled))
        elif factor < 1:
            self.set_brush(min(self.brush_px - 1, scaled))

    @Slot(int)
    def set_tolerance(self, percent: int) -> None:
        """Set how far from ink (0) to skin (100) a colour may be and still count as ink."""
        self.colour_tolerance = float(percent)

    def set_panning(self, is_panning: bool) -> None:
        """Let the left button move the picture, or the tool work again."""
        self._is_panning = is_panning
        self._show_cursor()
        self.update()

    @override
    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        super().zoom_by(factor, at or self._cursor)

    def abandon_stroke(self) -> None:
        """Take back the stroke that is being made."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()

    def say(self, text: str) -> None:
        """Tell the reader something in a few words."""
        self.hint.emit(text)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press(event.position(), event.button(), event.modifiers())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event.position())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._release(event.button())

    @override
    def tabletEvent(self, event: QTabletEvent) -> None:
        # An event that is accepted does not come again as a mouse's.
        event.accept()
        pressure = event.pressure() if self.uses_pressure else 1.0
        match event.type():
            case QEvent.Type.TabletPress:
                is_eraser = event.pointerType() is QPointingDevice.PointerType.Eraser
                self._move_circle(event.position())
                self._press(
                    event.position(),
                    event.button(),
                    event.modifiers(),
                    pressure=pressure,
                    is_eraser=is_eraser,
                )
            case QEvent.Type.TabletMove:
                self._move(event.position(), pressure=pressure)
            case QEvent.Type.TabletRelease:
                self._release(event.button())
            case _:
                event.ignore()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & _Modifier.ShiftModifier:
            turns = (event.angleDelta().y() or event.angleDelta().x()) / 120
            self.scale_brush(_SIZE_STEP**turns)
        else:
            super().wheelEvent(event)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._move_circle(event.position())

    @override
    def leaveEvent(self, event: QEvent) -> None:
        del event
        self._move_circle(None)

    def _press(
        self,
        at: QPointF,
        button: _Button,
        modifiers: _Modifier,
        *,
        pressure: float = 1.0,
        is_eraser: bool = False,
    ) -> None:
        if self._gesture is not None:
            return
        self._gesture_button = button
        if button is _Button.MiddleButton or (button is _Button.LeftButton and self._is_panning):
            self._gesture = Pan(self, at)
        elif button in {_Button.LeftButton, _Button.RightButton} and self.is_editable and self._painting:
            erases = is_eraser or button is _Button.RightButton or bool(modifiers & _Modifier.ControlModifier)
            is_straight = bool(modifiers & _Modifier.ShiftModifier)
            press = Press(at, pressure, erases, self._last if is_straight else None)
            self._gesture = begin(self.tool, self, self._painting, press)

    def _move(self, at: QPointF, *, pressure: float = 1.0) -> None:
        self._move_circle(at)
        if self._gesture is not None:
            self._gesture.move(at, pressure=pressure)

    def _release(self, button: _Button) -> None:
        if self._gesture is None or button is not self._gesture_button:
            return
        gesture, self._gesture = self._gesture, None
        change = gesture.end()
        if isinstance(gesture, Paint):
            self._last = gesture.last
        if change is not None:
            self.stroke_ended.emit(Stroke(gesture.tool, change))

    @override
    def _look(self, viewport: Viewport, *, is_fitted: bool = False) -> None:
        self._circle = None
        super()._look(viewport, is_fitted=is_fitted)

    @override
    def _draw_over(self, painter: QPainter) -> None:
        circle = self._brush_circle()
        if circle is not None and self._cursor is not None:
            circle.draw(painter, self._cursor)

    def _brush_circle(self) -> BrushCircle | None:
        if self._painting is None or not self.is_editable or self._is_panning or not self.tool.has_size:
            return None
        ratio = self.devicePixelRatioF()
        if self._circle is None or self._circle.ratio != ratio:
            self._circle = BrushCircle(self.brush_px / 2 * self.viewport.scale, ratio=ratio)
        return self._circle

    def _move_circle(self, at: QPointF | None) -> None:
        before, self._cursor = self._cursor, at
        self._update_circle(*[point for point in (before, at) if point is not None])

    def _update_circle(self, *centres: QPointF) -> None:
        circle = self._brush_circle()
        if circle is not None and centres:
            self.update(circle.covered(*centres))

    def _show_cursor(self) -> None:
        self.setCursor(Qt.CursorShape.OpenHandCursor if self._is_panning else Qt.CursorShape.CrossCursor)
