"""Which pixels of a halving each pixel of the screen shows, along one side of the picture."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["MARGIN_PX", "Axis"]

MARGIN_PX = 4
"""Screen pixels beyond the view that are known too: outline and halo look at their neighbours."""

_Indices = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """One side of the picture on the screen, in screen pixels.

    Attributes:
        start, stop: The screen pixels whose centres lie in the picture.
        low, high: Pixels of the halving in view, margin included.
        first, last: For screen pixels `start - MARGIN_PX` to `stop + MARGIN_PX`: the first and last pixel of
            the halving that each stands for, counted from `low`. Where the halving is finer than the screen
            each of its pixels belongs to exactly one of the screen, so that no thin stroke drops out.
        origin, step: Screen position of the picture's edge, and screen pixels per pixel of the halving.
    """

    start: int
    stop: int
    low: int
    high: int
    first: _Indices
    last: _Indices
    origin: float
    step: float

    @classmethod
    def of(cls, *, origin: float, step: float, pixels: int, length: float, room: int) -> "Axis":
        """Lay a side out on the screen.

        Args:
            origin: Screen position of the picture's edge.
            step: Screen pixels per pixel of the halving.
            pixels: Of the halving.
            length: Of the picture, in screen pixels.
            room: Screen pixels there are.
        """
        start = min(room, max(0, math.ceil(origin - 0.5)))
        stop = max(start, min(room, math.ceil(origin + length - 0.5)))
        at = np.arange(start - MARGIN_PX, stop + MARGIN_PX, dtype=np.float64) - origin
        if step >= 1:
            first = np.floor((at + 0.5) / step)
            last = first
        else:
            first = np.ceil(at / step)
            last = np.maximum(first, np.ceil((at + 1) / step) - 1)
        first = np.clip(first, 0, pixels - 1).astype(np.int32)
        last = np.clip(last, 0, pixels - 1).astype(np.int32)
        low, high = int(first[0]), int(last[-1]) + 1
        return cls(start, stop, low, high, first - np.int32(low), last - np.int32(low), origin, step)

    @property
    def is_single(self) -> bool:
        """Whether each screen pixel stands for one pixel of the halving only."""
        return self.step >= 1

    @property
    def size(self) -> int:
        """Screen pixels from start to stop."""
        return self.stop - self.start

    def starts(self, pixels: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Return the first screen pixels, from `start`, that show pixels of the halving (from `low`)."""
        return np.searchsorted(self.last, pixels, side="left") - MARGIN_PX

    def stops(self, pixels: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Return the screen pixels, from `start`, that follow those of the pixels before these."""
        return np.searchsorted(self.first, pixels, side="left") - MARGIN_PX
