"""The windows of a picture that occlusion hides one after another."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import ceil
from typing import Self

__all__ = ["Windows"]

_SIDE_SHARE, _STEP_SHARE = 8, 16


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows that slide over pictures of one size; those at the far edges are cut off there.

    Attributes:
        height: Of the pictures.
        width: Of the pictures.
        side: Of a window.
        step: From one window to the next.
    """

    height: int
    width: int
    side: int
    step: int

    @classmethod
    def of(cls, height: int, width: int) -> Self:
        """Return windows of an eighth of the short side, half overlapping: 225 on a square picture.

        >>> windows = Windows.of(224, 224)
        >>> windows.preset, len(list(windows))
        ('window28-step14', 225)
        """
        short = min(height, width)
        return cls(height, width, max(1, round(short / _SIDE_SHARE)), max(1, round(short / _STEP_SHARE)))

    @property
    def preset(self) -> str:
        """What is stored of them."""
        return f"window{self.side}-step{self.step}"

    def __iter__(self) -> Iterator[tuple[slice, slice]]:
        """Yield rows and columns of each window."""
        return product(self._along(self.height), self._along(self.width))

    def _along(self, length: int) -> list[slice]:
        count = ceil(max(0, length - self.side) / self.step) + 1
        return [slice(k * self.step, min(k * self.step + self.side, length)) for k in range(count)]
