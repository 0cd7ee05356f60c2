"""What a gesture is, and what it may use of the canvas."""

from typing import Protocol

from PySide6.QtCore import QPointF

from app.review.canvas.pyramid import Pyramid
from gsal.arrays import RgbImage
from gsal.editing.box import Box
from gsal.editing.brush import Point
from gsal.editing.history import Change
from gsal.editing.painting import Painting

__all__ = ["Gesture", "Surface"]


class Surface(Protocol):
    """What a gesture works on."""

    @property
    def painting(self) -> Painting | None:
        """The mask."""

    @property
    def rgb(self) -> RgbImage | None:
        """The photograph, (H, W, 3) uint8."""

    @property
    def pyramid(self) -> Pyramid | None:
        """The photograph's halvings."""

    @property
    def brush_px(self) -> int:
        """The brush's diameter."""

    @property
    def colour_tolerance(self) -> float:
        """How far from ink (0) to skin (100) a colour may be and still count as ink."""

    def point(self, at: QPointF) -> Point:
        """Return the picture point under a point of the widget."""

    def refresh(self, box: Box | None) -> None:
        """Draw a box of the picture again."""

    def say(self, text: str) -> None:
        """Tell the reader something in a few words."""

    def move_view(self, by: QPointF) -> None:
        """Move the picture."""


class Gesture(Protocol):
    """From the press of a button to its release.

    Attributes:
        tool: What a change is recorded as.
    """

    tool: str

    def move(self, at: QPointF, *, pressure: float) -> None:
        """Follow the hand; pressure is 0 to 1, 1 for a mouse."""

    def end(self) -> Change | None:
        """Finish; return what changed."""

    def cancel(self) -> None:
        """Take back what was done."""
