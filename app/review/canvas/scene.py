"""What the canvas shows and where it lies on the screen's pixels."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.review.canvas.grid import Axis
from app.review.canvas.photograph import render
from app.review.canvas.pyramid import Pyramid
from app.review.canvas.viewport import Viewport
from gsal.editing.box import Box

__all__ = ["Scene"]

_Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A photograph and a mask, laid out on a screen.

    Attributes:
        pyramid: The photograph.
        levels: The mask (uint8, 0 and 1) and its halvings; empty for no mask.
        level: The halving that is drawn.
        rows, columns: How it lies on the screen.
        room: (height, width) in screen pixels.
        line_px: Thickness of lines in screen pixels.
    """

    pyramid: Pyramid
    levels: list[_Pixels]
    level: int
    rows: Axis
    columns: Axis
    room: tuple[int, int]
    line_px: int

    @classmethod
    def laid_out(
        cls,
        pyramid: Pyramid,
        levels: list[_Pixels],
        viewport: Viewport,
        *,
        size: tuple[int, int],
        ratio: float,
    ) -> "Scene":
        """Lay picture and mask out.

        Args:
            pyramid: The photograph.
            levels: The mask and its halvings.
            viewport: In points of the widget.
            size: (height, width) of the widget in its points.
            ratio: Screen pixels per point.
        """
        scale = viewport.scale * ratio
        level = pyramid.level_for(scale)
        room = round(size[0] * ratio), round(size[1] * ratio)
        axes = [
            Axis.of(
                origin=origin * ratio,
                step=scale * 2**level,
                pixels=pixels,
                length=length * scale,
                room=places,
            )
            for origin, pixels, length, places in zip(
                (viewport.y, viewport.x), pyramid.arrays[level].shape, pyramid.shape, room, strict=False
            )
        ]
        return cls(pyramid, levels, level, axes[0], axes[1], room, max(1, round(ratio)))

    def photograph(self, tones: _Pixels | None) -> _Pixels:
        """Return the photograph in view, (rows.size, columns.size, 4) uint8."""
        return render(self.pyramid.arrays[self.level], self.rows, self.columns, tones=tones)

    def ink(self) -> _Pixels:
        """Return the pixels of the mask's halving in view: a view of the mask itself."""
        rows, columns = self.rows, self.columns
        return self.levels[self.level][rows.low : rows.high, columns.low : columns.high]

    def in_view(self, box: Box) -> Box:
        """Return the pixels of `ink` that a box of the picture touches."""
        unit = 2**self.level
        part = Box(box.top // unit, box.left // unit, -(-box.bottom // unit), -(-box.right // unit))
        rows, columns = self.rows, self.columns
        inside = part.moved(-rows.low, -columns.low)
        return inside.clipped(rows.high - rows.low, columns.high - columns.low)
