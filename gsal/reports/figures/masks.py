"""A network's decisions on ink over its threshold, and beside those of the rules."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from gsal.reports.figures.drawing import INK, MUTED, new_figure, quiet, shortened, spread, style
from gsal.reports.mask_quality import CurveRow, MaskEvaluation, MaskFigure, MaskRow

__all__ = ["threshold_curves"]

_FOUND, _LEFT_ALONE = "#0072b2", "#d55e00"
_HEIGHT_IN = 3.3
_GAP = 0.07
_NAME = 18
_LINES: tuple[tuple[str, str, Callable[[CurveRow], MaskFigure]], ...] = (
    ("ink found", _FOUND, lambda row: row.sensitivity),
    ("no ink,\nrightly", _LEFT_ALONE, lambda row: row.specificity),
)


def threshold_curves(evaluation: MaskEvaluation) -> Figure:
    """Draw both shares over the threshold, and against each other with the rules as points.

    Args:
        evaluation: With a curve.
    """
    with style():
        figure = new_figure(width=9.0, height=_HEIGHT_IN)
        left = figure.add_axes((0.055, 0.16, 0.37, 0.72))
        right = figure.add_axes((0.56, 0.16, 0.28, 0.72))
        _over_threshold(left, evaluation)
        _beside(right, evaluation)
    return figure


def _over_threshold(axes: Axes, evaluation: MaskEvaluation) -> None:
    _prepare(axes)
    x = np.array([row.threshold for row in evaluation.curve])
    ends = []
    for _, colour, figure_of in _LINES:
        found = [figure_of(row) for row in evaluation.curve]
        axes.fill_between(
            x, [one.low for one in found], [one.high for one in found], color=colour, alpha=0.15, linewidth=0
        )
        axes.plot(x, [one.value for one in found], color=colour, linewidth=2.0)
        ends.append(found[-1].value)
    places = spread(np.nan_to_num(ends).tolist(), gap=2 * _GAP, low=0.0, high=1.0)
    for (name, colour, _), place, end in zip(_LINES, places, ends, strict=True):
        if np.isfinite(end):
            axes.text(0.97, place, name, color=colour, fontweight="bold", va="center", linespacing=1.1)
    if np.isfinite(evaluation.threshold):
        axes.axvline(evaluation.threshold, color=MUTED, linewidth=1.0, linestyle="--", zorder=0)
    axes.set_xlim(0.0, 0.95)
    axes.set_xticks([0.05, 0.25, 0.5, 0.75, 0.95])
    axes.set_xlabel("Probability above which a pixel is ink")
    axes.set_title("Share of pictures, by threshold")


def _beside(axes: Axes, evaluation: MaskEvaluation) -> None:
    _prepare(axes)
    network, *others = evaluation.rows
    shown = [row for row in others if _is_known(row)]
    axes.plot(
        [row.specificity.value for row in evaluation.curve],
        [row.sensitivity.value for row in evaluation.curve],
        color=_FOUND,
        linewidth=1.6,
        marker=".",
        markersize=4,
    )
    for row in shown:
        _cross(axes, row, INK)
    if _is_known(network):
        _cross(axes, network, _FOUND)
        shown.append(network)
    heights = [row.figures["sensitivity"].value for row in shown]
    places = spread(heights, gap=_GAP, low=0.0, high=1.0)
    for row, height, place in zip(shown, heights, places, strict=True):
        x, colour = row.figures["specificity"].value, _FOUND if row is network else INK
        axes.plot([x, 1.03], [height, place], color=MUTED, linewidth=0.5, clip_on=False, zorder=0)
        axes.text(
            1.04, place, shortened(row.name, _NAME), color=colour, fontsize=8, va="center", fontweight="bold"
        )
    axes.set_xlim(0.0, 1.02)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_xlabel("Ink-free pictures left alone")
    axes.set_title("Inked pictures found")


def _cross(axes: Axes, row: MaskRow, colour: str) -> None:
    x, y = row.figures["specificity"], row.figures["sensitivity"]
    axes.plot([x.low, x.high], [y.value, y.value], color=colour, linewidth=0.8, alpha=0.6)
    axes.plot([x.value, x.value], [y.low, y.high], color=colour, linewidth=0.8, alpha=0.6)
    axes.plot([x.value], [y.value], color=colour, marker="o", markersize=4.5)


def _is_known(row: MaskRow) -> bool:
    pair: Sequence[MaskFigure | None] = [row.figures.get(name) for name in ("specificity", "sensitivity")]
    return all(one is not None and np.isfinite(one.value) for one in pair)


def _prepare(axes: Axes) -> None:
    quiet(axes)
    axes.set_ylim(0.0, 1.03)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.grid(visible=True, axis="y")
    axes.spines["left"].set_visible(False)
