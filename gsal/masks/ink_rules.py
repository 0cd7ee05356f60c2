"""Three rules that propose an ink mask by hue and intensity (paper, appendix A.3; SPEC 2)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import cv2
import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask, RgbImage
from gsal.masks.picked_ink import PickedInk
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
_HUE_BAND = 0.7  # tangent of 35 degrees


@dataclass(frozen=True, slots=True)
class InkSettings:
    """What may be set about the rules.

    Attributes:
        sensitivity: Above 1 fainter ink is taken too (and more that is not ink); it divides the thresholds.
        max_pen_width: Of a stroke, as a fraction of the picture's long side; wider is lesion or cloth.
        min_area: Of a stroke, as a fraction of the picture's area.
        ink_colour: sRGB of ink as somebody picked it from a picture: only ink like that is looked for, red
            and brown pens too, which the rules otherwise leave to lesions. None looks for any blue, violet,
            green or dark pen.
    """

    sensitivity: float = 1.0
    max_pen_width: float = 0.10
    min_area: float = 2e-4
    ink_colour: tuple[int, int, int] | None = None

    def __post_init__(self) -> None:
        if not 0 < self.sensitivity < float("inf"):
            raise ValueError(f"sensitivity must be above 0, got {self.sensitivity}")
        if not 0 < self.max_pen_width <= 1:
            raise ValueError(f"max_pen_width must be in (0, 1], got {self.max_pen_width}")
        colour = self.ink_colour
        if colour is not None and [0 <= part <= 255 for part in colour] != [True] * 3:
            raise ValueError(f"ink_colour must be three numbers from 0 to 255, got {colour}")


def propose(image: RgbImage, *, settings: InkSettings = InkSettings()) -> dict[InkRule, Mask]:
    """Propose three ink masks by three distinct procedures; a reviewer picks the best one.

    - hue: an absolute hue band, green over blue to violet, with enough saturation and darker than skin.
    - lab: distance in CIELAB from this picture's own skin, toward blue and green only; Otsu with a floor.
    - dark: narrow dark strokes in a red-weighted log intensity (black-hat); it finds black pen.

    With `ink_colour` each looks for that ink instead, on the way from this picture's own skin to it:

    - hue: a band around the ink's hue, seen from skin, with a fixed share of its strength.
    - lab: distance from skin toward the ink and little to its sides; Otsu between a floor and half the way.
    - dark: narrow strokes, dark where the ink is darker than skin, that lie on the way.

    All lengths are fractions of the long side, so any size works; they were made at 448 to 1024 pixels.

    Args:
        image: (H, W, 3) uint8, upright sRGB.
        settings: See `InkSettings`.

    Returns:
        For each rule a mask (H, W) bool, in the order hue, lab, dark.
    """
    scene = _Scene(image)
    if settings.ink_colour is None:
        return {rule: _on_skin(find(scene, settings), scene, settings) for rule, find in _RULES.items()}
    ink = scene.ink(settings.ink_colour)
    return {r: _like_on_skin(find(scene, ink, settings), scene, ink, settings) for r, find in _LIKE.items()}


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

    @cached_property
    def level(self) -> Plane:
        """Lightness of the skin around."""
        return local_level(self.lab[0], high=100)

    def ink(self, colour: tuple[int, int, int]) -> PickedInk:
        """Measure the picture against an ink."""
        return PickedInk.of(colour, lightness=self.lab[0], level=self.level, skin=self.skin)


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
    is_darker = lightness < 0.965 * scene.level
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
    b = scene.lab[2]
    skin_b = float(np.median(b[::2, ::2]))
    return _dark_strokes(scene, settings, _RED_WEIGHTS, strong=b < 0.75 * skin_b, weak=b < 0.9 * skin_b)


def _dark_strokes(
    scene: _Scene, settings: InkSettings, weights: npt.NDArray[np.float32], *, strong: Mask, weak: Mask
) -> Mask:
    """Find narrow strokes that are dark in a weighted log intensity where they may be ink by their colour."""
    s = scene.long_side
    value: Plane = cv2.transform(scene.rgb, weights).astype(np.float32, copy=False)
    level = np.log(np.maximum(local_level(value), 0.03))
    tone = np.minimum(np.log(np.maximum(value, 0.02)), level + 0.05)  # glare is cut at the level of skin
    depth = _depth_of_strokes(tone, long_side=s)
    median, spread = _spread(depth)
    threshold = max(0.18, median + 4.2 * spread, 0.62 * otsu(depth, high=2.0)) / settings.sensitivity
    inked = joined((depth > threshold) & strong, (depth > 0.55 * threshold) & weak)
    inked = without_hairs(inked, hair_half_width_px=0.0035 * s)
    thick = thick_parts(tone < level - 0.22, width_px=0.85 * settings.max_pen_width * s, grow_px=0.012 * s)
    return strokes_of(inked & ~thick, _shape(settings, thinner=0.75))


def _hue_like(scene: _Scene, ink: PickedInk, settings: InkSettings) -> Mask:
    """Seen from skin, a band around the ink's hue; none where the ink has no hue of its own."""
    if not ink.has_hue:
        return np.zeros(ink.along.shape, np.bool_)
    share = ink.hue_share * np.float32(settings.sensitivity)
    strong = (ink.hue_off < _HUE_BAND) & (share > 0.5)
    weak = (ink.hue_off < 1.4 * _HUE_BAND) & (share > 0.42)
    if ink.is_darker:
        strong &= scene.lab[0] < 0.95 * scene.level
        weak &= scene.lab[0] < 0.965 * scene.level
    thick = _too_thick(weak, scene, settings)
    return strokes_of(joined(strong, weak) & ~thick, _shape(settings))


