"""Response rate accuracy curves with their bands, beside accuracy and oracle (Figs. 2, 4 and 5)."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from gsal.audit import AuditEntry
from gsal.audit.names import interval_text, number_text
from gsal.audit.placebo_entry import PlaceboEntry
from gsal.reports.figures.drawing import MUTED, new_figure, quiet, shortened, spread, style

__all__ = ["response_rate", "share_axes"]

_PANEL_IN = 2.75
_LABEL_IN = 0.5
_NAME = 24


def _label(entry: AuditEntry) -> str:
    response, interval = entry.response, entry.band.aurrac
    area = f"AURRAC {number_text(response.aurrac)} ({interval_text(interval.low, interval.high)})"
    return f"{area}\naccuracy {number_text(response.accuracy)}, oracle {number_text(response.oracle)}"


def _line(axes: Axes, entry: AuditEntry, colour: str) -> None:
    share, band = np.array(entry.band.share), entry.band
    axes.fill_between(share, band.low, band.high, color=colour, alpha=0.15, linewidth=0)
    axes.plot(
        share, np.minimum(1.0, entry.response.accuracy / share), color=colour, linewidth=1.0, linestyle=":"
    )
    axes.axhline(entry.response.accuracy, color=colour, linewidth=1.0, linestyle="--")
    axes.plot(share, band.accuracy, color=colour, linewidth=2.0)


def _labels(axes: Axes, entries: Sequence[AuditEntry], palette: Mapping[str, str], *, height: float) -> None:
    low, high = axes.get_ylim()
    gap = (high - low) * _LABEL_IN / height
    ends = [entry.band.accuracy[-1] for entry in entries]
    places = spread(ends, gap=gap, low=low + gap / 2, high=high - gap / 2)
    for entry, end, place in zip(entries, ends, places, strict=True):
        colour = palette[entry.model]
        axes.plot([1.0, 1.02], [end, place], color=colour, linewidth=0.8, clip_on=False)
        axes.text(1.03, place, shortened(entry.model, _NAME), color=colour, fontweight="bold", va="bottom")
        axes.text(1.03, place, _label(entry), color=MUTED, fontsize=7.5, va="top", linespacing=1.3)


def share_axes(axes: Axes, lows: Sequence[float]) -> None:
    """Make axes of accuracy against the share of pictures let in, down to the least of some accuracies."""
    axes.set_xlim(0.1, 1.0)
    # An interval over few folds reaches beyond what a share can be.
    axes.set_ylim(max(0.0, min(lows, default=0.0) - 0.05), 1.02)
    axes.set_xticks([0.1, 0.25, 0.5, 0.75, 1.0])
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.grid(visible=True, axis="y")
    axes.spines["left"].set_visible(False)


def _panel(axes: Axes, entries: Sequence[AuditEntry], palette: Mapping[str, str], *, height: float) -> None:
    """Draw one aggregator; `height` is that of the axes in inches."""
    quiet(axes)
    shown = [entry for entry in entries if entry.band.share]
    for entry in shown:
        _line(axes, entry, palette[entry.model])
    lows = [
        value for entry in shown for value in (*entry.band.low, *entry.band.accuracy) if np.isfinite(value)
    ]
    share_axes(axes, lows)
    axes.set_title(f"{entries[0].aggregator.capitalize()} saliency: accuracy of the pictures let in")
    if shown:
        _labels(axes, shown, palette, height=height)
    else:
        axes.text(0.5, 0.5, "no inked pictures", transform=axes.transAxes, ha="center", color=MUTED)


def response_rate(
    entries: Sequence[AuditEntry], palette: Mapping[str, str], placebos: Sequence[PlaceboEntry] = ()
) -> Figure:
    """Draw the curves of one method, mean above peak, models in their colours, AURRAC at the end of each.

    Args:
        entries: All entries of one method.
        palette: Colour by model.
        placebos: Of those entries that have one: thinner, dashed and dotted.
    """
    models = len({entry.model for entry in entries})
    panel = max(_PANEL_IN, 0.75 + _LABEL_IN * models)
    height = 2 * panel + 0.1
    with style():
        figure = new_figure(width=9.0, height=height)
        for row, aggregator in enumerate(("mean", "peak")):
            bottom = (1 - row) * panel + 0.45
            axes = figure.add_axes((0.055, bottom / height, 0.70, (panel - 0.75) / height))
            shown = [entry for entry in entries if entry.aggregator == aggregator]
            for one in (one for one in placebos if one.aggregator == aggregator):
                without = one.response.placebo_band
                if without.share:
                    colour = palette[one.model]
                    axes.plot(without.share, without.accuracy, "-.", color=colour, linewidth=1.1)
            _panel(axes, shown, palette, height=panel - 0.75)
            if row:
                axes.set_xlabel("Share of the inked pictures let in, those with least ink saliency first")
    return figure
