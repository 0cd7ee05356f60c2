"""One scene photographed twice, without ink and with it: a counterfactual pair whose ink is known exactly."""

from dataclasses import dataclass

import numpy as np

from gsal.arrays import Mask, RgbImage
from gsal.masks.area import ink_px
from gsal.synthetic.camera import Camera, set_up_camera
from gsal.synthetic.frame import Field
from gsal.synthetic.hair import Hair, draw_hair
from gsal.synthetic.ink import Pen, choose_pen, ink_over, lay_ink
from gsal.synthetic.lesion import Lesion, draw_lesion, pigmented
from gsal.synthetic.settings import SceneSettings
from gsal.synthetic.skin import Skin, draw_skin, remitted
from gsal.synthetic.surface import paint_surface, shine
from gsal.synthetic.traits import draw_traits

__all__ = ["Twins", "pen_of", "render_twins"]

_BROADER = 1.1


@dataclass(frozen=True, slots=True, eq=False)
class Twins:
    """The two photographs of one scene; they differ by the ink and by nothing else.

    Attributes:
        clean: (size, size, 3) uint8, without ink.
        inked: (size, size, 3) uint8, the same photograph with ink.
        ink: (size, size) bool, where at least a quarter of the light is the ink's, as the lens sees it.
        lesion: (size, size) bool, likewise where at least half is lesion.
        label: Class of the lesion.
        kind: What the pen drew, a `PenKind`.
        colour: Of the pen, a `PenColour`.
    """

    clean: RgbImage
    inked: RgbImage
    ink: Mask
    lesion: Mask
    label: str
    kind: str
    colour: str


@dataclass(frozen=True, slots=True)
class _Streams:
    """Independent sources of randomness: what one of them feeds never changes what another does."""

    skin: np.random.Generator
    lesion: np.random.Generator
    ink: np.random.Generator
    hair: np.random.Generator
    camera: np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """Everything in front of the camera but the ink, and the camera."""

    skin: Skin
    lesion: Lesion
    surface: Field
    shine: Field
    hair: Hair
    camera: Camera

    def photographed(self, surface: Field) -> RgbImage:
        return self.camera.photograph(self.hair.over(surface), shine=self.shine)


def render_twins(index: int, label: str, *, settings: SceneSettings | None = None, seed: int = 0) -> Twins:
    """Photograph scene `index` with and without ink.

    Args:
        index: Number of the scene, from 0; with the seed it decides everything but the class.
        label: Class of the lesion, one of `PREVALENCE`.
        settings: What scenes look like; `SceneSettings()` by default.
        seed: Of the benchmark.

    Returns:
        The pair. The inked twin holds more than `settings.min_ink_px` ink pixels at the reference size.

    Raises:
        GsalError: The generator does not know the class.
    """
    settings = settings or SceneSettings()
    streams = _streams(index, seed)
    scene = _arranged(streams, label, settings=settings)
    pen = choose_pen(streams.ink, settings)
    ink, ink_mask = _visible_ink(streams.ink, pen, scene=scene, settings=settings)
    return Twins(
        clean=scene.photographed(scene.surface),
        inked=scene.photographed(ink_over(scene.surface, ink, pen=pen, tone=scene.skin.tone)),
        ink=ink_mask,
        lesion=scene.camera.mask(scene.lesion.body, threshold=0.5),
        label=label,
        kind=str(pen.kind),
        colour=str(pen.colour),
    )


def pen_of(index: int, *, settings: SceneSettings, seed: int) -> Pen:
    """Return the pen of scene `index` without rendering the scene."""
    return choose_pen(_streams(index, seed).ink, settings)


def _streams(index: int, seed: int) -> _Streams:
    children = np.random.SeedSequence([seed, index]).spawn(5)
    return _Streams(*(np.random.default_rng(child) for child in children))


def _arranged(streams: _Streams, label: str, *, settings: SceneSettings) -> _Scene:
    skin = draw_skin(streams.skin, settings.canvas_px)
    traits = draw_traits(streams.lesion, label, settings=settings)
    lesion = draw_lesion(streams.lesion, settings.canvas_px, traits=traits, roundness=settings.roundness)
    skin = pigmented(streams.lesion, skin, lesion=lesion)
    surface = remitted(skin)
    paint_surface(streams.lesion, surface, lesion=lesion, tone=skin.tone)
    return _Scene(
        skin=skin,
        lesion=lesion,
        surface=surface,
        shine=shine(streams.lesion, lesion),
        hair=draw_hair(streams.hair, settings),
        camera=set_up_camera(streams.camera, settings),
    )


def _visible_ink(
    rng: np.random.Generator, pen: Pen, *, scene: _Scene, settings: SceneSettings
) -> tuple[Field, Mask]:
    """Draw until enough ink lies within the picture, each time with a broader pen, so that it ends."""
    broader = 1.0
    while True:
        ink = lay_ink(rng, pen, skin=scene.skin, lesion=scene.lesion, settings=settings, broader=broader)
        mask = scene.camera.mask(ink)
        if ink_px(mask) > settings.min_ink_px:
            return ink, mask
        broader *= _BROADER
