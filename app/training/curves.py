"""Loss and accuracy while a network trains: points are appended, drawn at most every 50 ms."""

from collections.abc import Iterable
from functools import partial
from math import isnan

import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.theme import SERIES, Theme
from app.widgets.coalescer import Coalescer
from app.widgets.figure_export import Numbers
from app.widgets.plot import Plot, Point, spread
from gsal.progress import MetricPoint

__all__ = ["Curves"]

_COLOURS = {
    "training": SERIES[0],
    "validation": SERIES[1],
    "accuracy": SERIES[2],
    "dice": SERIES[2],
    "auroc": SERIES[0],
}
_OTHERS = (SERIES[1], *SERIES[3:])
_DOT_LIMIT = 60
_LABEL_GAP = 0.09
"""Between two names, of the height of what is drawn."""
_Points = tuple[list[float], list[float]]


class Curves(QWidget):
    """Two figures: loss, and what is judged on the validation part.

    Attributes:
        points: Of each series, as (steps, values).
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.points: dict[str, tuple[list[float], list[float]]] = {}
        tip = "By epoch: once through all training pictures"
        self.loss = Plot(
            theme, name="lossCurves", tip="Loss by epoch", bottom="epoch", left="loss", whole=True
        )
        self.score = Plot(
            theme, name="scoreCurves", tip="Score by epoch", bottom="epoch", left="validation", whole=True
        )
        self._redraw = Coalescer(self)
        self._redraw.due.connect(self.draw)
        theme.changed.connect(self.draw)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for plot in (self.loss, self.score):
            plot.setToolTip(tip)
            layout.addWidget(plot)

    def clear(self) -> None:
        """Begin anew."""
        self.points = {}
        self._redraw.request()

    def add(self, point: MetricPoint) -> None:
        """Append a point; a step that comes again begins its series anew."""
        steps, values = self.points.setdefault(point.series, ([], []))
        if steps and point.step <= steps[-1]:
            steps.clear()
            values.clear()
        steps.append(point.step)
        values.append(point.value)
        self._redraw.request()

    def show_points(self, points: list[tuple[str, float, float]]) -> None:
        """Show stored curves, (series, step, value)."""
        self.points = {}
        for series, step, value in points:
            steps, values = self.points.setdefault(series, ([], []))
            steps.append(step)
            values.append(value)
        self._redraw.request()

    @Slot()
    def draw(self) -> None:
        """Draw what has come in."""
        self.loss.clear()
        self.score.clear()
        losses, scores = {}, {}
        for series, points in self.points.items():
            quantity, _, part = series.partition("/")
            if quantity == "loss":
                losses[part] = points
            else:
                scores[quantity if part == "validation" else part] = points
        _draw_all(self.loss, losses)
        _draw_all(self.score, scores)


def _draw_all(plot: Plot, series: dict[str, _Points]) -> None:
    """Draw lines with their names at their ends, none on top of another."""
    known = {name: points for name, points in series.items() if points[0]}
    plot.tabulate = partial(_numbers, known)
    values = [value for _, ys in known.values() for value in ys if not isnan(value)]
    ends = [next((y for y in reversed(ys) if not isnan(y)), 0.0) for _, ys in known.values()]
    places = spread(ends, gap=_LABEL_GAP * (max(values) - min(values))) if values else ends
    colours = _colours(known)
    for (name, (steps, ys)), place in zip(known.items(), places, strict=True):
        colour = colours[name]
        plot.plot(steps, ys, pen=pg.mkPen(colour, width=2 if name in _COLOURS else 1))
        if len(steps) <= _DOT_LIMIT:
            marked = zip(steps, ys, strict=True)
            shown = [Point(s, v, f"{name}, epoch {s:g}: {v:.4f}") for s, v in marked]
            plot.add_points(shown, colour=colour, size=6)
        plot.add_text(name, steps[-1], place, colour=colour, anchor=(1, 1.1))


def _numbers(series: dict[str, _Points]) -> Numbers:
    rows = [(name, *row) for name, points in series.items() for row in zip(*points, strict=True)]
    return Numbers(("series", "epoch", "value"), tuple(rows))


def _colours(names: Iterable[str]) -> dict[str, str]:
    """Return a colour for each name; the classes, of which there may be many, take turns in the rest."""
    classes = [name for name in names if name not in _COLOURS]
    return _COLOURS | {name: _OTHERS[number % len(_OTHERS)] for number, name in enumerate(classes)}
