"""A mask that is being painted: its pixels, its smaller copies for the screen, and its undo."""

import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask
from gsal.editing.box import Box
from gsal.editing.brush import Point, bounds, paint
from gsal.editing.journal import TileJournal

__all__ = ["Painting"]

_LEAST_SIDE_PX = 512


class Painting:
    """The model behind the canvas; knows no Qt.

    Args:
        mask: (H, W) bool to begin with; it is copied.
        depth: Strokes that can be undone.

    Attributes:
        levels: The mask (uint8, 0 and 1) and its halvings, where a pixel is ink if any of its four is.
    """

    def __init__(self, mask: Mask, *, depth: int = 200) -> None:
        self.levels: list[npt.NDArray[np.uint8]] = [mask.astype(np.uint8)]
        while max(self.levels[-1].shape) > _LEAST_SIDE_PX:
            self.levels.append(_halved(self.levels[-1]))
        self._journal = TileJournal(self.levels[0], depth=depth)

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        height, width = self.levels[0].shape
        return height, width

    @property
    def mask(self) -> Mask:
        """A copy of the pixels, bool."""
        return self.levels[0].astype(np.bool_)

    @property
    def ink_pixels(self) -> int:
        """Number of ink pixels."""
        return int(np.count_nonzero(self.levels[0]))

    @property
    def undo_count(self) -> int:
        """Strokes that can be undone."""
        return self._journal.undo_count

    @property
    def redo_count(self) -> int:
        """Strokes that can be done again."""
        return self._journal.redo_count

    def extend(self, start: Point, end: Point, *, radius: float, value: int) -> Box:
        """Pull the brush from start to end; return the box that may have changed."""
        self._journal.touch(bounds(start, end, radius=radius))
        return self._refreshed(paint(self.levels[0], start, end, radius=radius, value=value))

    def end_stroke(self) -> bool:
        """End the current stroke; return whether it changed anything."""
        return self._journal.commit() is not None

    def abandon_stroke(self) -> Box | None:
        """Take back the stroke that is being made."""
        return self._shown(self._journal.abandon())

    def replace(self, mask: Mask) -> Box | None:
        """Take another mask of the same shape as one step that can be undone; return the box that changed.

        Raises:
            ValueError: The shape differs.
        """
        if mask.shape != self.shape:
            raise ValueError(f"the mask is {mask.shape}, expected {self.shape}")
        different = self.levels[0] != mask
        rows, columns = np.flatnonzero(different.any(axis=1)), np.flatnonzero(different.any(axis=0))
        if not rows.size:
            return None
        box = Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
        self._journal.touch(box)
        self.levels[0][box.slices] = mask[box.slices]
        self._journal.commit()
        return self._refreshed(box)

    def undo(self) -> Box | None:
        """Take back the last step; return the box that changed."""
        return self._shown(self._journal.undo())

    def redo(self) -> Box | None:
        """Do again what was taken back last; return the box that changed."""
        return self._shown(self._journal.redo())

    def _shown(self, box: Box | None) -> Box | None:
        return None if box is None else self._refreshed(box.clipped(*self.shape))

    def _refreshed(self, box: Box) -> Box:
        """Bring the smaller copies up to date under a box, and return it."""
        part = box
        for finer, coarser in zip(self.levels[:-1], self.levels[1:], strict=True):
            if part.is_empty:
                break
            part = part.halved()
            rows, columns = part.slices
            source = finer[2 * rows.start : 2 * rows.stop, 2 * columns.start : 2 * columns.stop]
            coarser[part.slices] = _halved(source)
        return box


def _halved(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    height, width = mask.shape
    even = np.pad(mask, ((0, height % 2), (0, width % 2))) if height % 2 or width % 2 else mask
    halved: npt.NDArray[np.uint8] = even[0::2, 0::2] | even[1::2, 0::2] | even[0::2, 1::2] | even[1::2, 1::2]
    return halved
