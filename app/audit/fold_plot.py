"""Accuracy against permitted ink saliency over the folds of a cross-validation (Figs. 2 and 9)."""

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

import pyqtgraph as pg
from PySide6.QtGui import QColor

from app.theme import Theme
from app.widgets.figure_export import Numbers
from app.widgets.plot import Plot, Point, faded, filled, series_colour, spread
from gsal.audit.groups import FoldCurves
from gsal.audit.names import interval_text, number_text

__all__ = ["FoldPlot"]

_COLUMNS = ("cross-validation", "fold", "share", "accuracy", "low", "high", "pictures", "method")
_EVERY = 6
"""A mark at every sixth of the 91 shares."""

_LINE_GAP = 0.09
"""A line of a label, of the height of the figure."""


class FoldPlot(Plot):
    """The mean over the folds with its band, and thin the folds themselves."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="foldCurves",
            tip="Accuracy of the pictures with the least ink saliency, mean over folds",
            bottom="share of pictures let in, least ink saliency first",
            left="accuracy",
        )
        self.getAxis("bottom").setTicks([[(tick / 5, f"{tick / 5:.1f}") for tick in range(6)]])

    def show_folds(self, folds: Mapping[str, FoldCurves]) -> None:
        """Draw each cross-validation, by its name."""
        self.clear()
        drawn = {name: one for name, one in folds.items() if one.curves}
        self.tabulate = lambda: Numbers(
            _COLUMNS, tuple(row for name, one in folds.items() for row in _rows(name, one))
        )
        if not drawn:
            self.say("\n".join(f"{name}: {one.reason}" for name, one in folds.items()))
            return
        names = list(drawn)
        for name, one in drawn.items():
            self._draw(name, one, series_colour(names, name))
        lows = [value for one in drawn.values() for value in (*one.low, *one.accuracy) if isfinite(value)]
        highs = [value for one in drawn.values() for value in (*one.high, *one.accuracy) if isfinite(value)]
        # An interval over two folds reaches far beyond what a share can be.
        low, high = max(-0.02, min(lows)), min(1.02, max(highs))
        self.setYRange(low, high, padding=0.02)
        self.setXRange(0, 1.4, padding=0.02)
        self._label(drawn, names, gap=2 * _LINE_GAP * self.theme.font_scale * (high - low))

    def _draw(self, name: str, one: FoldCurves, colour: str) -> None:
        if isfinite(one.low[0]):
            self.addItem(filled(one.share, one.low, one.high, colour))
        for curve in one.curves:
            self.plot(one.share, curve, pen=pg.mkPen(QColor(faded(colour)), width=1))
        self.plot(one.share, one.accuracy, pen=pg.mkPen(colour, width=2))
        points = [_point(name, one, at) for at in range(0, len(one.share), _EVERY)]
        self.add_points(points, colour=colour, size=5)

    def _label(self, drawn: Mapping[str, FoldCurves], names: Sequence[str], *, gap: float) -> None:
        texts = [f"{name}\nAURRAC {number_text(one.aurrac)}" for name, one in drawn.items()]
        places = spread([one.accuracy[-1] for one in drawn.values()], gap=gap)
        down = max(0.0, max(places) - 1.0)
        for name, text, place in zip(drawn, texts, places, strict=True):
            self.add_text(text, 1.02, place - down, colour=series_colour(names, name), anchor=(0, 0.5))


def _point(name: str, one: FoldCurves, at: int) -> Point:
    share, accuracy = one.share[at], one.accuracy[at]
    interval = one.reason or interval_text(one.low[at], one.high[at])
    area = interval_text(one.aurrac_interval.low, one.aurrac_interval.high)
    tip = (
        f"{name}: {number_text(accuracy)} ({interval}) of the {share:.0%} with least ink saliency\n"
        f"AURRAC {number_text(one.aurrac)} ({area})\n"
        f"{len(one.folds)} folds, {one.n:,} pictures with ink; {one.method}"
    )
    return Point(share, accuracy, tip)


def _rows(name: str, one: FoldCurves) -> Iterator[tuple[object, ...]]:
    nothing = float("nan")
    for place, share in enumerate(one.share):
        yield (
            *(name, "mean", share, one.accuracy[place], one.low[place], one.high[place]),
            *(one.n, one.method),
        )
        for fold, curve in zip(one.folds, one.curves, strict=True):
            yield (name, fold, share, curve[place], nothing, nothing, "", "")
