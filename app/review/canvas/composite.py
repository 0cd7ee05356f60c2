"""The view kept as an image: the photograph drawn once, and of the mask only what really changed."""

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from app.review.canvas.grid import MARGIN_PX
from app.review.canvas.looks import Looks
from app.review.canvas.overlay import Overlay
from app.review.canvas.scene import Scene
from app.review.canvas.soft_edge import SoftEdge
from app.theme import PHOTO_GREY
from gsal.editing.box import Box

__all__ = ["Composite"]

_CELL_PX = 40
_FEW_PX = 20_000
_MOST_CELLS_SHARE = 0.7
_GREY = np.uint32(0xFF000000 | int(PHOTO_GREY[1:], 16))
_Pixels = npt.NDArray[np.uint8]
_Packed = npt.NDArray[np.uint32]
_Indices = npt.NDArray[np.intp]


class Composite:
    """What one view of a scene looks like; lives until the view, the looks or the scene change.

    Args:
        scene: Photograph, mask, and where they lie on the screen.
        looks: How they are shown.
        soft: The mask's soft edge, to be shown in place of the outline; None for the outline.

    Attributes:
        image: Of the whole view, in screen pixels; it borrows the composite's memory.
    """

    def __init__(self, scene: Scene, looks: Looks, soft: SoftEdge | None = None) -> None:
        self._scene = scene
        self._soft = soft
        self._rows, self._columns = scene.rows, scene.columns
        height, width = scene.room
        self._frame = np.empty((height, width), np.uint32)
        self.image = QImage(self._frame.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        rows = slice(self._rows.start, self._rows.stop)
        self._shown = self._frame[rows, self._columns.start : self._columns.stop]
        if self._shown.size < self._frame.size:
            self._frame.fill(_GREY)
        self._is_bare = looks.is_hidden or not scene.levels
        self._overlay = Overlay(
            looks.palette,
            0.0 if looks.is_outline_only and soft is None else looks.opacity,
            line_px=scene.line_px,
        )
        if not self._shown.size:
            return
        self._photograph: _Packed = scene.photograph(looks.tones()).view(np.uint32)[..., 0]
        self._shown[...] = self._photograph
        if scene.levels:
            # What is shown now, to tell later what changed.
            self._ink = scene.ink().copy()
            self._compose_ink()

    def refresh(self, box: Box) -> list[Box]:
        """Bring it up to date where the mask, and its soft edge, may have changed.

        Args:
            box: Of the picture.

        Returns:
            What changed, in screen pixels.
        """
        if self._is_bare or not self._shown.size:
            return []
        changed = self._take_over(box)
        if self._soft is not None:
            wide = self._reach(self._scene.in_view(box.grown(self._soft.reach_px)))
            return [] if wide.is_empty else [self._compose(wide)]
        return [] if changed is None else self._compose_changes(*changed)

    def _take_over(self, box: Box) -> tuple[int, int, _Pixels] | None:
        """Copy the mask under a box; return top, left and the halving's pixels that differ, if any do."""
        part = self._scene.in_view(box)
        if part.is_empty:
            return None
        new, old = self._scene.ink()[part.slices], self._ink[part.slices]
        changes = cv2.bitwise_xor(new, old)
        left, top, width, height = cv2.boundingRect(changes)
        if not width:
            return None
        old[...] = new
        return (
            part.top + top,
            part.left + left,
            np.asarray(changes[top : top + height, left : left + width], np.uint8),
        )

    def _reach(self, part: Box) -> Box:
        """Return the screen pixels, from the picture's first in view, that pixels of the halving reach."""
        line = self._overlay.line_px
        top, bottom = self._rows.starts(np.array(part.top)), self._rows.stops(np.array(part.bottom))
        left, right = self._columns.starts(np.array(part.left)), self._columns.stops(np.array(part.right))
        return Box(int(top), int(left), int(bottom), int(right)).grown(line).clipped(*self._shown.shape)

    def _compose_ink(self) -> None:
        """Compose the surroundings of all ink in view, for the first time."""
        if self._is_bare:
            return
        left, top, width, height = cv2.boundingRect(self._ink)
        box = Box(top, left, top + height, left + width)
        if self._soft is not None:
            self._compose(Box(0, 0, *self._shown.shape))
        elif not box.is_empty:
            self._compose(self._reach(box))

    def _compose(self, part: Box) -> Box:
        """Compose a box of the view; return it in screen pixels."""
        if not part.is_empty:
            line = self._overlay.line_px
            rows = slice(part.top + MARGIN_PX - line, part.bottom + MARGIN_PX + line)
            columns = slice(part.left + MARGIN_PX - line, part.right + MARGIN_PX + line)
            ink = self._sampled(rows, columns)
            photograph = self._photograph[part.slices]
            if self._soft is None:
                shown = self._overlay.lay(photograph, self._overlay.classes(ink)[line:-line, line:-line])
            else:
                softness = self._soft.sampled(self._scene, part, ink[line:-line, line:-line])
                shown = self._overlay.lay_softly(np.ascontiguousarray(photograph), softness)
            self._shown[part.slices] = shown
        return part.moved(self._rows.start, self._columns.start)

    def _sampled(self, rows: slice, columns: slice) -> _Pixels:
        down, across = self._rows, self._columns
        ink = self._ink.take(down.first[rows], axis=0).take(across.first[columns], axis=1)
        if not down.is_single:
            below = self._ink.take(down.last[rows], axis=0)
            ink |= below.take(across.first[columns], axis=1)
            ink |= below.take(across.last[columns], axis=1)
            ink |= self._ink.take(down.first[rows], axis=0).take(across.last[columns], axis=1)
        return np.asarray(ink, np.uint8)

    def _compose_changes(self, top: int, left: int, changes: _Pixels) -> list[Box]:
        """Compose where pixels of the halving changed: all about them, or, of a wide box, cells with any."""
        side = max(1, round(_CELL_PX / self._rows.step))
        downs, acrosses = np.arange(0, changes.shape[0], side), np.arange(0, changes.shape[1], side)
        size = int(np.ceil(side * self._rows.step)) + 2 * self._overlay.line_px + 1
        is_wide = changes.size * self._rows.step**2 > _FEW_PX and size <= min(self._shown.shape)
        if is_wide:
            is_changed = np.maximum.reduceat(np.maximum.reduceat(changes, downs, axis=0), acrosses, axis=1)
            row, column = np.nonzero(is_changed)
            if row.size < _MOST_CELLS_SHARE * is_changed.size:
                tops, lefts = (
                    self._rows.starts(top + downs[row]),
                    self._columns.starts(left + acrosses[column]),
                )
                return self._compose_cells(tops, lefts, size)
        height, width = changes.shape
        return [self._compose(self._reach(Box(top, left, top + height, left + width)))]

    def _compose_cells(self, tops: _Indices, lefts: _Indices, size: int) -> list[Box]:
        """Compose squares of the view all in one go; return them in screen pixels."""
        line, (height, width) = self._overlay.line_px, self._shown.shape
        tops, lefts = np.clip(tops - line, 0, height - size), np.clip(lefts - line, 0, width - size)
        ink = self._sampled_cells(tops, lefts, size)
        places = list(zip(tops.tolist(), lefts.tolist(), strict=True))
        photograph = np.concatenate([self._photograph[y : y + size, x : x + size] for y, x in places])
        classes = self._overlay.classes(ink.reshape(-1, ink.shape[2])).reshape(ink.shape)
        inside = np.ascontiguousarray(classes[:, line:-line, line:-line]).reshape(photograph.shape)
        shown = self._overlay.lay(photograph, inside).reshape(-1, size, size)
        for cell, (y, x) in zip(shown, places, strict=True):
            self._shown[y : y + size, x : x + size] = cell
        y0, x0 = self._rows.start, self._columns.start
        return [Box(y + y0, x + x0, y + y0 + size, x + x0 + size) for y, x in places]

    def _sampled_cells(self, tops: _Indices, lefts: _Indices, size: int) -> _Pixels:
        line = self._overlay.line_px
        steps = np.arange(MARGIN_PX - line, MARGIN_PX + size + line)
        down, across = tops[:, None] + steps, lefts[:, None] + steps
        rows, columns, pixels = self._rows, self._columns, self._ink.reshape(-1)
        width = self._ink.shape[1]
        ink = pixels.take(rows.first[down][:, :, None] * width + columns.first[across][:, None, :])
        if not rows.is_single:
            for first, last in (
                (rows.last, columns.first),
                (rows.first, columns.last),
                (rows.last, columns.last),
            ):
                ink |= pixels.take(first[down][:, :, None] * width + last[across][:, None, :])
        return np.asarray(ink, np.uint8)
