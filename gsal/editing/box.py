"""A rectangle of whole pixels."""

from dataclasses import dataclass
from typing import Self

__all__ = ["Box"]


@dataclass(frozen=True, slots=True)
class Box:
    """Rows top to bottom - 1 and columns left to right - 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.bottom <= self.top or self.right <= self.left

    @property
    def slices(self) -> tuple[slice, slice]:
        """To index an array with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def clipped(self, height: int, width: int) -> Self:
        """Return the part inside an array of this shape."""
        return type(self)(
            max(0, self.top), max(0, self.left), min(height, self.bottom), min(width, self.right)
        )

    def grown(self, margin: int) -> Self:
        """Return it with a margin on all sides."""
        return type(self)(self.top - margin, self.left - margin, self.bottom + margin, self.right + margin)

    def halved(self) -> Self:
        """Return the box of pixels, twice as large, that touch it.

        >>> Box(3, 4, 5, 7).halved()
        Box(top=1, left=2, bottom=3, right=4)
        """
        return type(self)(self.top // 2, self.left // 2, -(-self.bottom // 2), -(-self.right // 2))
