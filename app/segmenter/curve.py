"""Ink found and ink-free pictures left alone, over the network's threshold."""

from collections.abc import Callable, Sequence

import pyqtgraph as pg
from PySide6.QtGui import QColor

from app.segmenter.measured import CurvePoint, Figure
from app.segmenter.words import figure_text
from app.theme import SERIES, Theme
from app.widgets.figure_export import Numbers
from app.widgets.plot import Plot, Point

__all__ = ["ThresholdPlot"]

_BAND_ALPHA = 50
_LABEL_AT = 1.02
_MOST_MARKS = 40
_Line = tuple[str, str, Callable[[CurvePoint], Figure]]
_LINES: tuple[_Line, ...] = (
    ("ink found", SERIES[0], lambda point: point.sensitivity),
    ("ink-free found", SERIES[1], lambda point: point.specificity),
)


class ThresholdPlot(Plot):
    """Two lines with their 95 % bands; the dashed line is the threshold in use."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="thresholdCurve",
            tip="Inked pictures found and ink-free pictures left alone, by threshold",
            bottom="threshold of the ink probability",
            left="share of pictures",
        )
        self.setXRange(0, 1.3, padding=0.02)
        self.setYRange(0, 1, padding=0.04)
        self.getAxis("bottom").setTicks([[(tick / 5, f"{tick / 5:.1f}") for tick in range(6)]])
        self._curve: tuple[CurvePoint, ...] = ()
        self._threshold = 0.5
        self.tips: list[str] = []
        theme.changed.connect(self._draw)

    def show_curve(self, curve: Sequence[CurvePoint], *, threshold: float = 0.5) -> None:
        """Draw a curve, and the threshold that masks are cut at."""
        self._curve, self._threshold = tuple(curve), threshold
        self._draw()

    def _draw(self) -> None:
        self.clear()
        self.tips = []
        if not self._curve:
            return
        self.addItem(pg.InfiniteLine(self._threshold, angle=90, pen=self.dashed(self.theme.colours.muted)))
        columns = ("figure", "threshold", "estimate", "low", "high", "n")
        drawn = tuple(self._curve)
        self.tabulate = lambda: Numbers(
            columns, tuple(_row(name, p, figure(p)) for name, _, figure in _LINES for p in drawn)
        )
        for name, colour, figure in _LINES:
            points = [point for point in self._curve if figure(point).is_known]
            if points:
                self._draw_line(name, colour, points, figure)

    def _draw_line(
        self, name: str, colour: str, points: Sequence[CurvePoint], figure: Callable[[CurvePoint], Figure]
    ) -> None:
        x = [point.threshold for point in points]
        y = [figure(point).estimate for point in points]
        if all(figure(point).has_interval for point in points):
            edges = [
                pg.PlotCurveItem(x, [getattr(figure(point), side) for point in points])
                for side in ("low", "high")
            ]
            fill = QColor(colour)
            fill.setAlpha(_BAND_ALPHA)
            self.addItem(pg.FillBetweenItem(*edges, brush=fill))
        self.plot(x, y, pen=pg.mkPen(colour, width=2))
        every = max(1, len(points) // _MOST_MARKS)
        marked = points[::every]
        tips = [_tip(name, point, figure(point)) for point in marked]
        self.tips += tips
        places = zip(marked, tips, strict=True)
        shown = [Point(point.threshold, figure(point).estimate, tip) for point, tip in places]
        self.add_points(shown, colour=colour, size=6)
        self.add_text(name, _LABEL_AT, y[-1], colour=colour, anchor=(0, 0.5))


def _row(name: str, point: CurvePoint, figure: Figure) -> tuple[object, ...]:
    return name, point.threshold, figure.estimate, figure.low, figure.high, figure.n


def _tip(name: str, point: CurvePoint, figure: Figure) -> str:
    return f"Threshold {point.threshold:.2f}: {name} {figure_text(figure)}\n{figure.n} pictures"
