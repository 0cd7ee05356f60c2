"""Hair that lies over skin, lesion and ink alike."""

from dataclasses import dataclass

import cv2
import numpy as np

from gsal.synthetic.frame import Field
from gsal.synthetic.settings import SceneSettings

__all__ = ["Hair", "draw_hair"]

_OPACITY = np.float32(0.85)


@dataclass(frozen=True, slots=True, eq=False)
class Hair:
    """Hair on the canvas.

    Attributes:
        cover: (S, S) how much of each pixel it covers; None for no hair.
        colour: (3,) in [0, 1].
    """

    cover: Field | None
    colour: Field

    def over(self, image: Field) -> Field:
        """Return the image, (S, S, 3), with the hair over it."""
        if self.cover is None:
            return image
        alpha = (_OPACITY * self.cover)[..., None]
        return np.asarray(image + alpha * (self.colour - image), np.float32)


def draw_hair(rng: np.random.Generator, settings: SceneSettings) -> Hair:
    """Draw the hair of one scene: none, or a few bent hairs that mostly lie the same way."""
    side = settings.canvas_px
    colour = np.array([0.20, 0.14, 0.10], np.float32) * np.float32(rng.uniform(0.4, 1.6))
    if rng.random() >= settings.hair_share:
        return Hair(None, colour)
    cover = np.zeros((side, side), np.float32)
    lie = rng.uniform(0, 2 * np.pi)
    for _ in range(int(rng.integers(3, 16))):
        length = rng.uniform(0.12, 0.45)
        along = np.linspace(0, length, 14)
        heading = lie + rng.normal(0, 0.7) + rng.normal(0, 1.8) * along
        steps = np.column_stack([np.cos(heading), np.sin(heading)]) * along[1]
        points = np.round((rng.random(2) + np.cumsum(steps, axis=0)) * side * 8).astype(np.int32)
        cv2.polylines(cover, [points], False, rng.uniform(0.4, 0.85), 1, cv2.LINE_AA, 3)
    return Hair(cover, colour)
