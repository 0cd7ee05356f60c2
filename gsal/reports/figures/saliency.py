"""Global saliency by class: a dot and its 95 % interval per class and model (Figs. 1, 8 and 9)."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gsal.audit import AuditEntry
from gsal.reports.figures.drawing import INK, MUTED, header, new_figure, quiet, style

__all__ = ["global_saliency"]

_TITLES = {"mean": "Mean saliency on ink, z", "peak": "Peak saliency on ink, n"}
_NOTES = {
    "mean": "0 = mean of all pixels of all pictures",
    "peak": "grey tick: share of the picture that is ink (chance)",
}


def _counts(entries: Sequence[AuditEntry], index: int) -> str:
    numbers = sorted({entry.classes[index].n for entry in entries})
    text = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
    flag = " *" if any(entry.classes[index].flagged for entry in entries) else ""
    return f"n {text}{flag}"


def _panel(axes: Axes, entries: Sequence[AuditEntry], palette: Mapping[str, str]) -> None:
    quiet(axes)
    classes = len(entries[0].classes)
    offsets = (np.arange(len(entries)) - (len(entries) - 1) / 2) * min(0.22, 0.7 / len(entries))
    for entry, offset in zip(entries, offsets, strict=True):
        rows = np.arange(classes) + offset
        means = np.array([item.mean for item in entry.classes])
        low = np.array([item.low for item in entry.classes])
        high = np.array([item.high for item in entry.classes])
        colour = palette[entry.model]
        axes.hlines(rows, low, high, color=colour, linewidth=2.2, alpha=0.75)
        axes.plot(means, rows, "o", color=colour, markersize=5.5)
        if entry.aggregator == "peak" and entry is entries[0]:
            chance = [item.chance for item in entry.classes]
            axes.plot(chance, np.arange(classes), "|", color=MUTED, markersize=14, markeredgewidth=1.0)
    axes.axvline(0, color=MUTED, linewidth=0.9, zorder=0)
    axes.grid(visible=True, axis="x")
    axes.set_ylim(classes - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.06)
    aggregator = entries[0].aggregator
    axes.set_title(_TITLES[aggregator], pad=8)
    axes.set_xlabel(_NOTES[aggregator])


def global_saliency(entries: Sequence[AuditEntry], palette: Mapping[str, str]) -> Figure:
    """Draw the class means of one method, mean beside peak, models in their colours, n under each class.

    Args:
        entries: All entries of one method.
        palette: Colour by model.
    """
    models = {entry.model: palette[entry.model] for entry in entries}
    names = [item.name for item in entries[0].classes]
    rows = max(0.4, 0.14 * len(models) + 0.16) * len(names)
    height = rows + 1.15
    with style():
        figure = new_figure(width=9.0, height=height)
        bottom, tall = 0.5 / height, rows / height
        for column, aggregator in enumerate(("mean", "peak")):
            axes = figure.add_axes((0.1 + column * 0.475, bottom, 0.42, tall))
            shown = [entry for entry in entries if entry.aggregator == aggregator]
            _panel(axes, shown, palette)
            if column == 0:
                place = axes.get_yaxis_transform()
                for row, name in enumerate(names):
                    axes.text(-0.04, row - 0.02, name, transform=place, ha="right", va="bottom", color=INK)
                    counts = _counts(shown, row)
                    axes.text(
                        -0.04,
                        row + 0.06,
                        counts,
                        transform=place,
                        ha="right",
                        va="top",
                        color=MUTED,
                        fontsize=7.5,
                    )
        header(figure, models, x=0.1, y=1 - 0.06 / height)
    return figure
