"""Class means under the mean against those under the peak, and Kendall's tau (SPEC 9)."""

from collections.abc import Mapping, Sequence
from math import ceil, isfinite

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gsal.audit import AuditEntry
from gsal.audit.names import number_text
from gsal.reports.figures.drawing import MUTED, new_figure, quiet, shortened, style

__all__ = ["agreement"]

_WIDTH_IN, _PANEL_IN, _PER_ROW = 9.0, 2.5, 4
_LEFT_IN, _BELOW_IN, _ABOVE_IN = 0.6, 0.5, 0.5
_LETTER_IN, _CLASS, _MOST_NAMED = 0.085, 9, 10


def agreement(pairs: Sequence[tuple[AuditEntry, AuditEntry]], palette: Mapping[str, str]) -> Figure:
    """Draw a panel for each model of one method.

    Args:
        pairs: Entries under mean and peak, model by model.
        palette: Colour by model.
    """
    columns = min(_PER_ROW, max(2, len(pairs)))
    rows = ceil(len(pairs) / columns)
    height = rows * _PANEL_IN
    wide = _WIDTH_IN / columns
    with style():
        figure = new_figure(width=_WIDTH_IN, height=height)
        for number, pair in enumerate(pairs):
            row, column = divmod(number, columns)
            left, bottom = column * wide + _LEFT_IN, height - (row + 1) * _PANEL_IN + _BELOW_IN
            axes = figure.add_axes(
                (
                    *(left / _WIDTH_IN, bottom / height),
                    *((wide - _LEFT_IN - 0.15) / _WIDTH_IN, (_PANEL_IN - _BELOW_IN - _ABOVE_IN) / height),
                )
            )
            _panel(axes, pair, palette[pair[0].model])
            if column == 0:
                axes.set_ylabel("peak, n")
            axes.set_xlabel("mean, z")
    return figure


def _panel(axes: Axes, pair: tuple[AuditEntry, AuditEntry], colour: str) -> None:
    quiet(axes)
    mean, peak = pair
    shown = [
        (first, second)
        for first, second in zip(mean.classes, peak.classes, strict=True)
        if isfinite(first.mean) and isfinite(second.mean)
    ]
    for first, second in shown:
        axes.hlines(second.mean, first.low, first.high, color=colour, alpha=0.45, linewidth=0.9)
        axes.vlines(first.mean, second.low, second.high, color=colour, alpha=0.45, linewidth=0.9)
    x, y = [first.mean for first, _ in shown], [second.mean for _, second in shown]
    axes.plot(x, y, "o", color=colour, markersize=5)
    for first, second in shown if len(shown) <= _MOST_NAMED else ():
        axes.annotate(
            shortened(first.name, _CLASS), (first.mean, second.mean), xytext=(3, 3),
            textcoords="offset points", color=MUTED, fontsize=7, annotation_clip=True,
        )  # fmt: skip
    axes.grid(visible=True)
    axes.margins(0.12)
    axes.locator_params(nbins=4)
    room = int(axes.get_position().width * _WIDTH_IN / _LETTER_IN)
    axes.set_title(
        f"{shortened(mean.model, room)}\nτ {number_text(mean.agreement)}", color=colour, fontsize=8.5
    )
