"""How like one ink, whose colour somebody picked from the picture, the pixels of that picture are."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import RgbImage
from gsal.masks.skin import SkinLocus

__all__ = ["PickedInk", "colour_at"]

Plane = npt.NDArray[np.float32]
Rgb = tuple[int, int, int]

_LIGHTNESS_WEIGHT = 0.3  # light falls unevenly on skin; hue does not change with it
_LEAST_CONTRAST = 6.0  # of weighted CIELAB: a colour nearer to skin than this is skin
_LEAST_CHROMA = 5.0
_DISC = 0.003  # radius of an eyedropper, of the long side
_DARK_IN_RED = 0.35  # of a natural logarithm: a third darker than skin
_RED_WEIGHTS = (0.8, 0.1, 0.1)


@dataclass(frozen=True, slots=True, eq=False)
class PickedInk:
    """The way from this picture's skin to the picked ink, and where its pixels stand on it.

    Ink on skin is seen through: a faint stroke is a mixture of both, so it lies on the straight way from skin
    to ink in CIELAB. Skin is that of `SkinLocus`, which varies over the picture.

    Attributes:
        contrast: Length of the way in CIELAB, with lightness weighted by .3.
        along: (H, W) float32, how far a pixel is on it: 0 skin, 1 the picked ink, more for deeper ink.
        across: (H, W) float32 >= 0, how far a pixel is off it, in the same unit.
        chroma: Length of the way in a and b alone.
        hue_share: (H, W) float32, the same as `along`, in a and b alone.
        hue_off: (H, W) float32 >= 0, tangent of the angle between a pixel's way from skin and the ink's in
            a and b; infinite where a pixel lies on the other side.
        is_darker: Whether the ink is darker than skin.
        weights: (1, 3) float32, of red, green and blue: where the ink is darker than skin and melanin least.
    """

    contrast: float
    along: Plane
    across: Plane
    chroma: float
    hue_share: Plane
    hue_off: Plane
    is_darker: bool
    weights: npt.NDArray[np.float32]

    @classmethod
    def of(cls, colour: Rgb, *, lightness: Plane, level: Plane, skin: SkinLocus) -> Self:
        """Measure a picture against an ink.

        Args:
            colour: sRGB of the ink as it looks in this picture.
            lightness: (H, W) float32, CIELAB L.
            level: (H, W) float32, that of the skin around.
            skin: The picture's.
        """
        pixel = np.array([[colour]], np.float32) / 255
        ink_l, ink_a, ink_b = (float(v) for v in cv2.cvtColor(pixel, cv2.COLOR_RGB2LAB)[0, 0])
        darker = ink_l - skin.lightness
        chroma = np.array([ink_a - skin.a - skin.slope_a * darker, ink_b - skin.b - skin.slope_b * darker])
        way = np.array([_LIGHTNESS_WEIGHT * darker, *chroma])
        contrast = max(float(np.linalg.norm(way)), _LEAST_CONTRAST)
        unit = (way / contrast).astype(np.float32)
        depth = (lightness - level) * np.float32(_LIGHTNESS_WEIGHT)
        a, b = skin.residual_a, skin.residual_b
        along = depth * unit[0] + a * unit[1] + b * unit[2]
        across = cv2.sqrt(np.maximum(depth * depth + a * a + b * b - along * along, 0))
        length = float(np.linalg.norm(chroma))
        direction = (chroma / max(length, _LEAST_CHROMA)).astype(np.float32)
        towards = a * direction[0] + b * direction[1]
        sideways = np.abs(a * direction[1] - b * direction[0])
        off = np.where(towards > 0, sideways / np.maximum(towards, 1e-3), np.float32(np.inf))
        return cls(
            contrast=contrast,
            along=along / np.float32(contrast),
            across=np.asarray(across, np.float32) / np.float32(contrast),
            chroma=length,
            hue_share=towards / np.float32(max(length, _LEAST_CHROMA)),
            hue_off=off,
            is_darker=darker < 0,
            weights=_weights(pixel[0, 0], skin),
        )

    @property
    def has_hue(self) -> bool:
        """Whether its hue differs from that of skin as light as it is."""
        return self.chroma >= _LEAST_CHROMA


def _weights(ink: Plane, skin: SkinLocus) -> npt.NDArray[np.float32]:
    lab = np.array([[[skin.lightness, skin.a, skin.b]]], np.float32)
    skin_rgb = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)[0, 0]
    contrast = np.log(np.maximum(skin_rgb, 0.03)) - np.log(np.maximum(ink, 0.03))
    if contrast[0] >= _DARK_IN_RED or contrast.max() <= 0:
        return np.array([_RED_WEIGHTS], np.float32)
    weights = np.maximum(contrast, 0)
    shares: Plane = (weights / weights.sum())[None].astype(np.float32)
    return shares


def colour_at(picture: RgbImage, point: tuple[float, float]) -> Rgb:
    """Return the mean sRGB of a small disc: what an eyedropper takes from ink.

    Args:
        picture: (H, W, 3) uint8.
        point: (x, y) in pixels; outside the picture the nearest pixel counts.
    """
    height, width = picture.shape[:2]
    column, row = (min(max(int(at), 0), size - 1) for at, size in zip(point, (width, height), strict=True))
    radius = max(1, round(_DISC * max(height, width)))
    rows, columns = np.ogrid[:height, :width]
    part = np.s_[max(0, row - radius) : row + radius + 1, max(0, column - radius) : column + radius + 1]
    away = (rows[part[:1]] - row) ** 2 + (columns[:, part[1]] - column) ** 2
    red, green, blue = (round(float(v)) for v in picture[part][away <= radius**2].mean(axis=0))
    return red, green, blue
