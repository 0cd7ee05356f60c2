"""The mask's edge as networks are trained on it (`gsal.masks.soften`), for looking at while painting."""

import cv2
import numpy as np
import numpy.typing as npt

from app.review.canvas.scene import Scene
from gsal.editing.box import Box
from gsal.masks.area import REFERENCE_PX

__all__ = ["SoftEdge"]

_COARSEST_PX = 448
_INSIDE, _OUTSIDE = np.float32(0.5), np.float32(0.499)
_Pixels = npt.NDArray[np.uint8]
_Field = npt.NDArray[np.float32]


class SoftEdge:
    """A blurred mask, kept on a grid of 448 to 896 cells along its long side: two cells or more per sigma.

    Args:
        mask: (H, W) uint8 of 0 and 1; it is read again wherever it is refreshed.

    Attributes:
        mask: The same array.
        reach_px: How far a changed pixel changes the edge, in picture pixels.
    """

    def __init__(self, mask: _Pixels) -> None:
        self.mask = mask
        longest = max(mask.shape)
        self._cell = 1
        while longest / (2 * self._cell) >= _COARSEST_PX:
            self._cell *= 2
        self._sigma = longest / REFERENCE_PX / self._cell
        self.reach_px = int(np.ceil(4 * self._sigma + 1)) * self._cell
        self._blurred = np.empty((0, 0), np.float32)
        self._covered = self._coverage(
            Box(0, 0, -(-mask.shape[0] // self._cell), -(-mask.shape[1] // self._cell))
        )
        self._blurred = self._blur(self._covered)

    def refresh(self, box: Box) -> None:
        """Blur again what a box of the mask reaches."""
        cell, reach = self._cell, self.reach_px // self._cell
        shape = self._covered.shape
        changed = Box(box.top // cell, box.left // cell, -(-box.bottom // cell), -(-box.right // cell))
        changed = changed.clipped(*shape)
        if changed.is_empty:
            return
        self._covered[changed.slices] = self._coverage(changed)
        target = changed.grown(reach).clipped(*shape)
        source = target.grown(reach).clipped(*shape)
        inner = target.moved(-source.top, -source.left)
        self._blurred[target.slices] = self._blur(self._covered[source.slices])[inner.slices]

    def sampled(self, scene: Scene, part: Box, ink: _Pixels) -> _Field:
        """Return the soft mask on the screen, held at or above .5 within the ink and below it outside.

        Args:
            scene: Where the picture lies.
            part: Box of the view, counted from the picture's first screen pixel.
            ink: (h, w) uint8, the mask on these pixels.
        """
        rows, columns = scene.rows, scene.columns
        unit = 2**scene.level / self._cell
        down, across = rows.step / unit, columns.step / unit
        matrix = np.array(
            [
                [1 / across, 0, (part.left + columns.start + 0.5 - columns.origin) / across - 0.5],
                [0, 1 / down, (part.top + rows.start + 0.5 - rows.origin) / down - 0.5],
            ]
        )
        soft = cv2.warpAffine(
            self._blurred,
            matrix,
            (part.right - part.left, part.bottom - part.top),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        held = np.where(ink > 0, np.maximum(soft, _INSIDE), np.minimum(soft, _OUTSIDE))
        return np.asarray(held, dtype=np.float32)

    def _coverage(self, cells: Box) -> _Field:
        """Return the share of ink of each cell; cells at the far sides may reach beyond the mask."""
        side = self._cell
        pixels = Box(cells.top * side, cells.left * side, cells.bottom * side, cells.right * side)
        part = self.mask[pixels.slices]
        height, width = cells.bottom - cells.top, cells.right - cells.left
        short = height * side - part.shape[0], width * side - part.shape[1]
        whole = cv2.copyMakeBorder(part * np.uint8(255), 0, short[0], 0, short[1], cv2.BORDER_REPLICATE)
        mean = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(mean, dtype=np.float32) / np.float32(255)

    def _blur(self, covered: _Field) -> _Field:
        return np.asarray(cv2.GaussianBlur(covered, (0, 0), self._sigma), dtype=np.float32)
