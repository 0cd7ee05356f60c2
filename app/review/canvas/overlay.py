"""How a mask is laid over the photograph: yellow fill, white outline, black halo, by a colour table."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage, qRgba

from gsal.editing.box import Box

__all__ = ["Overlay"]

_FILL, _OUTLINE, _HALO = 1, 2, 3
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
MARGIN_PX = 1
"""How far outline and halo reach beyond a pixel that changed."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """The look; it never changes the mask.

    Attributes:
        opacity: Of the fill, 0 to 1.
        is_outline_only: Whether the fill is left out.
        is_hidden: Whether nothing is drawn.
    """

    opacity: float = 0.45
    is_outline_only: bool = False
    is_hidden: bool = False

    def colour_table(self) -> list[int]:
        """Return the colours of nothing, fill, outline and halo."""
        alpha = 0 if self.is_outline_only else round(255 * self.opacity)
        return [0, qRgba(240, 228, 66, alpha), qRgba(255, 255, 255, 235), qRgba(0, 0, 0, 200)]

    def image(self, mask: npt.NDArray[np.uint8], box: Box) -> QImage:
        """Return a box of the mask as an image with a colour table.

        Args:
            mask: (h, w) uint8 of 0 and 1.
            box: Inside the mask.
        """
        wide = box.grown(MARGIN_PX).clipped(*mask.shape)
        part = mask[wide.slices]
        # Beyond the picture's border there is no edge: the outline would only frame the picture.
        inner = cv2.erode(part, _CROSS, borderType=cv2.BORDER_REPLICATE)
        outer = cv2.dilate(part, _CROSS, borderType=cv2.BORDER_REPLICATE)
        classes = _HALO * outer - part * np.uint8(_HALO - _OUTLINE) - inner * np.uint8(_OUTLINE - _FILL)
        height, width = box.bottom - box.top, box.right - box.left
        # Rows of an indexed image begin at multiples of four bytes.
        padded = np.zeros((height, (width + 3) & ~3), np.uint8)
        top, left = box.top - wide.top, box.left - wide.left
        padded[:, :width] = classes[top : top + height, left : left + width]
        image = QImage(padded.data, width, height, padded.strides[0], QImage.Format.Format_Indexed8)
        image.setColorTable(self.colour_table())
        return image.copy()
