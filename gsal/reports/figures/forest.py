"""Estimates with their intervals in rows, several scales side by side: variances, differences, shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gsal.reports.figures.drawing import INK, MUTED, folded, header, header_height, new_figure, quiet, style

__all__ = ["ForestMark", "ForestPanel", "ForestSeries", "forest"]

_WIDTH_IN, _GAP_IN, _RIGHT_IN = 9.0, 0.35, 0.1
_NAME_IN, _LETTER_IN = 2.2, 0.075
"""Widest name of a row, and one of its letters."""

_NAME_LINES = 2
_ROW_IN, _SERIES_IN, _DENSE_IN, _MOST_LOOSE = 0.36, 0.14, 0.095, 8
"""Of a row, of each series in it, and of each of more than so many."""

_SPREAD = 0.6


@dataclass(frozen=True, slots=True)
class ForestMark:
    """An estimate with its interval; NaN is not drawn."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ForestSeries:
    """Marks of one colour, one for each row.

    Attributes:
        name: Of the colour.
        is_hollow: Whether they are diamonds with nothing inside, as a placebo.
    """

    name: str
    marks: tuple[ForestMark, ...]
    is_hollow: bool = False


@dataclass(frozen=True, slots=True)
class ForestPanel:
    """Rows on one scale.

    Attributes:
        title: Above it.
        scale: Beneath it: what the numbers are.
        rows: Their names, and small beneath each what it is of.
        has_zero: Whether zero means something, and has a line.
    """

    title: str
    scale: str
    rows: tuple[tuple[str, str], ...]
    series: tuple[ForestSeries, ...]
    has_zero: bool = True


def forest(panels: Sequence[ForestPanel], palette: Mapping[str, str]) -> Figure:
    """Draw panels side by side, the names of the series above them in their colours.

    Args:
        panels: One or more, each with its own rows and scale.
        palette: Colour by name of a series.
    """
    names = dict.fromkeys(series.name for panel in panels for series in panel.series)
    shown = {name: palette[name] for name in names}
    most = max(len(panel.rows) for panel in panels)
    series = max(len(panel.series) for panel in panels)
    tall = most * max(_ROW_IN, (_SERIES_IN if series <= _MOST_LOOSE else _DENSE_IN) * series + 0.12)
    above = header_height(list(shown), width=_WIDTH_IN - 0.2) + 0.45
    height = above + tall + 0.5
    wide = (_WIDTH_IN - _GAP_IN * (len(panels) - 1)) / len(panels)
    with style():
        figure = new_figure(width=_WIDTH_IN, height=height)
        for column, panel in enumerate(panels):
            left = _left(panel)
            x = column * (wide + _GAP_IN) + left
            down = tall * len(panel.rows) / most
            bottom = 0.5 + tall - down
            axes = figure.add_axes(
                (x / _WIDTH_IN, bottom / height, (wide - left - _RIGHT_IN) / _WIDTH_IN, down / height)
            )
            _panel(axes, panel, palette)
        header(figure, shown, x=0.01, y=1 - 0.06 / height, width=_WIDTH_IN - 0.2)
    return figure


def _left(panel: ForestPanel) -> float:
    """Return the room for the names of the rows, in inches."""
    longest = max(max(len(line) for line in _name(row).split("\n")) for row in panel.rows)
    return 0.12 + _LETTER_IN * max(longest, *(len(count) * 0.85 for _, count in panel.rows))


def _name(row: tuple[str, str]) -> str:
    return folded(row[0], length=int(_NAME_IN / _LETTER_IN), lines=_NAME_LINES)


def _panel(axes: Axes, panel: ForestPanel, palette: Mapping[str, str]) -> None:
    quiet(axes)
    step = _SPREAD / len(panel.series)
    for number, series in enumerate(panel.series):
        rows = np.arange(len(panel.rows)) + (number - (len(panel.series) - 1) / 2) * step
        values = np.array([(mark.value, mark.low, mark.high) for mark in series.marks])
        colour = palette[series.name]
        axes.hlines(
            rows, values[:, 1], values[:, 2], color=colour, alpha=0.75,
            linewidth=0.9 if series.is_hollow else 2.0,
        )  # fmt: skip
        axes.plot(
            values[:, 0], rows, "D" if series.is_hollow else "o", color=colour, markeredgewidth=0.9,
            markersize=3.6 if series.is_hollow else 5.0,
            markerfacecolor="white" if series.is_hollow else colour,
        )  # fmt: skip
    if panel.has_zero:
        axes.axvline(0, color=MUTED, linewidth=0.9, zorder=0)
    axes.grid(visible=True, axis="x")
    axes.set_xlim(*_range(panel))
    axes.set_ylim(len(panel.rows) - 0.5, -0.5)
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=5)
    axes.spines["left"].set_visible(False)
    axes.set_title(panel.title, pad=8)
    axes.set_xlabel(panel.scale)
    for place, row in enumerate(panel.rows):
        for text, y, top, colour, size in (
            (_name(row), -1, "bottom", INK, 8.5),
            (row[1], -3, "top", MUTED, 7.5),
        ):
            axes.annotate(
                text, (0, place), xycoords=axes.get_yaxis_transform(), xytext=(-8, y if row[1] else 0),
                textcoords="offset points", ha="right", va=top if row[1] else "center", color=colour,
                fontsize=size, linespacing=1.05,
            )  # fmt: skip


def _range(panel: ForestPanel) -> tuple[float, float]:
    marks = [mark for series in panel.series for mark in series.marks]
    values = [v for mark in marks for v in (mark.value, mark.low, mark.high) if np.isfinite(v)]
    values += [0.0] if panel.has_zero or not values else []
    low, high = min(values), max(values)
    margin = 0.06 * (high - low) or 1.0
    return low - margin, high + margin
