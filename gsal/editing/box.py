"""A rectangle of whole pixels."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from gsal.arrays import Mask

__all__ = ["Box"]


@dataclass(frozen=True, slots=True)
class Box:
    """Rows top to bottom - 1 and columns left to right - 1."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def around(cls, boxes: Iterable[Self]) -> Self:
        """Return the smallest box that holds all of them; an empty one when there are none.

        >>> Box.around([Box(1, 2, 3, 4), Box(0, 3, 2, 9)])
        Box(top=0, left=2, bottom=3, right=9)
        """
        sides = [(box.top, box.left, box.bottom, box.right) for box in boxes]
        if not sides:
            return cls(0, 0, 0, 0)
        tops, lefts, bottoms, rights = zip(*sides, strict=True)
        return cls(min(tops), min(lefts), max(bottoms), max(rights))

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

    def common(self, other: Self) -> Self:
        """Return what lies in both; it may be empty."""
        return type(self)(
            max(self.top, other.top),
            max(self.left, other.left),
            min(self.bottom, other.bottom),
            min(self.right, other.right),
        )

    def united(self, other: Self) -> Self:
        """Return the smallest box that holds both."""
        return type(self).around([self, other])

    def doubled(self) -> Self:
        """Return the box of pixels, half as large, that it covers."""
        return type(self)(2 * self.top, 2 * self.left, 2 * self.bottom, 2 * self.right)

    def moved(self, rows: int, columns: int) -> Self:
        """Return it so many pixels further down and to the right."""
        return type(self)(self.top + rows, self.left + columns, self.bottom + rows, self.right + columns)

    @classmethod
    def of(cls, pixels: Mask) -> Self:
        """Return the smallest box that holds all True pixels; an empty one when there are none.

        >>> import numpy as np
        >>> Box.of(np.eye(5, dtype=bool)[:, ::-1][:2])
        Box(top=0, left=3, bottom=2, right=5)
        """
        rows = np.flatnonzero(pixels.any(axis=1))
        if not rows.size:
            return cls(0, 0, 0, 0)
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        columns = np.flatnonzero(pixels[top:bottom].any(axis=0))
        return cls(top, int(columns[0]), bottom, int(columns[-1]) + 1)
