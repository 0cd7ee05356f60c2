"""A mask that is being painted: its pixels, its smaller copies for the screen, and its undo."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask
from gsal.editing.box import Box
from gsal.editing.brush import Point, fill, spans
from gsal.editing.history import Change, History
from gsal.editing.tiles import TILE_PX, TileDelta, runs, tiles_with
from gsal.records import EncodedDelta

__all__ = ["Painting"]

_LEAST_SIDE_PX = 512
_WIDE_BOX_PX = 1_000_000
_MaskArray = npt.NDArray[np.uint8]


class Painting:
    """The model behind the canvas; knows no Qt.

    Args:
        mask: (H, W) bool to begin with; it is copied.
        depth: Steps that can be undone.

    Attributes:
        levels: The mask (uint8, 0 and 1) and its halvings, where a pixel is ink if any of its four is.
    """

    def __init__(self, mask: Mask, *, depth: int = 500) -> None:
        self._padded = [_padded(mask.view(np.uint8))]
        self.levels: list[_MaskArray] = [self._padded[0][: mask.shape[0], : mask.shape[1]]]
        while max(self.levels[-1].shape) > _LEAST_SIDE_PX:
            halved = _halved(self._padded[-1])
            self._padded.append(_padded(halved))
            self.levels.append(self._padded[-1][: halved.shape[0], : halved.shape[1]])
        self._history = History(self.levels[0], depth=depth)

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
        """Steps that can be undone."""
        return self._history.undo_count

    @property
    def redo_count(self) -> int:
        """Steps that can be done again."""
        return self._history.redo_count

    @property
    def is_drawn_on(self) -> bool:
        """Whether a stroke is being made."""
        return self._history.is_open

    @property
    def history_bytes(self) -> int:
        """Memory that undo and redo take."""
        return self._history.size_bytes

    def extend(self, start: Point, end: Point, *, radius: float, value: int) -> Box:
        """Pull the brush from start to end, inside an open stroke; return the box that may have changed."""
        covered = spans(start, end, radius=radius, shape=self.shape)
        box = covered.box
        # The box of a long slanting segment is mostly beside it.
        is_wide = (box.bottom - box.top) * (box.right - box.left) > _WIDE_BOX_PX
        parts = covered.bands(TILE_PX) if is_wide else [box]
        for part in parts:
            self._history.touch(part)
        fill(self.levels[0], covered, value=value)
        self._refresh(parts)
        return box

    def set_region(self, box: Box, pixels: Mask) -> Box:
        """Lay pixels down over a box, ink and none, inside an open stroke; return the part inside the mask.

        Args:
            box: Where; it may reach outside the mask.
            pixels: Bool of the box's shape.

        Raises:
            ValueError: The shapes differ.
        """
        if pixels.shape != (box.bottom - box.top, box.right - box.left):
            raise ValueError(f"the pixels are {pixels.shape}, the box is {box}")
        inside = box.clipped(*self.shape)
        if not inside.is_empty:
            self._history.touch(inside)
            rows, columns = inside.moved(-box.top, -box.left).slices
            self.levels[0][inside.slices] = pixels[rows, columns]
            self._refresh([inside])
        return inside

    def paint_region(self, box: Box, pixels: Mask, *, value: int) -> Box:
        """Set the True ones of a box's pixels to ink (1) or none (0), inside an open stroke.

        Args:
            box: Inside the mask.
            pixels: Bool of the box's shape; what is False stays as it is.
            value: 1 or 0.

        Returns:
            The box.
        """
        for part in runs(tiles_with(pixels, box)):
            inside = part.common(box)
            self._history.touch(inside)
            ink = self.levels[0][inside.slices].view(np.bool_)
            there = pixels[inside.moved(-box.top, -box.left).slices]
            if value:
                np.logical_or(ink, there, out=ink)
            else:
                np.greater(ink, there, out=ink)
            self._refresh([inside])
        return box

    def end_stroke(self) -> Change | None:
        """End the current stroke; return what it changed, None when it changed nothing."""
        return self._history.commit()

    def abandon_stroke(self) -> Box | None:
        """Take back the stroke that is being made; return the box that changed."""
        return self._shown(self._history.abandon())

    def replace(self, mask: Mask) -> Change | None:
        """Take another mask of the same shape as one step that can be undone; None when it is the same.

        A stroke that is being made becomes part of the step.

        Raises:
            ValueError: The shape differs.
        """
        if mask.shape != self.shape:
            raise ValueError(f"the mask is {mask.shape}, expected {self.shape}")
        box = Box.of(self.levels[0] != mask)
        if not box.is_empty:
            self.set_region(box, mask[box.slices])
        return self._history.commit()

    def undo(self) -> Box | None:
        """Take back the last step; return the box that changed, None when there is none to take back."""
        return self._shown(self._history.undo())

    def redo(self) -> Box | None:
        """Do again what was taken back last; return the box that changed."""
        return self._shown(self._history.redo())

    def restore(
        self,
        *,
        undo: Sequence[TileDelta | EncodedDelta] = (),
        redo: Sequence[TileDelta | EncodedDelta] = (),
    ) -> None:
        """Take over undo and redo of an earlier run; the mask must be the one they lead to.

        Args:
            undo: Steps in the order they were made, the one to take back first is last.
            redo: Steps that were taken back, the one to do again first is last.
        """
        self._history.restore(undo, redo)

    def _shown(self, boxes: tuple[Box, ...]) -> Box | None:
        self._refresh(boxes)
        return Box.around(boxes) if boxes else None

    def _refresh(self, boxes: Iterable[Box]) -> None:
        """Bring the smaller copies up to date under boxes."""
        for box in boxes:
            part = box
            for finer, coarser in zip(self._padded[:-1], self._padded[1:], strict=True):
                if part.is_empty:
                    break
                part = part.halved()
                coarser[part.slices] = _halved(finer[part.doubled().slices])


def _padded(mask: _MaskArray) -> _MaskArray:
    """Return a copy with even sides."""
    height, width = mask.shape
    even = np.zeros((height + height % 2, width + width % 2), np.uint8)
    even[:height, :width] = mask
    return even


def _halved(mask: _MaskArray) -> _MaskArray:
    """Halve a mask with even sides: two rows are joined bytewise, two columns as one 16-bit number."""
    pairs = np.bitwise_or(mask[0::2], mask[1::2])
    halved: Mask = pairs.view(np.uint16) != 0
    return halved.view(np.uint8)
