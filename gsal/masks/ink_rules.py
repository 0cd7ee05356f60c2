"""Three rules that propose an ink mask by hue and intensity (paper, appendix A.3; SPEC 2)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask, RgbImage
from gsal.masks.skin import SkinLocus, fit_locus, local_level
from gsal.masks.strokes import (
    StrokeShape,
    disc,
    joined,
    otsu,
    strokes_of,
    thick_parts,
    without_hairs,
)
from gsal.masks.surroundings import OnSkin, parts_on_skin
from gsal.records import InkRule

__all__ = ["InkSettings", "propose"]

Plane = npt.NDArray[np.float32]
Planes = tuple[Plane, Plane, Plane]
_BLACK_HAT_WIDTHS = (0.045, 0.075)  # of the long side
_RED_WEIGHTS = np.array([[0.8, 0.1, 0.1]], np.float32)


@dataclass(frozen=True, slots=True)
class InkSettings:
    """What may be set about the rules.

    Attributes:
        sensitivity: Above 1 fainter ink is taken too (and more that is not ink); it divides the thresholds.
        max_pen_width: Of a stroke, as a fraction of the picture's long side; wider is lesion or cloth.
        min_area: Of a stroke, as a fraction of the picture's area.
    """

    sensitivity: float = 1.0
    max_pen_width: float = 0.10
    min_area: float = 2e-4

    def __post_init__(self) -> None:
        if not 0 < self.sensitivity < float("inf"):
            raise ValueError(f"sensitivity must be above 0, got {self.sensitivity}")
        if not 0 < self.max_pen_width <= 1:
            raise ValueError(f"max_pen_width must be in (0, 1], got {self.max_pen_width}")


def propose(image: RgbImage, *, settings: InkSettings = InkSettings()) -> dict[InkRule, Mask]:
    """Propose three ink masks by three distinct procedures; a reviewer picks the best one.

    - hue: an absolute hue band, green over blue to violet, with enough saturation and darker than skin.
    - lab: distance in CIELAB from this picture's own skin, toward blue and green only; Otsu with a floor.
    - dark: narrow dark strokes in a red-weighted log intensity (black-hat); it finds black pen.

    All lengths are fractions of the long side, so any size works; they were made at 448 to 1024 pixels.

    Args:
        image: (H, W, 3) uint8, upright sRGB.
        settings: See `InkSettings`.

    Returns:
        For each rule a mask (H, W) bool, in the order hue, lab, dark.
    """
    scene = _Scene(image)
    rules = {InkRule.HUE: _hue, InkRule.LAB: _lab, InkRule.DARK: _dark}
    return {rule: _on_skin(find(scene, settings), scene, settings) for rule, find in rules.items()}


class _Scene:
    """A picture and what several rules ask about it, each computed once."""

    def __init__(self, image: RgbImage) -> None:
        self.long_side = max(image.shape[:2])
        self.rgb = cv2.medianBlur(np.ascontiguousarray(image), 3).astype(np.float32) / 255

    @cached_property
    def hsv(self) -> Planes:
        return _split(cv2.cvtColor(self.rgb, cv2.COLOR_RGB2HSV))

    @cached_property
    def lab(self) -> Planes:
        return _split(cv2.cvtColor(self.rgb, cv2.COLOR_RGB2LAB))

    @cached_property
    def skin(self) -> SkinLocus:
        return fit_locus(*self.lab)


def _on_skin(region: Mask, scene: _Scene, settings: InkSettings) -> Mask:
    lightness, _, yellow = scene.lab
    limits = OnSkin(yellow_drop=OnSkin().yellow_drop / settings.sensitivity)
    return parts_on_skin(region, lightness, yellow, skin=scene.skin.lightness, limits=limits)


def _hue(scene: _Scene, settings: InkSettings) -> Mask:
    """Green to violet with enough saturation; dilute violet leans to magenta and must be clearly dark."""
    hue, saturation, value = scene.hsv
    saturation = saturation * np.float32(settings.sensitivity)
    relative = value / np.maximum(local_level(value), 0.05)
    cold = (hue >= 70) & (hue <= 346)
    band = cold & (hue <= 330) & (value >= 0.08) & (value <= 0.85)
    strong = band & (saturation >= 0.23) & (relative < 0.92)
    strong |= cold & (hue > 260) & (saturation >= 0.10) & (relative < 0.80)
    weak = band & (saturation >= 0.12) & (relative < 1.0)
    weak |= cold & (saturation >= 0.07) & (relative < 0.92)
    thick = _too_thick(cold & (saturation >= 0.12), scene, settings)
    return strokes_of(joined(strong, weak) & ~thick, _shape(settings))


def _lab(scene: _Scene, settings: InkSettings) -> Mask:
    """Less yellow or less red than this skin would be at that lightness; more red is erythema, not ink."""
    lightness, a, b = scene.lab
    skin = scene.skin
    score: Plane = np.maximum(-skin.residual_b, 0) + np.float32(0.8) * np.maximum(-skin.residual_a - 2, 0)
    # what is very dark loses chroma by optics (lesion, hair): it must be cold in itself too
    is_warm = (b >= 0.45 * skin.b) & (a >= min(-4.0, 0.1 * skin.a - 4.0))
    score[is_warm] = 0
    threshold = _lab_threshold(score, skin.residual_b) / settings.sensitivity
    weak = score > 0.55 * threshold
    is_darker = lightness < 0.965 * local_level(lightness, high=100)
    inked = joined(score > threshold, weak & is_darker)
    thick = _too_thick(weak | (lightness < 0.62 * skin.lightness), scene, settings)
    return strokes_of(inked & ~thick, _shape(settings))


def _lab_threshold(score: Plane, residual_b: Plane) -> float:
    threshold = max(7.5, 5 * _spread(residual_b)[1])
    positive = score[score > threshold / 2]
    if positive.size > 50:
        threshold = max(threshold, min(0.67 * otsu(score, high=60), 18))
    return threshold


def _dark(scene: _Scene, settings: InkSettings) -> Mask:
    """Darker than its surroundings in red, where melanin and blood are bright, and less yellow than skin."""
    s = scene.long_side
    value: Plane = cv2.transform(scene.rgb, _RED_WEIGHTS).astype(np.float32, copy=False)
    level = np.log(np.maximum(local_level(value), 0.03))
    tone = np.minimum(np.log(np.maximum(value, 0.02)), level + 0.05)  # glare is cut at the level of skin
    depth = _depth_of_strokes(tone, long_side=s)
    median, spread = _spread(depth)
    threshold = max(0.18, median + 4.2 * spread, 0.62 * otsu(depth, high=2.0)) / settings.sensitivity
    b = scene.lab[2]
    skin_b = float(np.median(b[::2, ::2]))
    inked = joined((depth > threshold) & (b < 0.75 * skin_b), (depth > 0.55 * threshold) & (b < 0.9 * skin_b))
    inked = without_hairs(inked, hair_half_width_px=0.0035 * s)
    thick = thick_parts(tone < level - 0.22, width_px=0.85 * settings.max_pen_width * s, grow_px=0.012 * s)
    return strokes_of(inked & ~thick, _shape(settings, thinner=0.75))


def _depth_of_strokes(tone: Plane, *, long_side: int) -> Plane:
    """Black-hat at two scales; the closing runs at half size: a sixteenth of the cost."""
    height, width = tone.shape
    half = cv2.resize(tone, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    closed = [cv2.morphologyEx(half, cv2.MORPH_CLOSE, disc(k * long_side / 4)) for k in _BLACK_HAT_WIDTHS]
    surroundings = cv2.resize(np.maximum(*closed), (width, height), interpolation=cv2.INTER_LINEAR)
    depth: Plane = np.maximum(surroundings - tone, 0)
    return depth


def _split(picture: npt.NDArray[Any]) -> Planes:
    return cast(Planes, tuple(cv2.split(picture)))


def _spread(values: Plane) -> tuple[float, float]:
    """Give the median and the robust standard deviation, from every fourth pixel."""
    sample = values[::2, ::2]
    median = float(np.median(sample))
    return median, 1.4826 * float(np.median(np.abs(sample - median)))


def _too_thick(region: Mask, scene: _Scene, settings: InkSettings) -> Mask:
    s = scene.long_side
    return thick_parts(region, width_px=settings.max_pen_width * s, grow_px=0.02 * s)


def _shape(settings: InkSettings, *, thinner: float = 1.0) -> StrokeShape:
    half_width = 0.6 * thinner * settings.max_pen_width
    return StrokeShape(settings.min_area, max_area=0.25, max_half_width=half_width, max_border=0.30)
