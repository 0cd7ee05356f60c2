"""Which gesture a press begins."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from app.review.canvas.gestures.gesture import Gesture, Surface
from app.review.canvas.gestures.paint import Paint
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


def begin(tool: Tool, surface: Surface, painting: Painting, press: Press) -> Gesture:
    """Begin what a tool does with a press."""
    erases = press.erases or tool is Tool.ERASER
    return Paint(
        surface,
        painting,
        press.at,
        tool=str(Tool.ERASER if erases else tool),
        value=0 if erases else 1,
        start=press.segment_from,
        pressure=press.pressure,
    )
