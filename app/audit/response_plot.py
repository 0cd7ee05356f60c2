"""Accuracy against the share of pictures let in by ink saliency, with AURRAC, chance and oracle."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from app.audit.figures import ModelFigures
from app.theme import Theme
from app.widgets.figure_export import Numbers
from app.widgets.plot import Plot, Point, series_colour, spread
from gsal.audit.groups import GroupResponse
from gsal.audit.names import interval_text, number_text

__all__ = ["ResponsePlot"]

_COLUMNS = (
    *("model", "saliency", "pictures of", "let in", "share", "accuracy", "threshold", "oracle"),
    *("AURRAC", "AURRAC low", "AURRAC high", "accuracy of all"),
)
_REST = Qt.PenStyle.DashDotLine
"""Of the pictures that are not in the group."""

_MOST_MARKS, _MOST_LABELLED = 40, 4
_MOST_DRAWN = 1000
"""Points of a line: of more, as many from all along it."""

_BAND_ALPHA = 40
_LINE_GAP = 0.09
"""A line of a label, of the height of the figure."""


class ResponsePlot(Plot):
    """One curve per model with its band; dashed its accuracy on the same pictures, dotted the oracle.

    With a group of classes, its curve and that of the rest take the place of the one of all pictures.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="responseRate",
            tip="Accuracy of the pictures with the least ink saliency",
            bottom="share of pictures let in, least ink saliency first",
            left="accuracy",
        )
        self.getAxis("bottom").setTicks([[(tick / 5, f"{tick / 5:.1f}") for tick in range(6)]])
        self.points: dict[str, int] = {}

    def show_figures(self, figures: Sequence[ModelFigures], *, models: Sequence[str]) -> None:
        """Draw these models; `models` are all there are, for the colours."""
        self.clear()
        self.points = {f.model: len(f.curve.k) for f in figures}
        lines = [(f, line) for f in figures for line in (*f.lines, f.placebo_line) if line is not None]
        drawn = [(f, line) for f, line in lines if line.curve.n]
        self.tabulate = lambda: Numbers(_COLUMNS, tuple(row for f, line in drawn for row in _rows(f, line)))
        shown = [(f, line) for f, line in drawn if _is_shown(f, line)]
        is_crowded = len(shown) > _MOST_LABELLED
        for of_model, line in shown:
            self._draw(of_model, line, series_colour(models, of_model.model), has_band=not is_crowded)
        self._label(shown, models, is_crowded=is_crowded)

    def _label(
        self, shown: Sequence[tuple[ModelFigures, GroupResponse]], models: Sequence[str], *, is_crowded: bool
    ) -> None:
        """Write names and AURRAC beside the ends; of many lines one row each, and none of the placebos."""
        named = [(f, line) for f, line in shown if not (is_crowded and line is f.placebo_line)]
        lowest = min((float(line.curve.accuracy.min()) for _, line in shown), default=1.0)
        texts = [_label_text(f, line, is_crowded=is_crowded) for f, line in named]
        rows = max((text.count("\n") + 1 for text in texts), default=1)
        gap = _LINE_GAP * rows * self.theme.font_scale * max(0.1, 1.0 - lowest)
        places = spread([float(line.curve.accuracy[-1]) for _, line in named], gap=gap)
        down = max(0.0, max(places, default=0.0) - 1.0)
        for (of_model, _), text, place in zip(named, texts, places, strict=True):
            colour = series_colour(models, of_model.model)
            self.add_text(text, 1.02, place - down, colour=colour, anchor=(0, 0.5))
        self.setXRange(0, 1.5 if is_crowded else 1.3, padding=0.02)

    def _draw(self, figures: ModelFigures, line: GroupResponse, colour: str, *, has_band: bool) -> None:
        curve, band = line.curve, line.band
        if has_band and band.draws and line is not figures.placebo_line:
            self._fill(band.share, band.low, band.high, colour)
        style = _REST if line is figures.lines[-1] and line.name else Qt.PenStyle.SolidLine
        if line is figures.placebo_line:
            style = Qt.PenStyle.DashLine
        drawn = _thinned(len(curve.k))
        pen = pg.mkPen(colour, width=2, style=style)
        self.plot(curve.share[drawn], curve.accuracy[drawn], pen=pen)
        if line is figures.placebo_line:
            return
        dotted = pg.mkPen(colour, width=1, style=Qt.PenStyle.DotLine)
        self.plot(curve.share[drawn], _oracle(line)[drawn], pen=dotted)
        self.addItem(pg.InfiniteLine(line.response.accuracy, angle=0, pen=self.dashed(colour)))
        # A mark at every picture would hide the line of many.
        marked = _thinned(len(curve.k), _MOST_MARKS)
        self.add_points([_point(figures, line, int(i)) for i in marked], colour=colour, size=5)

    def _fill(self, x: Sequence[float], low: Sequence[float], high: Sequence[float], colour: str) -> None:
        fill = QColor(colour)
        fill.setAlpha(_BAND_ALPHA)
        edges = [pg.PlotCurveItem(list(x), list(side)) for side in (low, high)]
        self.addItem(pg.FillBetweenItem(*edges, brush=fill))


def _thinned(n: int, most: int = _MOST_DRAWN) -> npt.NDArray[np.int64]:
    """Return the places of at most so many of n points, from the first to the last."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(np.int64))


def _label_text(figures: ModelFigures, line: GroupResponse, *, is_crowded: bool) -> str:
    aurrac = number_text(line.response.aurrac)
    if is_crowded:
        return " ".join(part for part in (figures.model, line.name, aurrac) if part)
    return "\n".join(part for part in (figures.model, line.name, f"AURRAC {aurrac}") if part)


def _is_shown(figures: ModelFigures, line: GroupResponse) -> bool:
    """Whether a line is drawn: a group and the rest in place of all pictures and their placebo."""
    has_group = len(figures.lines) > 1
    return bool(line.name) and line is not figures.placebo_line if has_group else True


def _point(figures: ModelFigures, line: GroupResponse, at: int) -> Point:
    """Return a mark of the curve; it stands for the last picture that is let in there."""
    curve = line.curve
    share, accuracy = float(curve.share[at]), float(curve.accuracy[at])
    low, high = (float(np.interp(share, line.band.share, side)) for side in (line.band.low, line.band.high))
    name = f"{figures.model}, {line.name}" if line.name else figures.model
    tip = (
        f"{name}: {number_text(accuracy)} ({interval_text(low, high)}) of the {curve.k[at]:,} pictures with "
        f"least ink saliency\n{line.band.method}"
    )
    return Point(share, accuracy, tip)


def _rows(figures: ModelFigures, line: GroupResponse) -> Iterator[tuple[object, ...]]:
    curve, area = line.curve, line.band.aurrac
    of_points = (curve.k, curve.share, curve.accuracy, curve.threshold, _oracle(line))
    summary = (line.response.aurrac, area.low, area.high, line.response.accuracy)
    for row in zip(*(values.tolist() for values in of_points), strict=True):
        yield (figures.model, figures.method, line.name or "all", *row, *summary)


def _oracle(line: GroupResponse) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return min(1, C / k) at each k of a curve: every right answer before every wrong one."""
    hits = round(line.response.accuracy * line.curve.n)
    return np.minimum(1.0, hits / line.curve.k)
