"""Which gesture a press begins."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from app.review.canvas.gestures.fill import Fill
from app.review.canvas.gestures.gesture import Gesture, Surface
from app.review.canvas.gestures.paint import Paint
from app.review.canvas.gestures.wand_drag import WandDrag
from app.review.canvas.tools import Tool
from gsal.editing.brush import Point
from gsal.editing.painting import Painting

__all__ = ["Press", "begin"]


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
    picture = surface.rgb
    if tool is Tool.WAND:
        if picture is None or not _is_inside(surface.point(press.at), painting):
            return None
        return WandDrag(surface, painting, picture, press.at, value=0 if press.erases else 1)
    if tool is Tool.FILL:
        return Fill(surface, painting, press.at)
    erases = press.erases or tool is Tool.ERASER
    return Paint(
        surface,
        painting,
        press.at,
        tool=str(Tool.ERASER if erases else tool),
        value=0 if erases else 1,
        start=press.segment_from,
        picture=picture if tool is Tool.INK_BRUSH and not erases else None,
        pressure=press.pressure,
    )


def _is_inside(point: Point, painting: Painting) -> bool:
    height, width = painting.shape
    return 0 <= point[0] < width and 0 <= point[1] < height
