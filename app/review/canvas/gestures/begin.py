"""Which gesture a press begins."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from app.review.canvas.gestures.fill import Fill
from app.review.canvas.gestures.gesture import Gesture, Surface
from app.review.canvas.gestures.paint import Paint
from app.review.canvas.gestures.wand_drag import WandDrag
from app.review.canvas.tools import Tool
from gsal.editing.brush import Point
from gsal.editing.ink_brush import InkBrush
from gsal.editing.painting import Painting
from gsal.editing.wand import Wand

__all__ = ["Press", "begin"]

_ON_SKIN = "This looks like skin: begin on the ink."
_LOOK_PX = 1536


@dataclass(frozen=True, slots=True)
class Press:
    """A button, or a pen, going down.

    Attributes:
        at: Point of the widget.
        pressure: Of the pen, 0 to 1; 1 for a mouse.
        erases: Whether ink is taken away whatever the tool.
        segment_from: Picture point to draw a straight segment from; None for none.
    """

    at: QPointF
    pressure: float = 1.0
    erases: bool = False
    segment_from: Point | None = None


def begin(tool: Tool, surface: Surface, painting: Painting, press: Press) -> Gesture | None:
    """Begin what a tool does with a press; None when it does nothing there."""
    if tool is Tool.WAND:
        return _wand_drag(surface, painting, press)
    if tool is Tool.FILL:
        return Fill(surface, painting, press.at)
    erases = press.erases or tool is Tool.ERASER
    ink_brush = None
    if tool is Tool.INK_BRUSH and not erases and surface.rgb is not None:
        radius, tolerance = surface.brush_px / 2, surface.colour_tolerance
        ink_brush = InkBrush(surface.rgb, surface.point(press.at), radius=radius, tolerance=tolerance)
        if not ink_brush.is_on_ink:
            surface.say(_ON_SKIN)
            return None
    return Paint(
        surface,
        painting,
        press.at,
        tool=str(Tool.ERASER if erases else tool),
        value=0 if erases else 1,
        start=press.segment_from,
        ink_brush=ink_brush,
        pressure=press.pressure,
    )


def _wand_drag(surface: Surface, painting: Painting, press: Press) -> WandDrag | None:
    point = surface.point(press.at)
    if surface.rgb is None or not _is_inside(point, painting):
        return None
    smaller = surface.pyramid.smaller(long_side_px=_LOOK_PX) if surface.pyramid is not None else None
    wand = Wand(surface.rgb, point, smaller=smaller)
    if not press.erases and not wand.is_on_ink:
        surface.say(_ON_SKIN)
        return None
    return WandDrag(surface, painting, wand, press.at, value=0 if press.erases else 1)


def _is_inside(point: Point, painting: Painting) -> bool:
    height, width = painting.shape
    return 0 <= point[0] < width and 0 <= point[1] < height
