"""Which part of the picture the canvas shows: scale and origin, and how they change."""

from dataclasses import dataclass, replace
from typing import Self

__all__ = ["Viewport"]

_LEAST, _MOST = 0.01, 32.0


@dataclass(frozen=True, slots=True)
class Viewport:
    """Widget point = origin + scale x picture point.

    Attributes:
        scale: Widget pixels per picture pixel.
        x, y: Where the picture's corner is in the widget.
    """

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    @classmethod
    def fitting(cls, picture: tuple[int, int], widget: tuple[int, int], *, margin: int = 8) -> Self:
        """Return the view of the whole picture, in the middle; both given as (height, width)."""
        room = max(1, widget[0] - 2 * margin), max(1, widget[1] - 2 * margin)
        scale = min(room[0] / picture[0], room[1] / picture[1])
        return cls(scale).centred(picture, widget)

    def centred(self, picture: tuple[int, int], widget: tuple[int, int]) -> Self:
        """Return it with the picture in the middle of the widget."""
        return replace(
            self, x=(widget[1] - picture[1] * self.scale) / 2, y=(widget[0] - picture[0] * self.scale) / 2
        )

    def carried_over(self, before: tuple[int, int], after: tuple[int, int], widget: tuple[int, int]) -> Self:
        """Return it for a picture of another shape: the same scale, as far across it; all (height, width)."""
        x, y = self.to_picture(widget[1] / 2, widget[0] / 2)
        x, y = x / before[1] * after[1], y / before[0] * after[0]
        return replace(self, x=widget[1] / 2 - x * self.scale, y=widget[0] / 2 - y * self.scale)

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Return the picture point under a widget point."""
        return (x - self.x) / self.scale, (y - self.y) / self.scale

    def to_widget(self, x: float, y: float) -> tuple[float, float]:
        """Return the widget point of a picture point."""
        return self.x + x * self.scale, self.y + y * self.scale

    def zoomed(self, factor: float, x: float, y: float) -> Self:
        """Return it zoomed so that the picture point under widget point (x, y) stays there."""
        scale = min(_MOST, max(_LEAST, self.scale * factor))
        px, py = self.to_picture(x, y)
        return replace(self, scale=scale, x=x - px * scale, y=y - py * scale)

    def moved(self, dx: float, dy: float) -> Self:
        """Return it shifted by widget pixels."""
        return replace(self, x=self.x + dx, y=self.y + dy)
