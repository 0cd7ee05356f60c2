"""What a doctor draws around a lesion, as strokes: dots, circles, lines and arrows, crosses, letters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from gsal.arrays import FloatArray
from gsal.synthetic.settings import PenKind

__all__ = ["Site", "Stroke", "draw_mark"]

_MARGIN = 0.05

_GLYPHS: Mapping[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "A": (((0.0, 1.0), (0.5, 0.0), (1.0, 1.0)), ((0.2, 0.6), (0.8, 0.6))),
    "B": (((0, 1), (0, 0), (0.7, 0.1), (0.7, 0.4), (0, 0.5), (0.8, 0.6), (0.8, 0.95), (0, 1)),),
    "C": (((0.9, 0.1), (0.4, 0), (0, 0.5), (0.4, 1), (0.9, 0.9)),),
    "L": (((0, 0), (0, 1), (0.8, 1)),),
    "M": (((0, 1), (0, 0), (0.5, 0.6), (1, 0), (1, 1)),),
    "R": (((0, 1), (0, 0), (0.8, 0.1), (0.8, 0.4), (0, 0.5), (0.9, 1)),),
    "T": (((0, 0), (1, 0)), ((0.5, 0), (0.5, 1))),
    "1": (((0.2, 0.2), (0.5, 0), (0.5, 1)),),
    "2": (((0, 0.2), (0.5, 0), (0.9, 0.3), (0, 1), (1, 1)),),
    "3": (((0, 0), (0.9, 0), (0.4, 0.4), (0.9, 0.7), (0.4, 1), (0, 0.9)),),
    "4": (((0.7, 1), (0.7, 0), (0, 0.7), (1, 0.7)),),
}
"""Letters and digits as polylines in a box of 1 x 1, y downward."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pen works; lengths in picture widths.

    Attributes:
        centre: Of the lesion, x and y.
        reach: Distance from the centre at which marks are set, outside of the lesion.
        width: Of the pen's stroke.
    """

    centre: tuple[float, float]
    reach: float
    width: float


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One stroke.

    Attributes:
        points: (n, 2) x and y in picture widths.
        width: Of the line in picture widths; 0 for a filled outline.
    """

    points: FloatArray
    width: float


def draw_mark(rng: np.random.Generator, kind: PenKind, *, site: Site) -> list[Stroke]:
    """Draw one mark near the lesion; the strokes may leave the picture, as real ones do."""
    return _MARKS[kind](rng, site)


def _dots(rng: np.random.Generator, site: Site) -> list[Stroke]:
    count = int(rng.integers(2, 6))
    start = rng.uniform(0, 2 * np.pi)
    angles = start + 2 * np.pi * np.arange(count) / count + rng.normal(0, 0.25, count)
    return [_dot(rng, _around(rng, site, angle, (0.95, 1.25)), site.width) for angle in angles]


def _dot(rng: np.random.Generator, centre: FloatArray, width: float) -> Stroke:
    around = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    outline = _on_circle(around) * [rng.uniform(0.7, 1.15), rng.uniform(0.6, 1.0)] * width
    return Stroke(centre + _turned(outline, rng.uniform(0, np.pi)), 0.0)


def _circle(rng: np.random.Generator, site: Site) -> list[Stroke]:
    start, extent = rng.uniform(0, 2 * np.pi), rng.uniform(4.6, 6.9)
    oval = rng.uniform(0.85, 1.15)
    ring = _on_circle(np.linspace(start, start + extent, 48)) * site.reach * [oval, 1 / oval]
    points = _by_hand(rng, np.array(site.centre) + ring, 0.012)
    if rng.random() < 0.3:
        return [Stroke(points[first : first + 4], site.width) for first in range(0, 44, 6)]
    return [Stroke(points, site.width)]


def _lines(rng: np.random.Generator, site: Site) -> list[Stroke]:
    strokes: list[Stroke] = []
    for _ in range(int(rng.integers(1, 4))):
        outward = rng.uniform(0, 2 * np.pi)
        direction = outward + (0.0 if rng.random() < 0.6 else np.pi / 2)
        tip = _around(rng, site, outward, (0.95, 1.2))
        strokes.append(_segment(rng, tip, rng.uniform(0.10, 0.22), direction, site.width))
        if rng.random() < 0.35:  # an arrow
            barbs = (direction + 0.5, direction - 0.5)
            strokes += [_segment(rng, tip, 0.06, barb, site.width, shake=0.002) for barb in barbs]
    return strokes


