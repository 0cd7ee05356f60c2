"""Global saliency of each true class with its 95 % interval, one colour per model."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg

from app.audit.figures import ModelFigures
from app.theme import Theme
from app.widgets.figure_export import Numbers
from app.widgets.plot import Plot, Point, faded, series_colour, spread
from gsal.audit.global_saliency import ClassSaliency
from gsal.records import Aggregator

__all__ = ["GlobalSaliencyPlot"]

_COLUMNS = ("model", "saliency", "class", "mean", "low", "high", "n", "patients", "chance", "interval")

_SPREAD = 0.5
"""How far the models of one class stand apart, in classes."""

_ROOM = 0.7
"""For the models' names at the right, in classes."""

_LABEL_GAP = 0.07
"""Between two names, of the height of the figure."""


class GlobalSaliencyPlot(Plot):
    """Points with bars; n under each class; zero line where zero means something."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="globalSaliency",
            tip="Mean ink saliency of each true class with 95 % intervals",
            bottom="true class, pictures with ink",
            left="z(m)",
        )
        self.setMouseEnabled(x=False, y=True)
        self.points: dict[str, int] = {}
        self._group: frozenset[str] = frozenset()

    def show_figures(
        self,
        figures: Sequence[ModelFigures],
        *,
        models: Sequence[str],
        aggregator: Aggregator,
        group: frozenset[str] = frozenset(),
    ) -> None:
        """Draw these models.

        Args:
            figures: Of the models.
            models: All there are, for the colours.
            aggregator: Of the saliency.
            group: True classes that stand out; all if empty.
        """
        self._group = group
        self.clear()
        self.points = {f.model: sum(not np.isnan(c.mean) for c in f.classes) for f in figures}
        self.tabulate = lambda: Numbers(_COLUMNS, tuple(_row(f, c) for f in figures for c in f.classes))
        is_mean = aggregator is Aggregator.MEAN
        self.set_title("left", "global saliency z(m)" if is_mean else "share of ink among the top 2 % (n)")
        if not figures:
            return
        if is_mean:
            self.addItem(pg.InfiniteLine(0, angle=0, pen=self.dashed(self.theme.colours.faint)))
        names = [c.name for c in figures[0].classes]
        self._name_classes(names, figures)
        for number, of_model in enumerate(figures):
            offset = (number - (len(figures) - 1) / 2) * _SPREAD / max(1, len(figures))
            colour = series_colour(models, of_model.model)
            self._draw(
                of_model, [names.index(c.name) + offset for c in of_model.classes if c.name in names], colour
            )
        self._label(figures, models)
        self.setXRange(-0.6, len(names) - 0.4 + _ROOM, padding=0)

    def _label(self, figures: Sequence[ModelFigures], models: Sequence[str]) -> None:
        """Write each model's name beside its last point."""
        last = {
            f.model: [(i, c.mean) for i, c in enumerate(f.classes) if not np.isnan(c.mean)] for f in figures
        }
        known = {model: points[-1] for model, points in last.items() if points}
        values = [v for f in figures for c in f.classes for v in (c.mean, c.low, c.high) if not np.isnan(v)]
        if not known:
            return
        places = spread([y for _, y in known.values()], gap=_LABEL_GAP * (max(values) - min(values)))
        for (model, (x, _)), place in zip(known.items(), places, strict=True):
            self.add_text(model, x + _SPREAD / 2, place, colour=series_colour(models, model), anchor=(0, 0.5))

    def _draw(self, figures: ModelFigures, places: list[float], colour: str) -> None:
        shown = [(x, c) for x, c in zip(places, figures.classes, strict=False) if not np.isnan(c.mean)]
        if not shown:
            return
        for is_faded in (True, False):
            some = [(x, c) for x, c in shown if bool(self._group and c.name not in self._group) is is_faded]
            ink = faded(colour) if is_faded else colour
            self.add_bars([(x, c.mean, c.low, c.high) for x, c in some], colour=ink, beam=0.08)
            points = [Point(x, c.mean, _tip(figures.model, c), c.name) for x, c in some]
            self.add_points(points, colour=ink, size=10)

    def _name_classes(self, names: Sequence[str], figures: Sequence[ModelFigures]) -> None:
        ticks = [(place, f"{name}\n{_counts(name, figures)}") for place, name in enumerate(names)]
        self.getAxis("bottom").setTicks([ticks])


def _counts(name: str, figures: Sequence[ModelFigures]) -> str:
    """Return the pictures of a class: once if the same for all models, else model by model."""
    counts = [str(c.n) for f in figures for c in f.classes if c.name == name]
    return counts[0] if len(set(counts)) == 1 else " / ".join(counts)


def _row(figures: ModelFigures, one: ClassSaliency) -> tuple[object, ...]:
    numbers = (one.mean, one.low, one.high, one.n, one.n_patients, one.chance)
    return (figures.model, figures.method, one.name, *numbers, one.method)


def _tip(model: str, figure: ClassSaliency) -> str:
    interval = "" if np.isnan(figure.low) else f" ({figure.low:.2f} to {figure.high:.2f})"
    few = ", few pictures" if figure.flagged else ""
    return f"{model}, {figure.name}: {figure.mean:.2f}{interval}\n{figure.n} pictures{few}\n{figure.method}"
