"""The camera: light, exposure, white balance, blur, noise and JPEG, the same for both twins of a scene."""

import io
import math
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from gsal.arrays import Mask, RgbImage
from gsal.synthetic.frame import Field, coordinates, soften
from gsal.synthetic.settings import SceneSettings

__all__ = ["VISIBLE_INK", "Camera", "set_up_camera"]

VISIBLE_INK = 0.25
"""A pixel of the finished picture is ink when at least this share of its light is the ink's."""

_SHINE_COLOUR = np.array([1.0, 0.96, 0.92], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """A camera set up in front of a scene.

    Attributes:
        light: (size, size, 3) illumination times exposure times white balance.
        blur_px: Standard deviation of the lens on the canvas.
        noise: (size, size, 3) added by the sensor.
        jpeg_quality: Of the stored file; None for none.
    """

    light: Field
    blur_px: float
    noise: Field
    jpeg_quality: int | None

    def photograph(self, scene: Field, *, shine: Field) -> RgbImage:
        """Take a picture of a canvas (S, S, 3) and the light its surface mirrors (S, S)."""
        seen = self._seen(scene + shine[..., None] * _SHINE_COLOUR)
        pixels = np.clip(seen * self.light + self.noise, 0, 1)
        picture: RgbImage = np.round(pixels * 255).astype(np.uint8)
        return picture if self.jpeg_quality is None else _through_jpeg(picture, self.jpeg_quality)

    def mask(self, share: Field, *, threshold: float = VISIBLE_INK) -> Mask:
        """Return where in the picture, (size, size) bool, a canvas layer has at least `threshold`."""
        return np.asarray(self._seen(share) >= threshold, np.bool_)

    def _seen(self, canvas: Field) -> Field:
        size = self.light.shape[:2]
        return np.asarray(cv2.resize(soften(canvas, self.blur_px), size, interpolation=cv2.INTER_AREA))


def set_up_camera(rng: np.random.Generator, settings: SceneSettings) -> Camera:
    """Set up a camera and the light: brighter on one side, darker toward the corners."""
    size = settings.size
    x, y = coordinates(size)
    x, y = x - np.float32(0.5), y - np.float32(0.5)
    angle = rng.uniform(0, 2 * np.pi)
    falloff = rng.uniform(0, 0.35) * (math.cos(angle) * x + math.sin(angle) * y) - rng.uniform(0, 0.45) * (
        x**2 + y**2
    )
    balance = rng.uniform(0.82, 1.07) * (1 + rng.normal(0, 0.035, 3))
    blur_px = rng.uniform(0.0014, 0.0061) * settings.canvas_px
    sensor = rng.standard_normal((size, size, 3), dtype=np.float32) * np.float32(rng.uniform(0.004, 0.018))
    drawn = rng.random()
    quality = None
    if settings.jpeg_quality is not None:
        low, high = settings.jpeg_quality
        quality = low + int(drawn * (high - low + 1))
    return Camera(((1 + falloff)[..., None] * balance).astype(np.float32), blur_px, sensor, quality)


def _through_jpeg(picture: RgbImage, quality: int) -> RgbImage:
    """Store and read again with full colour resolution: 4:2:0 destroys pen colour in small pictures."""
    stored = io.BytesIO()
    Image.fromarray(picture).save(stored, format="JPEG", quality=quality, subsampling=0)
    with Image.open(stored) as image:
        return np.asarray(image, np.uint8).copy()
