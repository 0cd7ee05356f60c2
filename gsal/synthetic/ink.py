"""Ink on skin: which pen was taken, how its strokes cover the canvas, and their colour over the skin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np

from gsal.synthetic.frame import Field, noise, soften
from gsal.synthetic.lesion import Lesion
from gsal.synthetic.pens import Site, Stroke, draw_mark
from gsal.synthetic.settings import PenColour, PenKind, SceneSettings
from gsal.synthetic.skin import Skin

__all__ = ["Pen", "choose_pen", "ink_over", "lay_ink", "rasterised", "weighted"]

Choice = TypeVar("Choice")

_PIGMENT = {
    PenColour.PURPLE: (0.33, 0.16, 0.46),
    PenColour.BLUE: (0.16, 0.25, 0.58),
    PenColour.BLACK: (0.11, 0.11, 0.14),
    PenColour.GREEN: (0.10, 0.38, 0.29),
}
_SUBPIXEL_BITS = 3
_LEAST_UPTAKE, _MOST_UPTAKE = 0.5, 1.25
_MOST_OPAQUE = 0.96


@dataclass(frozen=True, slots=True)
class Pen:
    """The pen of one scene: what it draws, and its colour by name and as RGB in [0, 1]."""

    kind: PenKind
    colour: PenColour
    rgb: tuple[float, float, float]


def choose_pen(rng: np.random.Generator, settings: SceneSettings) -> Pen:
    """Choose a pen; the first thing that is drawn from a scene's stream of ink."""
    kind, colour = weighted(rng, settings.kinds), weighted(rng, settings.colours)
    shade = np.array(_PIGMENT[colour]) * rng.uniform(0.75, 1.3) + rng.normal(0, 0.02, 3)
    red, green, blue = np.clip(shade, 0.03, 0.8).tolist()
    return Pen(kind, colour, (red, green, blue))


def lay_ink(
    rng: np.random.Generator,
    pen: Pen,
    *,
    skin: Skin,
    lesion: Lesion,
    settings: SceneSettings,
    broader: float = 1.0,
) -> Field:
    """Draw one mark beside the lesion and let the skin take it up.

    Args:
        rng: Source of randomness.
        pen: Says what is drawn.
        skin: Its furrows hold more ink than its ridges.
        lesion: The mark is set around it.
        settings: `stroke_width`, `bleed` and `opacity` count here.
        broader: Factor on the width of the stroke.

    Returns:
        (S, S) float32: the share of each pixel's light that is the ink's, 0 to .96.
    """
    side = skin.relief.shape[0]
    width = rng.uniform(*settings.stroke_width) * broader
    reach = lesion.traits.radius * rng.uniform(1.25, 1.75) + 0.03
    strokes = draw_mark(rng, pen.kind, site=Site(lesion.centre, reach, width))
    covered = soften(rasterised(strokes, side), rng.uniform(*settings.bleed) * side)
    uptake = (
        1 + 0.22 * noise(rng, side, cells=12) + 0.14 * noise(rng, side, cells=side // 3) - 4 * skin.relief
    )
    strength = rng.uniform(*settings.opacity)
    return np.asarray(
        np.clip(strength * covered * np.clip(uptake, _LEAST_UPTAKE, _MOST_UPTAKE), 0, _MOST_OPAQUE),
        np.float32,
    )


def ink_over(image: Field, ink: Field, *, pen: Pen, tone: float) -> Field:
    """Return the image, (S, S, 3), with ink on it; where `ink` is 0 it is the same to the last bit."""
    brightness = (image @ np.full(3, 1 / 3, np.float32))[..., None]
    shading = 0.75 + 0.25 * brightness / max(0.2, float(brightness.mean()))
    colour = np.array(pen.rgb, np.float32) * shading * np.float32(1 - 0.35 * tone)
    alpha = ink[..., None]
    return np.asarray(image + alpha * (colour - image), np.float32)


def rasterised(strokes: Sequence[Stroke], side: int) -> Field:
    """Return how far each pixel of a canvas is covered by strokes, (side, side) float32 in [0, 1]."""
    canvas = np.zeros((side, side), np.float32)
    for stroke in strokes:
        points = np.round(stroke.points * side * (1 << _SUBPIXEL_BITS)).astype(np.int32)
        if stroke.width == 0:
            cv2.fillPoly(canvas, [points], 1.0, cv2.LINE_AA, _SUBPIXEL_BITS)
        else:
            width = max(1, round(stroke.width * side))
            cv2.polylines(canvas, [points], False, 1.0, width, cv2.LINE_AA, _SUBPIXEL_BITS)
    return canvas


def weighted(rng: np.random.Generator, weights: Mapping[Choice, float]) -> Choice:
    """Draw one of the keys by their probabilities."""
    index = int(rng.choice(len(weights), p=list(weights.values())))
    return list(weights)[index]
