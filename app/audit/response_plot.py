"""Accuracy against the share of pictures let in by ink saliency, with AURRAC, chance and oracle."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from app.audit.figures import ModelFigures
from app.theme import Theme
from app.widgets.figure_export import Numbers
from app.widgets.plot import Plot, Point, series_colour, spread

__all__ = ["ResponsePlot", "oracle_curve"]

_MOST_MARKS = 40
_LABEL_GAP = 0.09
"""Between two labels, of the height of the figure."""


class ResponsePlot(Plot):
    """One curve per model; dashed its accuracy on the same pictures, dotted the oracle."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="responseRate",
            tip="Accuracy of the pictures with the least ink saliency",
            bottom="share of pictures let in, least ink saliency first",
            left="accuracy",
        )
        # Room at the right for the models' names.
        self.setXRange(0, 1.25, padding=0.02)
        self.getAxis("bottom").setTicks([[(tick / 5, f"{tick / 5:.1f}") for tick in range(6)]])
        self.points: dict[str, int] = {}

    def show_figures(self, figures: Sequence[ModelFigures], *, models: Sequence[str]) -> None:
        """Draw these models; `models` are all there are, for the colours."""
        self.clear()
        self.points = {f.model: len(f.curve.k) for f in figures}
        drawn = [f for f in figures if f.curve.n]
        columns = ("model", "saliency", "pictures", "share", "accuracy", "threshold", "oracle")
        self.numbers = Numbers(columns, tuple(row for f in drawn for row in _rows(f)))
        ends = [float(f.curve.accuracy[-1]) for f in drawn]
        lowest = min((float(f.curve.accuracy.min()) for f in drawn), default=1.0)
        gap = _LABEL_GAP * (1.0 - lowest)
        for of_model, place in zip(drawn, spread(ends, gap=gap), strict=True):
            colour = series_colour(models, of_model.model)
            self._draw(of_model, colour)
            text = f"{of_model.model}\nAURRAC {of_model.summary.aurrac:.2f}"
            self.add_text(text, 1.02, place, colour=colour, anchor=(0, 0.5))

    def _draw(self, figures: ModelFigures, colour: str) -> None:
        curve, summary = figures.curve, figures.summary
        self.plot(curve.share, curve.accuracy, pen=pg.mkPen(colour, width=2))
        self.plot(
            curve.share, oracle_curve(figures), pen=pg.mkPen(colour, width=1, style=Qt.PenStyle.DotLine)
        )
        self.addItem(pg.InfiniteLine(summary.accuracy, angle=0, pen=self.dashed(colour)))
        # A mark at every picture would hide the line of many.
        marked = np.unique(np.linspace(0, len(curve.k) - 1, _MOST_MARKS).round().astype(int))
        points = [
            Point(
                float(curve.share[i]),
                float(curve.accuracy[i]),
                f"{figures.model}: {curve.accuracy[i]:.2f} of {curve.k[i]} pictures",
            )
            for i in marked
        ]
        self.add_points(points, colour=colour, size=5)


def _rows(figures: ModelFigures) -> Iterator[tuple[object, ...]]:
    curve = figures.curve
    of_points = (curve.k, curve.share, curve.accuracy, curve.threshold, oracle_curve(figures))
    for row in zip(*(values.tolist() for values in of_points), strict=True):
        yield (figures.model, figures.method, *row)


def oracle_curve(figures: ModelFigures) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return min(1, C / k) at each k of a curve: every right answer before every wrong one."""
    hits = round(figures.summary.accuracy * figures.curve.n)
    return np.minimum(1.0, hits / figures.curve.k)
