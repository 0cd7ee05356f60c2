"""Undo and redo: each step keeps what it flipped in 64-pixel tiles, bit-packed and compressed.

Two hundred strokes on 24 megapixels take a few megabytes this way; copies of the mask would take 4.6 GB.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.editing.box import Box
from gsal.editing.tiles import TILE_PX, Tile, TileDelta, decode, encode, runs, tile_slices, tiles_of
from gsal.records import EncodedDelta

__all__ = ["Change", "History"]

_RECORD_OVERHEAD_BYTES = 300
_MaskArray = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Change:
    """What a step changed.

    Attributes:
        box: Of the tiles in which a pixel changed.
        delta: To be stored; it takes the step back and does it again.
        pixels_added: Pixels that became ink.
        pixels_removed: Pixels that were ink.
    """

    box: Box
    delta: EncodedDelta
    pixels_added: int
    pixels_removed: int


class History:
    """Undo and redo for one mask, which it changes in place.

    Args:
        mask: (H, W) uint8 of 0 and 1.
        depth: Steps that can be undone; older ones are forgotten.
    """

    def __init__(self, mask: _MaskArray, *, depth: int = 500) -> None:
        self._mask = mask
        self._depth = depth
        self._is_kept = np.zeros([-(-side // TILE_PX) for side in mask.shape], np.bool_)
        self._open: list[tuple[Box, _MaskArray]] = []
        self._undo: list[EncodedDelta] = []
        self._redo: list[EncodedDelta] = []

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the mask in pixels."""
        return self._mask.shape[0], self._mask.shape[1]

    @property
    def undo_count(self) -> int:
        """Steps that can be undone."""
        return len(self._undo)

    @property
    def redo_count(self) -> int:
        """Steps that can be done again."""
        return len(self._redo)

    @property
    def is_open(self) -> bool:
        """Whether a step is being made."""
        return bool(self._open)

    @property
    def size_bytes(self) -> int:
        """Memory that the steps take."""
        return sum(len(step.data) + _RECORD_OVERHEAD_BYTES for step in (*self._undo, *self._redo))

    def touch(self, box: Box) -> None:
        """Keep the tiles under a box, if this step has not yet, before it changes them."""
        inside = box.clipped(*self._mask.shape)
        if inside.is_empty:
            return
        top, left = inside.top // TILE_PX, inside.left // TILE_PX
        is_kept = self._is_kept[top : -(-inside.bottom // TILE_PX), left : -(-inside.right // TILE_PX)]
        if is_kept.all():
            return
        for new in self._boxes((top + row, left + column) for row, column in np.argwhere(~is_kept).tolist()):
            self._open.append((new, self._mask[new.slices].copy()))
        is_kept[...] = True

    def commit(self) -> Change | None:
        """End the step; return what it changed, None when it changed nothing."""
        kept = {tile: pixels for box, block in self._release() for tile, pixels in tiles_of(block, box)}
        delta = TileDelta.between(kept, self._mask)
        if not delta.tiles:
            return None
        encoded = encode(delta)
        self._undo.append(encoded)
        del self._undo[: -self._depth]
        self._redo.clear()
        ink_before = sum(int(np.count_nonzero(kept[tile])) for tile in delta.tiles)
        ink_after = sum(int(np.count_nonzero(self._mask[tile_slices(tile)])) for tile in delta.tiles)
        grown = ink_after - ink_before
        flipped = int(np.bitwise_count(np.frombuffer(delta.bits, np.uint64)).sum())
        box = Box.around(self._boxes(delta.tiles))
        return Change(box, encoded, (flipped + grown) // 2, (flipped - grown) // 2)

    def abandon(self) -> tuple[Box, ...]:
        """Take back the step that is being made; return the boxes that changed."""
        kept = self._release()
        for box, block in kept:
            self._mask[box.slices] = block
        return self._boxes(tile for box, block in kept for tile, _ in tiles_of(block, box))

    def undo(self) -> tuple[Box, ...]:
        """Take back the last step.

        Returns:
            The boxes that changed; none when there is no step, or while one is being made.

        Raises:
            ProjectDamaged: The step was restored and is damaged; nothing changed.
        """
        return self._swap(self._undo, self._redo)

    def redo(self) -> tuple[Box, ...]:
        """Do the step again that was taken back last, as `undo` does."""
        return self._swap(self._redo, self._undo)

    def restore(
        self,
        undo: Sequence[TileDelta | EncodedDelta] = (),
        redo: Sequence[TileDelta | EncodedDelta] = (),
    ) -> None:
        """Take over the steps of an earlier run; they are decoded when they are needed.

        Args:
            undo: Steps in the order they were made, the one to take back first is last.
            redo: Steps that were taken back, the one to do again first is last.
        """
        self._undo = [_encoded(step) for step in undo][-self._depth :]
        self._redo = [_encoded(step) for step in redo]

    def _release(self) -> list[tuple[Box, _MaskArray]]:
        kept, self._open = self._open, []
        self._is_kept.fill(False)
        return kept

    def _swap(self, source: list[EncodedDelta], target: list[EncodedDelta]) -> tuple[Box, ...]:
        if not source or self._open:
            return ()
        delta = decode(source[-1], self.shape)
        delta.apply(self._mask)
        target.append(source.pop())
        return self._boxes(delta.tiles)

    def _boxes(self, tiles: Iterable[Tile]) -> tuple[Box, ...]:
        return tuple(box.clipped(*self._mask.shape) for box in runs(tiles))


def _encoded(step: TileDelta | EncodedDelta) -> EncodedDelta:
    return encode(step) if isinstance(step, TileDelta) else step