def _crosses(rng: np.random.Generator, site: Site) -> list[Stroke]:
    strokes: list[Stroke] = []
    for _ in range(int(rng.integers(1, 3))):
        middle = _around(rng, site, rng.uniform(0, 2 * np.pi), (1.05, 1.35))
        angle, arm = rng.uniform(0, np.pi), rng.uniform(0.04, 0.065)
        for direction in (angle, angle + np.pi / 2):
            tail = middle - arm * _on_circle(direction)
            strokes.append(_segment(rng, tail, 2 * arm, direction, site.width, shake=0.003))
    return strokes


def _letters(rng: np.random.Generator, site: Site) -> list[Stroke]:
    word = rng.choice(list(_GLYPHS), int(rng.integers(1, 4)))
    height = rng.uniform(0.10, 0.15)
    extent = np.array([0.80 * height * len(word), height])
    outward = _on_circle(rng.uniform(0, 2 * np.pi))
    middle = np.array(site.centre) + outward * (site.reach * rng.uniform(0.95, 1.1) + extent / 2)
    origin = np.clip(middle - extent / 2, _MARGIN, 1 - _MARGIN - extent)
    slant = rng.normal(0, 0.15)
    strokes: list[Stroke] = []
    for place, glyph in enumerate(word):
        for corners in _GLYPHS[str(glyph)]:
            points = _densely(np.array(corners, np.float64)) * [0.55 * height, height] + [
                0.80 * height * place,
                0,
            ]
            written = _by_hand(rng, origin + _turned(points, slant), 0.004)
            strokes.append(Stroke(written, 0.7 * site.width))
    return strokes


_MARKS: Mapping[PenKind, Callable[[np.random.Generator, Site], list[Stroke]]] = {
    PenKind.DOTS: _dots,
    PenKind.CIRCLE: _circle,
    PenKind.LINES: _lines,
    PenKind.CROSS: _crosses,
    PenKind.LETTERS: _letters,
}


def _segment(
    rng: np.random.Generator,
    start: FloatArray,
    length: float,
    direction: float,
    width: float,
    *,
    shake: float = 0.006,
) -> Stroke:
    along = np.linspace(0, length, 14)[:, None] * _on_circle(direction)
    return Stroke(_by_hand(rng, start + along, shake), width)


def _around(rng: np.random.Generator, site: Site, angle: float, share: tuple[float, float]) -> FloatArray:
    """A point beside the lesion, kept within the picture."""
    point = np.array(site.centre) + site.reach * rng.uniform(*share) * _on_circle(angle)
    return np.clip(point, _MARGIN, 1 - _MARGIN)


def _on_circle(angle: float | FloatArray) -> FloatArray:
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1, dtype=np.float64)


def _turned(points: FloatArray, angle: float) -> FloatArray:
    cos, sin = np.cos(angle), np.sin(angle)
    turned: FloatArray = points @ np.array([[cos, sin], [-sin, cos]])
    return turned


def _densely(corners: FloatArray) -> FloatArray:
    """The same polyline with four more points on every side."""
    at = np.arange(len(corners), dtype=np.float64)
    fine = np.linspace(0, len(corners) - 1, 5 * (len(corners) - 1) + 1)
    return np.column_stack([np.interp(fine, at, corners[:, axis]) for axis in (0, 1)])


def _by_hand(rng: np.random.Generator, points: FloatArray, shake: float) -> FloatArray:
    """The points with the slow tremor of a hand, `shake` its standard deviation at the knots."""
    knots = max(3, len(points) // 6)
    tremor = rng.normal(0, shake, (knots, 2))
    at, fine = np.linspace(0, 1, knots), np.linspace(0, 1, len(points))
    return points + np.column_stack([np.interp(fine, at, tremor[:, axis]) for axis in (0, 1)])
