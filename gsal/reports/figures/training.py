"""Curves of training: one panel per quantity, training dashed, validation solid."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from gsal.reports.content import ModelSummary
from gsal.reports.figures.drawing import MUTED, header, header_height, new_figure, quiet, style

__all__ = ["training_curves"]

_DASHES = {"training": (0, (3, 2)), "validation": "solid"}
_TITLES = {"auroc": "AUROC, mean over classes"}
_HEADER_IN = 6.0


def _panel(axes: Axes, models: Sequence[ModelSummary], quantity: str, palette: Mapping[str, str]) -> None:
    quiet(axes)
    for model in models:
        for series, points in model.curves.items():
            name, _, part = series.partition("/")
            if name != quantity or part not in _DASHES or not points:
                continue  # one-against-rest areas have a curve per class, which nobody could tell apart
            steps, values = zip(*points, strict=True)
            marker = "o" if len(points) == 1 else ""
            axes.plot(
                steps, values, color=palette[model.name], linewidth=1.6, linestyle=_DASHES[part],
                marker=marker, markersize=4,
            )  # fmt: skip
    axes.grid(visible=True, axis="y")
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_title(_TITLES.get(quantity, quantity.capitalize()))
    axes.set_xlabel("Pass over the training pictures")


def training_curves(models: Sequence[ModelSummary], palette: Mapping[str, str]) -> Figure:
    """Draw the curves of all models, one panel per quantity ("loss", "accuracy", ...).

    They are single runs, so there are no intervals.

    Args:
        models: With their curves by series, e.g. "loss/validation".
        palette: Colour by model.
    """
    shown = [model for model in models if any(model.curves.values())]
    named = (series.partition("/") for model in shown for series in model.curves)
    quantities = list(dict.fromkeys(quantity for quantity, _, part in named if part in _DASHES))
    palette = {model.name: palette[model.name] for model in shown}
    above = header_height(list(palette), width=_HEADER_IN) + 0.45
    height = above + 2.25
    with style():
        figure = new_figure(width=9.0, height=height)
        panels = max(len(quantities), 1)
        for column, quantity in enumerate(quantities):
            axes = figure.add_axes(
                (0.05 + column * 0.95 / panels, 0.5 / height, 0.95 / panels - 0.05, 1.75 / height)
            )
            _panel(axes, shown, quantity, palette)
        header(figure, palette, x=0.05, y=1 - 0.06 / height, width=_HEADER_IN)
        figure.text(
            0.998, 1 - 0.06 / height, "dashed: training · solid: validation",
            ha="right", va="top", color=MUTED, fontsize=8,
        )  # fmt: skip
    return figure
