"""Healthy skin: how much pigment and blood it holds, and the light that comes back from it."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from gsal.synthetic.frame import Field, coordinates, noise, soften

__all__ = ["Skin", "draw_skin", "remitted"]

_BARE = np.array([0.93, 0.78, 0.70], np.float32)
_MELANIN_ABSORPTION = np.array([0.52, 0.95, 1.34], np.float32)
_BLOOD_ABSORPTION = np.array([0.06, 0.80, 0.62], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Skin:
    """A patch of skin on the canvas.

    Attributes:
        melanin: (S, S) optical density of pigment.
        blood: (S, S) optical density of haemoglobin.
        relief: (S, S) relative brightness of the furrows, around 0.
        tone: 0 fair to 1 dark.
    """

    melanin: Field
    blood: Field
    relief: Field
    tone: float


def draw_skin(rng: np.random.Generator, side: int) -> Skin:
    """Draw skin without a lesion on a canvas of side x side pixels."""
    tone = float(rng.beta(1.5, 3.2))
    pigment = 0.06 + 0.25 * tone + 1.15 * tone**2
    melanin = pigment * (1 + 0.10 * noise(rng, side, cells=5))
    melanin += 0.05 * (0.4 + pigment) * noise(rng, side, cells=24) + 0.03 * noise(rng, side, cells=side // 2)
    blood = rng.uniform(0.02, 0.22) * (1 + 0.30 * noise(rng, side, cells=4)) + 0.03 * noise(
        rng, side, cells=16
    )
    if rng.random() < 0.4:
        melanin += _freckles(rng, side)
    return Skin(
        melanin.astype(np.float32), np.maximum(blood, 0).astype(np.float32), _furrows(rng, side), tone
    )


def remitted(skin: Skin) -> Field:
    """Return the colour of the skin under white light, (S, S, 3) float32.

    Pigment and blood absorb after Beer and Lambert, the model of Tsumura et al. (SIGGRAPH 2003).
    """
    density = np.maximum(skin.melanin, 0)[..., None] * _MELANIN_ABSORPTION
    density += skin.blood[..., None] * _BLOOD_ABSORPTION
    colour = cv2.exp(-density) * _BARE
    colour *= 1 + skin.relief[..., None]
    return np.asarray(colour, np.float32)


def _freckles(rng: np.random.Generator, side: int) -> Field:
    spots = np.zeros((side, side), np.float32)
    for _ in range(int(rng.integers(2, 12))):
        centre = (rng.random(2) * side).astype(int)
        radius = max(1, round(rng.uniform(0.007, 0.02) * side))
        cv2.circle(spots, (int(centre[0]), int(centre[1])), radius, rng.uniform(0.1, 0.4), -1, cv2.LINE_AA)
    return soften(spots, 0.007 * side)


def _furrows(rng: np.random.Generator, side: int) -> Field:
    """Two crossing families of fine lines, bent by noise."""
    x, y = coordinates(side)
    angle, per_width = rng.uniform(0, np.pi), rng.uniform(14, 26)
    bend = 3 * noise(rng, side, cells=6)
    lines = np.zeros((side, side), np.float32)
    for direction in (angle, angle + 1.1):
        turns = 2 * math.pi * per_width
        lines += np.sin(turns * math.cos(direction) * x + turns * math.sin(direction) * y + bend)
    return np.asarray(rng.uniform(0.006, 0.022) * lines, np.float32)
