"""How a mask lies over the photograph: filled, a white outline in a black halo, each one screen pixel."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from app.review.canvas.palettes import HALO, OUTLINE, palette_of

__all__ = ["Overlay"]

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_HALO, _OUTLINE, _FILL = 1, 2, 3
_Pixels = npt.NDArray[np.uint8]
_Packed = npt.NDArray[np.uint32]


def _packed(colour: tuple[int, int, int]) -> np.uint32:
    red, green, blue = colour
    return np.uint32(0xFF000000 | red << 16 | green << 8 | blue)


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is drawn of a mask.

    Attributes:
        palette: Key of the fill's colour.
        opacity: Of the fill, 0 to 1; 0 leaves it out.
        line_px: Thickness of outline and of halo, in screen pixels.
    """

    palette: str
    opacity: float
    line_px: int = 1

    def classes(self, ink: _Pixels) -> _Pixels:
        """Return what each pixel is: 0 nothing, 1 halo, 2 outline, 3 fill.

        Args:
            ink: (h, w) uint8 of 0 and 1; the result is right from `line_px` within its sides on.
        """
        # Beyond the picture there is no edge: an outline would only frame it.
        inner = cv2.erode(ink, _CROSS, iterations=self.line_px, borderType=cv2.BORDER_REPLICATE)
        outer = cv2.dilate(ink, _CROSS, iterations=self.line_px, borderType=cv2.BORDER_REPLICATE)
        return np.asarray(cv2.add(cv2.add(inner, ink), outer), dtype=np.uint8)

    def lay(self, photograph: _Packed, classes: _Pixels) -> _Packed:
        """Return the photograph with these classes laid over it; both (h, w)."""
        shown = photograph.copy()
        if self.opacity > 0:
            np.copyto(shown, self._filled(photograph), where=classes == _FILL)
        np.putmask(shown, classes == _OUTLINE, _packed(OUTLINE))
        np.putmask(shown, classes == _HALO, _packed(HALO))
        return shown

    def lay_softly(self, photograph: _Packed, softness: npt.NDArray[np.float32]) -> _Packed:
        """Return the photograph filled as strongly as a soft mask says, (h, w) in [0, 1]."""
        strength = softness * np.float32(self.opacity)
        pixels = photograph.view(np.uint8).reshape(*photograph.shape, 4)
        colour = np.full_like(photograph, _packed(palette_of(self.palette).fill)).view(np.uint8)
        blended = cv2.blendLinear(colour.reshape(pixels.shape), pixels, strength, 1 - strength)
        return np.ascontiguousarray(blended).view(np.uint32)[..., 0]

    def _filled(self, photograph: _Packed) -> _Packed:
        red, green, blue = palette_of(self.palette).fill
        values = np.arange(256)[None, :, None] * (1 - self.opacity)
        table = np.rint(values + np.array((blue, green, red, 255)) * self.opacity).astype(np.uint8)
        pixels = photograph.view(np.uint8).reshape(*photograph.shape, 4)
        return np.asarray(cv2.LUT(pixels, table)).view(np.uint32)[..., 0]
