"""Synthetic ink on a real photograph: its mask is exact, and the picture the user's own."""

import numpy as np

from gsal.arrays import Mask, RgbImage
from gsal.synthetic.frame import Field, noise, soften
from gsal.synthetic.ink import rasterised, weighted
from gsal.synthetic.pens import Site, Stroke, draw_mark
from gsal.synthetic.settings import PenKind

__all__ = ["paste_ink"]

# What a pen lets through of the light that skin sends back, in red, green and blue, where it is thick.
_TRANSMITTANCE = {
    "violet": (0.42, 0.36, 0.72),
    "blue": (0.30, 0.52, 0.95),
    "black": (0.22, 0.24, 0.30),
    "green": (0.28, 0.72, 0.62),
    "red": (0.92, 0.30, 0.38),
}
_PENS = {"violet": 0.46, "blue": 0.24, "black": 0.16, "green": 0.09, "red": 0.05}
_KINDS = {
    PenKind.CIRCLE: 0.34,
    PenKind.LINES: 0.26,
    PenKind.DOTS: 0.2,
    PenKind.CROSS: 0.08,
    PenKind.LETTERS: 0.12,
}
_WIDTH = (0.008, 0.06)  # of the long side, log-uniform
_THICKNESS = (0.2, 1.25)  # of the layer of ink, log-uniform; it is the exponent of the transmittance
_DRYNESS = (0.1, 0.6)  # of the pen: how much the layer varies from spot to spot
_EDGE = 0.4  # share of a pixel that the pen covers where a person would draw the edge


def paste_ink(picture: RgbImage, rng: np.random.Generator) -> tuple[RgbImage, Mask]:
    """Draw one to three marks of one pen on a photograph.

    The light that the skin sends back is filtered by the layer of ink (Beer-Lambert), so that texture, hair
    and shading go on beneath it.

    Args:
        picture: (H, W, 3) uint8, upright sRGB; it is not changed.
        rng: Source of what is drawn, where, and with which pen.

    Returns:
        The picture with ink, and its ink (H, W) bool.
    """
    height, width = picture.shape[:2]
    side = max(height, width)
    covered = _covered(rng, side)[:height, :width]
    dryness = rng.uniform(*_DRYNESS)
    uptake = 1 + 0.3 * noise(rng, side, cells=10) + dryness * noise(rng, side, cells=max(2, side // 4))
    layer = covered * np.clip(uptake[:height, :width], 0.15, 1.4) * np.float32(_log_uniform(rng, _THICKNESS))
    shade = np.array(_TRANSMITTANCE[weighted(rng, _PENS)]) * rng.uniform(0.8, 1.2, 3) * rng.uniform(0.85, 1.1)
    absorbed = np.log(np.clip(shade, 0.05, 1.0)).astype(np.float32)
    seen = picture * np.exp(layer[..., None] * absorbed)
    return np.round(seen).astype(np.uint8), covered >= _EDGE


def _covered(rng: np.random.Generator, side: int) -> Field:
    """The share of each pixel that the pen went over, (side, side), blurred as ink runs into skin."""
    width = _log_uniform(rng, _WIDTH)
    strokes: list[Stroke] = []
    for _ in range(int(rng.integers(1, 4))):
        centre = (float(rng.uniform(0.2, 0.8)), float(rng.uniform(0.2, 0.8)))
        site = Site(centre, float(rng.uniform(0.08, 0.42)), width)
        strokes += draw_mark(rng, weighted(rng, _KINDS), site=site)
    bleed = rng.uniform(0.05, 0.3) * width * side
    return np.clip(soften(rasterised(strokes, side), bleed), 0, 1)


def _log_uniform(rng: np.random.Generator, bounds: tuple[float, float]) -> float:
    return float(np.exp(rng.uniform(*np.log(bounds))))
