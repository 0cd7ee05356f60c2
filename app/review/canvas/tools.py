"""The canvas's tools, and what they leave behind."""

from dataclasses import dataclass
from enum import StrEnum

from gsal.editing.history import Change

__all__ = ["BRUSH_SIZES_PX", "SIZING", "Stroke", "Tool"]

BRUSH_SIZES_PX = (1, 500)
SIZING = 1.2
"""How much larger a key makes the brush."""


class Tool(StrEnum):
    """What the left button does."""

    BRUSH = "brush"
    ERASER = "eraser"
    INK_BRUSH = "ink-brush"
    WAND = "wand"
    FILL = "fill"

    @property
    def has_size(self) -> bool:
        """Whether it has a brush's circle."""
        return self in {Tool.BRUSH, Tool.ERASER, Tool.INK_BRUSH}


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stroke that ended and changed the mask.

    Attributes:
        tool: What made it; "eraser" when any brush erased.
    """

    tool: str
    change: Change
