"""Response rate accuracy over the folds of a cross-validation, with its band (Figs. 2 and 9)."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gsal.audit.groups import FoldCurves
from gsal.audit.names import interval_text, number_text
from gsal.reports.figures.drawing import MUTED, new_figure, quiet, shortened, spread, style
from gsal.reports.figures.response import share_axes

__all__ = ["fold_curves"]

_PANEL_IN, _LABEL_IN, _NAME = 2.75, 0.5, 24


def fold_curves(panels: Mapping[str, Mapping[str, FoldCurves]], palette: Mapping[str, str]) -> Figure:
    """Draw the mean curve of each cross-validation with its band, its folds thin.

    Args:
        panels: By the panel's title, the curves by the cross-validation's name.
        palette: Colour by the cross-validation's name.
    """
    most = max(len(of_panel) for of_panel in panels.values())
    panel = max(_PANEL_IN, 0.75 + _LABEL_IN * most)
    height = len(panels) * panel + 0.1
    with style():
        figure = new_figure(width=9.0, height=height)
        for row, (title, of_panel) in enumerate(panels.items()):
            bottom = (len(panels) - 1 - row) * panel + 0.45
            axes = figure.add_axes((0.055, bottom / height, 0.70, (panel - 0.75) / height))
            _panel(axes, {name: one for name, one in of_panel.items() if one.curves}, palette)
            axes.set_title(title)
            _label(axes, of_panel, palette, height=panel - 0.75)
            if row == len(panels) - 1:
                axes.set_xlabel("Share of the inked pictures let in, those with least ink saliency first")
    return figure


def _panel(axes: Axes, curves: Mapping[str, FoldCurves], palette: Mapping[str, str]) -> None:
    quiet(axes)
    for name, one in curves.items():
        colour = palette[name]
        axes.fill_between(one.share, one.low, one.high, color=colour, alpha=0.15, linewidth=0)
        for curve in one.curves:
            axes.plot(one.share, curve, color=colour, linewidth=0.7, alpha=0.5)
        axes.plot(one.share, one.accuracy, color=colour, linewidth=2.0)
    lows = [value for one in curves.values() for value in (*one.low, *one.accuracy) if np.isfinite(value)]
    share_axes(axes, lows)


def _label(
    axes: Axes, curves: Mapping[str, FoldCurves], palette: Mapping[str, str], *, height: float
) -> None:
    shown = {name: one for name, one in curves.items() if one.curves}
    if not shown:
        axes.text(0.5, 0.5, "no inked pictures", transform=axes.transAxes, ha="center", color=MUTED)
    low, high = axes.get_ylim()
    gap = (high - low) * _LABEL_IN / height
    ends = [one.accuracy[-1] for one in shown.values()]
    places = spread(ends, gap=gap, low=low + gap / 2, high=high - gap / 2)
    for (name, one), end, place in zip(shown.items(), ends, places, strict=True):
        area = interval_text(one.aurrac_interval.low, one.aurrac_interval.high)
        text = f"AURRAC {number_text(one.aurrac)} ({area})\n{len(one.folds)} folds, n {one.n}"
        axes.plot([1.0, 1.02], [end, place], color=palette[name], linewidth=0.8, clip_on=False)
        axes.text(1.03, place, shortened(name, _NAME), color=palette[name], fontweight="bold", va="bottom")
        axes.text(1.03, place, text, color=MUTED, fontsize=7.5, va="top", linespacing=1.3)
