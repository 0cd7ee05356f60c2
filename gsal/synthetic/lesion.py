"""The body of a lesion: where it lies, how its outline runs, and what it adds to the pigment of the skin."""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from gsal.synthetic.frame import Field, coordinates, noise, sigmoid
from gsal.synthetic.skin import Skin
from gsal.synthetic.traits import Traits

__all__ = ["Lesion", "draw_lesion", "pigmented"]

_HARMONICS = 6
_ANGLES = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Lesion:
    """A lesion on the canvas.

    Attributes:
        traits: What it looks like.
        centre: (2,) x and y in picture widths.
        depth: (S, S) distance from the centre in units of the outline: below 1 is inside.
        body: (S, S) how much of each pixel is lesion, 0 to 1.
    """

    traits: Traits
    centre: tuple[float, float]
    depth: Field
    body: Field


def draw_lesion(rng: np.random.Generator, side: int, *, traits: Traits, roundness: float) -> Lesion:
    """Place a lesion near the middle of a canvas of side x side pixels and draw its outline."""
    centre = (0.5 + rng.uniform(-0.10, 0.10), 0.5 + rng.uniform(-0.10, 0.10))
    x, y = coordinates(side)
    ragged = 0.06 * traits.irregularity
    dx = x - np.float32(centre[0]) + ragged * noise(rng, side, cells=7)
    dy = y - np.float32(centre[1]) + ragged * noise(rng, side, cells=7)
    turn, stretch = rng.uniform(0, np.pi), 0.45 * traits.elongation
    along = (math.cos(turn) * dx + math.sin(turn) * dy) * (1 - stretch)
    across = (math.cos(turn) * dy - math.sin(turn) * dx) * (1 + stretch)
    distance, angle = cv2.cartToPolar(along.astype(np.float32), across.astype(np.float32))
    profile = _radius_profile(rng, irregularity=traits.irregularity, roundness=roundness)
    steps = (angle * np.float32(_ANGLES / (2 * np.pi))).astype(np.intp) % _ANGLES
    depth = distance / (np.float32(traits.radius) * profile[steps])
    body = sigmoid((1 - depth) * np.float32(2.2 / traits.softness))
    return Lesion(traits, centre, depth.astype(np.float32), body)


def pigmented(rng: np.random.Generator, skin: Skin, *, lesion: Lesion) -> Skin:
    """Return the skin with the lesion's pigment and blood in it, its furrows smoothed."""
    side, traits, body = skin.melanin.shape[0], lesion.traits, lesion.body
    broad, middle, grain = (noise(rng, side, cells=cells) for cells in (9, 14, 36))
    patches = np.clip(1 + traits.variegation * (0.55 * broad + 0.25 * middle + 0.18 * grain), 0.05, 2.4)
    redness = np.clip(1 + 0.35 * traits.variegation * middle, 0.1, 2)
    pigment = traits.melanin * patches + 0.08 * max(traits.melanin, 0.1) * grain
    return replace(
        skin,
        melanin=(skin.melanin + body * pigment).astype(np.float32),
        blood=(skin.blood + traits.blood * body * redness).astype(np.float32),
        relief=(skin.relief * (1 - 0.5 * body)).astype(np.float32),
    )


def _radius_profile(rng: np.random.Generator, *, irregularity: float, roundness: float) -> Field:
    """Relative radius of the outline over _ANGLES equal steps of angle, a short random Fourier series."""
    angles = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)
    profile = np.ones(_ANGLES)
    for order in range(1, _HARMONICS + 1):
        amplitude = 0.75 * irregularity * rng.standard_normal() / (order + 0.5) ** roundness
        profile += amplitude * np.cos(order * angles + rng.uniform(0, 2 * np.pi))
    return np.clip(profile, 0.35, 1.8).astype(np.float32)