def _lab_like(scene: _Scene, ink: PickedInk, settings: InkSettings) -> Mask:
    """On the way from skin to the ink rather than beside it."""
    score: Plane = np.maximum(ink.along - np.float32(0.8) * ink.across, 0)
    floor = 5 * _spread(ink.along)[1]
    positive = score[score > 0.2]
    cut = 0.67 * otsu(score, high=2.0) if positive.size > 50 else 0.5
    threshold = min(max(floor, 0.3, cut), 0.5) / settings.sensitivity
    weak = score > 0.55 * threshold
    is_darker = scene.lab[0] < 0.965 * scene.level if ink.is_darker else weak
    thick = _too_thick(weak | (scene.lab[0] < 0.62 * scene.skin.lightness), scene, settings)
    return strokes_of(joined(score > threshold, weak & is_darker) & ~thick, _shape(settings))


def _dark_like(scene: _Scene, ink: PickedInk, settings: InkSettings) -> Mask:
    """Narrow strokes, dark in the colours in which the ink is darker than skin, and on the way to it."""
    share = ink.along * np.float32(settings.sensitivity)
    near = ink.across < 0.25 + 0.6 * ink.along
    return _dark_strokes(
        scene, settings, ink.weights, strong=near & (share > 0.35), weak=near & (share > 0.15)
    )


def _like_on_skin(region: Mask, scene: _Scene, ink: PickedInk, settings: InkSettings) -> Mask:
    limits = OnSkin(
        yellow_drop=0.2 / settings.sensitivity,
        lightness_drop=OnSkin().lightness_drop if ink.is_darker else -np.inf,
    )
    # As ink of any colour is less yellow than the skin around it, this ink is further on its own way.
    return parts_on_skin(region, scene.lab[0], -ink.along, skin=scene.skin.lightness, limits=limits)


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


_RULES: dict[InkRule, Callable[[_Scene, InkSettings], Mask]] = {
    InkRule.HUE: _hue,
    InkRule.LAB: _lab,
    InkRule.DARK: _dark,
}
_LIKE: dict[InkRule, Callable[[_Scene, PickedInk, InkSettings], Mask]] = {
    InkRule.HUE: _hue_like,
    InkRule.LAB: _lab_like,
    InkRule.DARK: _dark_like,
}
