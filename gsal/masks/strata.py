"""Figures of parts of the pictures: by class, ink colour, stroke width, picture size, start."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from gsal.masks.evaluation import PictureScore
from gsal.masks.figures import DRAWS, Estimate, resample
from gsal.masks.stroke_width import THIN_PX, WIDE_PX

__all__ = ["NO_INK", "STRATUM_METRICS", "Group", "Traits", "by_group", "size_group", "width_group"]

_OVERLAPS = ("dice", "nsd")
STRATUM_METRICS = (*_OVERLAPS, "sensitivity", "specificity")

NO_INK = "no ink"
_NO_CLASS = "no class"
_SIZES = ((448, "up to 448 px"), (1024, "449 to 1024 px"))
_LARGEST = "over 1024 px"
_WIDTHS = (f"thin, < {THIN_PX:g} px", f"medium, < {WIDE_PX:g} px", f"wide, ≥ {WIDE_PX:g} px")


@dataclass(frozen=True, slots=True)
class Traits:
    """What a picture may be grouped by; "" where it is not known.

    Attributes:
        label: Its class.
        colour: Of the ink in the reference mask, or `NO_INK`.
        stroke_width_px: Of the reference mask, in px of 448; NaN without ink.
        long_side_px: Of the picture's file.
        start: What the reference mask began from.
    """

    label: str
    colour: str
    stroke_width_px: float
    long_side_px: int
    start: str


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the pictures.

    Attributes:
        name: For people.
        n: Pictures.
        figures: By metric, of `STRATUM_METRICS`.
    """

    name: str
    n: int
    figures: dict[str, Estimate]


def width_group(width_px: float) -> str:
    """Name a width of strokes in px of 448, which is half-open from below; NaN is no ink.

    >>> width_group(7.9), width_group(8.0), width_group(16.0), width_group(float("nan"))
    ('thin, < 8 px', 'medium, < 16 px', 'wide, ≥ 16 px', 'no ink')
    """
    if width_px != width_px:
        return NO_INK
    return _WIDTHS[(width_px >= THIN_PX) + (width_px >= WIDE_PX)]


def size_group(long_side_px: int) -> str:
    """Name a picture's size: up to where edges are measured, up to where masks are made, larger.

    >>> size_group(300), size_group(1024), size_group(4000)
    ('up to 448 px', '449 to 1024 px', 'over 1024 px')
    """
    return next((name for most, name in _SIZES if long_side_px <= most), _LARGEST)


_GROUPS: dict[str, Callable[[Traits], str]] = {
    "class": lambda traits: traits.label or _NO_CLASS,
    "ink colour": lambda traits: traits.colour,
    "stroke width": lambda traits: width_group(traits.stroke_width_px) if traits.colour else "",
    "picture size": lambda traits: size_group(traits.long_side_px),
    "start": lambda traits: traits.start,
}
_ORDER = (*_WIDTHS, *(name for _, name in _SIZES), _LARGEST)


def by_group(
    pictures: Sequence[PictureScore],
    traits: Sequence[Traits],
    patients: Sequence[str],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Mapping[str, tuple[Group, ...]]:
    """Part pictures in each way, and give the figures of the parts; what is not known is in no part.

    Args:
        pictures: Their scores.
        traits: Of each.
        patients: Whose each is.
        draws: Of the bootstrap.
        seed: Of the draws.
    """
    found = {}
    for by, name_of in _GROUPS.items():
        rows: dict[str, list[int]] = {}
        for row, one in enumerate(traits):
            rows.setdefault(name_of(one), []).append(row)
        rows.pop("", None)
        groups = []
        for name in sorted(rows, key=_place):
            part = rows[name]
            resampled = resample(
                [pictures[row] for row in part],
                [patients[row] for row in part],
                draws=draws,
                seed=seed,
                is_ranked=False,
            )
            figures = {metric: resampled.estimate(metric) for metric in STRATUM_METRICS}
            if name == NO_INK:
                figures |= {metric: _undefined(figures[metric]) for metric in _OVERLAPS}
            groups.append(Group(name, len(part), figures))
        found[by] = tuple(groups)
    return found


def _undefined(estimate: Estimate) -> Estimate:
    """Of pictures without ink, overlap is 0 at each false alarm and undefined else: it says nothing."""
    nan = float("nan")
    return replace(estimate, estimate=nan, low=nan, high=nan, n=0, n_patients=0, undefined=estimate.n)


def _place(name: str) -> tuple[bool, int, str]:
    return name in {NO_INK, _NO_CLASS}, _ORDER.index(name) if name in _ORDER else 0, name
