"""Global saliency by class: a dot and its 95 % interval per class and model (Figs. 1, 8 and 9)."""

from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from gsal.arrays import FloatArray
from gsal.audit import AuditEntry, ClassSaliency
from gsal.audit.placebo_entry import PlaceboEntry
from gsal.reports.figures.drawing import INK, MUTED, folded, header, header_height, new_figure, quiet, style

__all__ = ["global_saliency"]

_TITLES = {"mean": "Mean saliency on ink, z", "peak": "Peak saliency on ink, n"}
_NOTES = {
    "mean": "0 = mean of all pixels of all pictures",
    "peak": "grey tick: share of the picture that is ink (chance)",
}
_WIDTH_IN, _GAP_IN = 9.0, 0.45
_TALLEST_IN = 11.0
"""What a printed page holds at the width of the text."""
_NAME_CHARACTERS, _NAME_LINES = 24, 3


def global_saliency(
    entries: Sequence[AuditEntry], palette: Mapping[str, str], placebos: Sequence[PlaceboEntry] = ()
) -> tuple[Figure, ...]:
    """Draw the class means of one method, mean beside peak, models in their colours, n under each class.

    Args:
        entries: All entries of one method.
        palette: Colour by model.
        placebos: Of those entries that have one: the same without the ink, hollow beneath.

    Returns:
        One figure, or several of some classes each, on the same scale, where one would not fit a page.
    """
    models = {entry.model: palette[entry.model] for entry in entries}
    names = [folded(item.name, length=_NAME_CHARACTERS, lines=_NAME_LINES) for item in entries[0].classes]
    lines = max(name.count("\n") + 1 for name in names)
    row = max(0.25 + 0.15 * lines, (0.2 if placebos else 0.14) * len(models) + 0.16)
    most = max(1, int((_TALLEST_IN - 1.0 - header_height(list(models), width=8.0)) / row))
    size = ceil(len(names) / ceil(len(names) / most))
    with style():
        return tuple(
            _figure(entries, models, names, range(first, min(first + size, len(names))), row, placebos)
            for first in range(0, len(names), size)
        )


def _figure(
    entries: Sequence[AuditEntry],
    models: Mapping[str, str],
    names: Sequence[str],
    shown: range,
    row: float,
    placebos: Sequence[PlaceboEntry],
) -> Figure:
    longest = max(len(line) for name in names for line in name.split("\n"))
    left = max(0.9, 0.1 + 0.083 * longest)
    above = header_height(list(models), width=_WIDTH_IN - left) + 0.45
    height = row * len(shown) + above + 0.5
    wide = (_WIDTH_IN - left - _GAP_IN - 0.2) / 2
    figure = new_figure(width=_WIDTH_IN, height=height)
    for column, aggregator in enumerate(("mean", "peak")):
        x = left + column * (wide + _GAP_IN)
        axes = figure.add_axes((x / _WIDTH_IN, 0.5 / height, wide / _WIDTH_IN, row * len(shown) / height))
        mine = [entry for entry in entries if entry.aggregator == aggregator]
        without = {one.model: one.classes for one in placebos if one.aggregator == aggregator}
        _panel(axes, mine, models, shown, without)
        if column == 0:
            _names(axes, mine, names, shown)
    header(figure, models, x=left / _WIDTH_IN, y=1 - 0.06 / height, width=_WIDTH_IN - left)
    return figure


def _panel(
    axes: Axes,
    entries: Sequence[AuditEntry],
    palette: Mapping[str, str],
    shown: range,
    placebos: Mapping[str, Sequence[ClassSaliency]],
) -> None:
    quiet(axes)
    step = min(0.3 if placebos else 0.22, 0.7 / len(entries))
    offsets = (np.arange(len(entries)) - (len(entries) - 1) / 2) * step
    for entry, offset in zip(entries, offsets, strict=True):
        rows = np.array(shown) + offset
        classes = [entry.classes[row] for row in shown]
        colour = palette[entry.model]
        axes.hlines(
            rows,
            [item.low for item in classes],
            [item.high for item in classes],
            color=colour,
            linewidth=2.2,
            alpha=0.75,
        )
        axes.plot([item.mean for item in classes], rows, "o", color=colour, markersize=5.5)
        if entry.model in placebos:
            _placebo(axes, [placebos[entry.model][row] for row in shown], rows + 0.42 * step, colour)
        if entry.aggregator == "peak" and entry is entries[0]:
            chance = [item.chance for item in classes]
            axes.plot(chance, np.array(shown), "|", color=MUTED, markersize=14, markeredgewidth=1.0)
    axes.axvline(0, color=MUTED, linewidth=0.9, zorder=0.6)  # above the grid
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6))
    axes.set_xlim(*_range(entries, placebos))
    axes.set_ylim(shown.stop - 0.5, shown.start - 0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    aggregator = entries[0].aggregator
    axes.set_title(_TITLES[aggregator], pad=8)
    axes.set_xlabel(_NOTES[aggregator])


def _placebo(axes: Axes, classes: Sequence[ClassSaliency], rows: FloatArray, colour: str) -> None:
    low, high = [item.low for item in classes], [item.high for item in classes]
    axes.hlines(rows, low, high, color=colour, linewidth=0.9, alpha=0.75)
    axes.plot(
        [item.mean for item in classes],
        rows,
        "D",
        color=colour,
        markersize=3.6,
        markerfacecolor="white",
        markeredgewidth=0.9,
    )


def _range(
    entries: Sequence[AuditEntry], placebos: Mapping[str, Sequence[ClassSaliency]]
) -> tuple[float, float]:
    """Return what all classes span, also those of other parts, with zero and a margin."""
    values = [
        value
        for entry in entries
        for item in entry.classes
        for value in (item.low, item.mean, item.high, item.chance if entry.aggregator == "peak" else 0.0)
        if np.isfinite(value)
    ]
    of_placebos = (item for classes in placebos.values() for item in classes)
    values += [v for item in of_placebos for v in (item.low, item.mean, item.high) if np.isfinite(v)]
    low, high = min([*values, 0.0]), max([*values, 0.0])
    margin = 0.06 * (high - low) or 1.0
    return low - margin, high + margin


def _names(axes: Axes, entries: Sequence[AuditEntry], names: Sequence[str], shown: range) -> None:
    for row in shown:
        for text, y, top, colour, size in (
            (names[row], -2, "bottom", INK, 9.0),
            (_counts(entries, row), -4, "top", MUTED, 7.5),
        ):
            axes.annotate(
                text, (0, row), xycoords=axes.get_yaxis_transform(), xytext=(-8, y),
                textcoords="offset points", ha="right", va=top, color=colour, fontsize=size, linespacing=1.05,
            )  # fmt: skip


def _counts(entries: Sequence[AuditEntry], index: int) -> str:
    numbers = sorted({entry.classes[index].n for entry in entries})
    text = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
    flag = " *" if any(entry.classes[index].flagged for entry in entries) else ""
    return f"n {text}{flag}"
