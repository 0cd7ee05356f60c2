"""How often pictures of each class carry ink, set beside set (Table 1 of the paper as bars)."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from gsal.reports.content import PictureSet
from gsal.reports.figures.drawing import INK, MUTED, header, new_figure, quiet, style

__all__ = ["co_occurrence"]


def _bars(axes: Axes, pictures: PictureSet, colour: str, *, index: int, sets: int) -> None:
    width = 0.78 / sets
    for row, (name, n) in enumerate(pictures.n_by_class.items()):
        place = row - 0.39 + width * (index + 0.5)
        rate = pictures.ink_rate_by_class.get(name)
        height, text = (0.0, "–") if rate is None else (rate, f"{100 * rate:.0f}")
        axes.bar(place, height, width * 0.9, color=colour)
        axes.text(place, height + 0.015, text, ha="center", va="bottom", color=MUTED, fontsize=7.5)
        axes.annotate(
            f"n {n}", (row, 0), xytext=(0, -19 - 10 * index), textcoords="offset points",
            ha="center", va="top", color=colour, fontsize=7.5,
        )  # fmt: skip


def co_occurrence(sets: Sequence[PictureSet], palette: Mapping[str, str]) -> Figure:
    """Draw P(ink | class) of each set of pictures, n under each class.

    They are counts of whole sets, so there are no intervals.

    Args:
        sets: With the same classes.
        palette: Colour by the set's name.
    """
    classes = list(sets[0].n_by_class)
    bottom = 0.35 + 0.14 * len(sets)
    height = bottom + 2.4
    with style():
        figure = new_figure(width=9.0, height=height)
        axes = figure.add_axes((0.055, bottom / height, 0.94, 2.0 / height))
        quiet(axes)
        for index, pictures in enumerate(sets):
            _bars(axes, pictures, palette[pictures.name], index=index, sets=len(sets))
        axes.set_xticks(range(len(classes)), classes, color=INK, fontsize=9)
        axes.set_xlim(-0.55, len(classes) - 0.45)
        axes.set_ylim(0, 1.08)
        axes.set_yticks([0, 0.5, 1.0])
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))
        axes.grid(visible=True, axis="y")
        axes.spines["left"].set_visible(False)
        names = {pictures.name: palette[pictures.name] for pictures in sets}
        header(figure, names, x=0.055, y=1 - 0.05 / height)
    return figure
