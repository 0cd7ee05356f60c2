"""What a synthetic photograph may look like: every number a benchmark may want to turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["PenColour", "PenKind", "SceneSettings"]


class PenKind(StrEnum):
    """What the pen drew."""

    DOTS = "dots"
    CIRCLE = "circle"
    LINES = "lines"
    CROSS = "cross"
    LETTERS = "letters"


class PenColour(StrEnum):
    """Colour of the skin marker; purple is gentian violet."""

    PURPLE = "purple"
    BLUE = "blue"
    BLACK = "black"
    GREEN = "green"


def _kinds() -> dict[PenKind, float]:
    return {
        PenKind.DOTS: 0.25,
        PenKind.CIRCLE: 0.27,
        PenKind.LINES: 0.18,
        PenKind.CROSS: 0.12,
        PenKind.LETTERS: 0.18,
    }


def _colours() -> dict[PenColour, float]:
    return {PenColour.PURPLE: 0.45, PenColour.BLUE: 0.22, PenColour.BLACK: 0.18, PenColour.GREEN: 0.15}


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """Settings of the generator; lengths are fractions of the picture's width, ranges are (low, high).

    The defaults show the planted bias in a network that works at 64 px: strokes are wide enough to survive
    there, and JPEG keeps full colour resolution (4:2:0 destroys pen colour at that size).

    Attributes:
        size: Side of the finished picture in pixels.
        supersampling: The scene is painted at `size` times this, then averaged down.
        difficulty: How far all classes are drawn toward their common mean, 0 (not at all) to 1 (the same).
        confusion: Share of lesions that look like another class: no classifier exceeds 1 minus it.
        spread: Scale of the variation within a class.
        roundness: Decay of an outline's harmonics; larger is rounder.
        hair_share: Share of pictures with hair on them.
        kinds: Probability of each kind of mark; they sum to 1.
        colours: Probability of each pen colour; they sum to 1.
        stroke_width: Of the pen.
        opacity: Of the ink where the pen covers the skin wholly.
        bleed: Standard deviation by which ink runs into the skin.
        min_ink_px: Least ink of an inked picture at the reference size of 224 px (SPEC 1).
        jpeg_quality: Of the round trip through JPEG (4:4:4), both ends included; None for no JPEG.
    """

    size: int = 128
    supersampling: int = 2
    difficulty: float = 0.25
    confusion: float = 0.20
    spread: float = 0.6
    roundness: float = 0.9
    hair_share: float = 0.35
    kinds: Mapping[PenKind, float] = field(default_factory=_kinds)
    colours: Mapping[PenColour, float] = field(default_factory=_colours)
    stroke_width: tuple[float, float] = (0.022, 0.040)
    opacity: tuple[float, float] = (0.50, 0.92)
    bleed: tuple[float, float] = (0.0016, 0.0062)
    min_ink_px: float = 150.0
    jpeg_quality: tuple[int, int] | None = (70, 95)

    @property
    def canvas_px(self) -> int:
        """Side in pixels of the canvas that the scene is painted on."""
        return self.size * self.supersampling
