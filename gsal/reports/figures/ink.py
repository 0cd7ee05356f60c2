"""How often pictures of each class carry ink, set beside set (Table 1 of the paper as bars)."""

from collections.abc import Mapping, Sequence
from math import ceil

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from gsal.reports.content import PictureSet
from gsal.reports.figures.drawing import INK, MUTED, folded, header, header_height, new_figure, quiet, style

__all__ = ["co_occurrence"]

_WIDTH_IN = 9.0
_PLOT_IN = 8.45
_BAR_IN = 0.2
"""A bar narrower than this has no room for its number."""
_CLASS_IN, _WIDEST_CLASS_IN = 0.62, 1.7
_NAME_IN = 0.082
_NAME_LINES = 3


def co_occurrence(sets: Sequence[PictureSet], palette: Mapping[str, str]) -> Figure:
    """Draw P(ink | class) of each set of pictures, n under each class; many classes in several rows.

    They are counts of whole sets, so there are no intervals.

    Args:
        sets: A class that one of them lacks has no picture there.
        palette: Colour by the set's name.
    """
    classes = list(dict.fromkeys(name for pictures in sets for name in pictures.n_by_class))
    most = max(1, int(_PLOT_IN / max(_CLASS_IN, _BAR_IN * len(sets) / 0.78)))
    rows = ceil(len(classes) / most)
    size = ceil(len(classes) / rows)
    names = {pictures.name: palette[pictures.name] for pictures in sets}
    wide = min(_PLOT_IN, _WIDEST_CLASS_IN * size)
    characters = max(6, int(wide / size / _NAME_IN) - 1)
    labels = {name: folded(name, length=characters, lines=_NAME_LINES) for name in classes}
    name_lines = max(label.count("\n") + 1 for label in labels.values())
    below = 0.2 + 0.15 * name_lines + 0.14 * len(sets)
    tall = 2.0 if rows == 1 else 1.25
    above = header_height(list(names), width=_PLOT_IN) + 0.15
    height = above + rows * (tall + below + 0.15)
    with style():
        figure = new_figure(width=_WIDTH_IN, height=height)
        for row in range(rows):
            bottom = height - above - row * (tall + below + 0.15) - tall
            axes = figure.add_axes((0.055, bottom / height, wide / _WIDTH_IN, tall / height))
            _row(axes, sets, palette, {name: labels[name] for name in classes[row * size : (row + 1) * size]})
            axes.set_xlim(-0.5, size - 0.5)
        header(figure, names, x=0.055, y=1 - 0.05 / height, width=_PLOT_IN)
    return figure


def _row(
    axes: Axes, sets: Sequence[PictureSet], palette: Mapping[str, str], labels: Mapping[str, str]
) -> None:
    quiet(axes)
    under = 9 + 10.5 * max(label.count("\n") + 1 for label in labels.values())
    for index, pictures in enumerate(sets):
        _bars(axes, pictures, palette[pictures.name], list(labels), index=index, sets=len(sets), under=under)
    axes.set_xticks(range(len(labels)), list(labels.values()), color=INK, fontsize=9, linespacing=1.05)
    axes.set_ylim(0, 1.08)
    axes.set_yticks([0, 0.5, 1.0])
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.grid(visible=True, axis="y")
    axes.spines["left"].set_visible(False)


def _bars(
    axes: Axes,
    pictures: PictureSet,
    colour: str,
    names: Sequence[str],
    *,
    index: int,
    sets: int,
    under: float,
) -> None:
    width = 0.78 / sets
    for row, name in enumerate(names):
        place = row - 0.39 + width * (index + 0.5)
        rate = pictures.ink_rate_by_class.get(name)
        height, text = (0.0, "–") if rate is None else (rate, f"{100 * rate:.0f}")
        axes.bar(place, height, width * 0.9, color=colour)
        axes.text(place, height + 0.015, text, ha="center", va="bottom", color=MUTED, fontsize=7.5)
        axes.annotate(
            f"n {pictures.n_by_class.get(name, 0)}", (row, 0), xytext=(0, -under - 10 * index),
            textcoords="offset points", ha="center", va="top", color=colour, fontsize=7.5,
        )  # fmt: skip
