"""A drawn picture of skin in uneven light with a pen stroke and a hair on it."""

from dataclasses import dataclass

import cv2
import numpy as np

from gsal.arrays import Mask, RgbImage

__all__ = ["HAIR_X", "STROKE_Y", "Skin", "drawn"]

STROKE_Y = 100
HAIR_X = 150


@dataclass(frozen=True, slots=True, eq=False)
class Skin:
    """The picture, and where ink and hair were drawn."""

    picture: RgbImage
    ink: Mask
    hair: Mask


def drawn(*, gap_px: int = 0, height: int = 200, width: int = 300) -> Skin:
    """Draw it: a violet stroke from left to right, with a gap in the middle, crossed by a dark brown hair."""
    rng = np.random.default_rng(1)
    ink, hair = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    cv2.line(ink, (30, STROKE_Y), (width - 30, STROKE_Y), 1, 13)
    cv2.line(hair, (HAIR_X, 20), (HAIR_X + 12, height - 20), 1, 3)
    ink[:, width // 3 : width // 3 + gap_px] = 0
    colours = np.empty((height, width, 3), np.float32)
    colours[:] = 205, 160, 140
    colours[ink > 0] = 110, 85, 150
    colours[hair > 0] = 70, 50, 40
    light = np.linspace(0.8, 1.1, width, dtype=np.float32)[None, :, None]
    noisy = colours * light + rng.normal(0, 4, colours.shape)
    picture = np.clip(noisy, 0, 255).astype(np.uint8)
    return Skin(picture, (ink > 0) & (hair == 0), hair > 0)
