"""What lies on a lesion: veil, keratin, flakes, openings and vessels, its relief and its shine."""

import math

import cv2
import numpy as np

from gsal.arrays import FloatArray
from gsal.synthetic.frame import Field, coordinates, noise, sigmoid, soften
from gsal.synthetic.lesion import Lesion

__all__ = ["paint_surface", "shine"]

_VEIL = (0.33, 0.36, 0.43)
_KERATIN = (0.88, 0.78, 0.58)
_FLAKE = (0.90, 0.83, 0.76)
_COMEDO = (0.16, 0.10, 0.07)
_MILIUM = (0.92, 0.84, 0.70)
_VESSEL = (0.62, 0.10, 0.12)
_FAINT = 0.05


def paint_surface(rng: np.random.Generator, image: Field, *, lesion: Lesion, tone: float) -> None:
    """Paint the structures that lie on the lesion into the image, (S, S, 3), in place.

    Args:
        rng: Source of randomness.
        image: Skin with the lesion's pigment.
        lesion: Its traits say what is there.
        tone: Of the skin; keratin is darker on dark skin.
    """
    traits, light = lesion.traits, 1.02 - 0.45 * tone
    if traits.veil > _FAINT:
        _cover(image, _VEIL, 0.75 * traits.veil * lesion.body * _islands(rng, image, 6, 0.35, 6.0), light)
    if traits.keratin > _FAINT:
        _cover(image, _KERATIN, traits.keratin * _keratin(rng, lesion), light)
    if traits.scale > _FAINT:
        _cover(image, _FLAKE, 0.62 * traits.scale * lesion.body * _flakes(rng, image.shape[0]), light)
    _dot_openings(rng, image, lesion=lesion, light=light)
    if traits.vessels > 4 * _FAINT:
        _cover(image, _VESSEL, 0.65 * lesion.body * _vessels(rng, lesion), light)
    _raise(rng, image, lesion=lesion)


def shine(rng: np.random.Generator, lesion: Lesion) -> Field:
    """Return the light that the lesion's surface mirrors, (S, S) float32: a highlight and a pearly rim."""
    traits, side = lesion.traits, lesion.body.shape[0]
    x, y = coordinates(side)
    angle = rng.uniform(0, 2 * np.pi)
    across = x - np.float32(lesion.centre[0] + 0.35 * traits.radius * math.cos(angle))
    down = y - np.float32(lesion.centre[1] + 0.35 * traits.radius * math.sin(angle))
    glint = cv2.exp(-(across**2 + down**2) / np.float32(2 * (0.20 * traits.radius) ** 2))
    glint *= np.clip(0.8 + 0.7 * noise(rng, side, cells=30), 0, 2)
    rim = cv2.exp(-(((lesion.depth - 0.8) / 0.16) ** 2))
    return np.asarray(traits.gloss * lesion.body * (0.42 * glint + 0.16 * rim), np.float32)


def _cover(image: Field, colour: tuple[float, float, float], alpha: Field, light: float) -> None:
    alpha = np.clip(alpha, 0, 1)[..., None]
    image += alpha * (np.float32(light) * np.array(colour, np.float32) - image)


def _islands(rng: np.random.Generator, image: Field, cells: int, level: float, steepness: float) -> Field:
    hills = noise(rng, image.shape[0], cells=cells)
    return sigmoid(np.float32(steepness) * (hills - np.float32(level)))


def _keratin(rng: np.random.Generator, lesion: Lesion) -> Field:
    """A core that breaks up toward its border, grainy like a crust."""
    side = lesion.body.shape[0]
    reach = rng.uniform(0.35, 0.75)
    border = lesion.depth * (1 + np.float32(0.25) * noise(rng, side, cells=14))
    grain = 0.72 + 0.28 * noise(rng, side, cells=36) + 0.10 * noise(rng, side, cells=70)
    return np.asarray(sigmoid(9 * (np.float32(reach) - border)) * grain, np.float32)


def _flakes(rng: np.random.Generator, side: int) -> Field:
    field = noise(rng, side, cells=26) + np.float32(0.5) * noise(rng, side, cells=60)
    return sigmoid(np.float32(3.2) * (field - np.float32(0.85)))


def _dot_openings(rng: np.random.Generator, image: Field, *, lesion: Lesion, light: float) -> None:
    count = int(18 * lesion.traits.openings)
    side = image.shape[0]
    layers = np.zeros((2, side, side), np.float32)
    for _ in range(count if lesion.traits.openings > 3 * _FAINT else 0):
        away = lesion.traits.radius * 0.85 * math.sqrt(rng.random())
        angle = rng.uniform(0, 2 * np.pi)
        at = (lesion.centre[0] + away * math.cos(angle), lesion.centre[1] + away * math.sin(angle))
        radius = max(1, int(rng.uniform(0.007, 0.015) * side))
        layer = layers[0 if rng.random() < 0.65 else 1]
        cv2.circle(layer, (int(at[0] * side), int(at[1] * side)), radius, 1.0, -1, cv2.LINE_AA)
    for layer, colour, strength in ((layers[0], _COMEDO, 0.8), (layers[1], _MILIUM, 0.7)):
        if layer.any():
            _cover(image, colour, strength * lesion.body * soften(layer, 0.0025 * side), light)


def _vessels(rng: np.random.Generator, lesion: Lesion) -> Field:
    """Winding lines that run inwards from the rim."""
    side, traits = lesion.body.shape[0], lesion.traits
    layer = np.zeros((side, side), np.float32)
    for _ in range(int(2 + 7 * traits.vessels)):
        angle = rng.uniform(0, 2 * np.pi)
        start = np.array(lesion.centre) + traits.radius * rng.uniform(0.3, 1.0) * _unit(angle)
        headings = angle + np.pi + np.cumsum(rng.normal(0, 0.5, 8))
        points = start + 0.022 * np.cumsum(_unit(headings), axis=0)
        cv2.polylines(layer, [(points * side * 8).astype(np.int32)], False, 1.0, 1, cv2.LINE_AA, 3)
    return soften(layer, 0.0028 * side) * np.float32(1.25)


def _unit(angle: float | FloatArray) -> FloatArray:
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1, dtype=np.float64)


def _raise(rng: np.random.Generator, image: Field, *, lesion: Lesion) -> None:
    """Shade a nodule as light from one side does: bright slope, dark slope."""
    traits = lesion.traits
    height = min(1.0, 0.5 * traits.gloss + 0.45 * traits.openings + 0.5 * traits.keratin)
    dome = soften(np.maximum(1 - lesion.depth, 0) ** np.float32(0.6), 0.02 * image.shape[0])
    angle = rng.uniform(0, 2 * np.pi)
    slope = math.cos(angle) * cv2.Sobel(dome, cv2.CV_32F, 1, 0) + math.sin(angle) * cv2.Sobel(
        dome, cv2.CV_32F, 0, 1
    )
    scale = 0.14 * height * traits.radius * image.shape[0] / 8
    image *= np.clip(1 + scale * slope, 0.75, 1.25)[..., None].astype(np.float32)
