"""Estimates with intervals in rows, as a forest plot: one row for each class, one colour for each series."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor

from app.theme import Theme
from app.widgets.figure_export import Numbers
from app.widgets.plot import Plot, Point, faded

__all__ = ["ForestPlot", "Mark", "Series", "shortened"]

_SPREAD = 0.6
"""How far the series of one row stand apart, in rows."""

_BEAM = 0.12
"""The end of an interval, in rows; shorter where many series stand in one."""

_LINE_PX, _AXIS_PX = 17, 48
"""Of a line of text, and of the axis with its title, at a text scale of 1."""

_SERIES_PX, _DENSE_PX, _MOST_LOOSE = 11, 7, 8
"""Of a series' mark in a row, and of one of more than so many."""

_MARGIN = 0.04
"""At both sides, of the width of what is drawn."""

_MOST_LETTERS = 22
_MOST_COUNTS = 3
_COLUMNS = ("series", "row", "estimate", "low", "high", "n", "method")


@dataclass(frozen=True, slots=True)
class Mark:
    """An estimate in a row; one that is NaN but has something said of it is a small cross at the left.

    Attributes:
        value: The estimate.
        low, high: Its interval; NaN for none.
        n: Pictures it is of.
        method: How the interval was made, in words.
        tip: What is said of it under the mouse.
    """

    value: float
    low: float
    high: float
    n: int
    method: str
    tip: str


@dataclass(frozen=True, slots=True)
class Series:
    """Marks of one colour.

    Attributes:
        name: Written above the rows.
        colour: Of the marks and the name.
        marks: One for each row.
        symbol: "o" a dot, "d" a diamond.
        is_named: Whether its name is written above the rows; one of many that the caption tells need not be.
        short: What is written there of a name that is too long; "" for all of it.
    """

    name: str
    colour: str
    marks: tuple[Mark, ...]
    symbol: str = "o"
    is_named: bool = True
    short: str = ""


class ForestPlot(Plot):
    """Rows from the top; names at the left, with their pictures; a click on a mark tells its row's name.

    Signals:
        resized(): It has other rows or series, and another height.
    """

    resized = Signal()

    def __init__(self, theme: Theme, *, name: str, tip: str, bottom: str, left: str) -> None:
        super().__init__(theme, name=name, tip=tip, bottom=bottom, left=left)
        self._rows = self._series = self._names = 0
        self.invertY(True)
        self.setMouseEnabled(x=True, y=False)

    @property
    def height_px(self) -> int:
        """How high it has to be for every row to be read."""
        content = self._rows * self._row_px + self._names * _LINE_PX + _AXIS_PX
        return round(content * self.theme.font_scale)

    @property
    def _row_px(self) -> int:
        each = _SERIES_PX if self._series <= _MOST_LOOSE else _DENSE_PX
        return _LINE_PX + max(0, self._series - 1) * each

    def show_series(
        self,
        rows: Sequence[str],
        series: Sequence[Series],
        *,
        zero: bool = True,
        standing_out: Collection[str] = (),
        ends: tuple[float, float] | None = None,
    ) -> None:
        """Draw.

        Args:
            rows: Their names.
            series: Each with as many marks.
            zero: Whether zero means something, and has a line.
            standing_out: Names of the rows that are not faded; none is, if empty.
            ends: Of the scale, where it has some.
        """
        self.clear()
        self._rows, self._series = len(rows), len(series)
        self._names = sum(one.is_named for one in series)
        self.tabulate = lambda: _numbers(rows, series)
        if zero:
            self.addItem(pg.InfiniteLine(0, angle=90, pen=self.dashed(self.theme.colours.faint)))
        values = [v for one in series for m in one.marks for v in (m.value, m.low, m.high) if isfinite(v)]
        self.resized.emit()
        if not series or not values:
            self.getAxis("left").setTicks([[]])
            return
        for number, one in enumerate(series):
            for is_faded in (True, False):
                self._draw(rows, one, _offset(number, len(series)), standing_out, is_faded=is_faded)
        self._name_rows(rows, series)
        values += [*([0.0] if zero else []), *(ends or ())]
        margin = _MARGIN * (max(values) - min(values) or 1)
        left = min(values) - margin
        self.setXRange(left, max(values) + margin, padding=0)
        self._name_series(series, left)
        for number, one in enumerate(series):
            self._draw_undefined(rows, one, _offset(number, len(series)), left)

    def _draw(
        self, rows: Sequence[str], series: Series, offset: float, out: Collection[str], *, is_faded: bool
    ) -> None:
        shown = [
            (place + offset, mark, rows[place])
            for place, mark in enumerate(series.marks)
            if isfinite(mark.value) and bool(out and rows[place] not in out) is is_faded
        ]
        colour = faded(series.colour) if is_faded else series.colour
        bars = [(y, m.value, m.low, m.high) for y, m, _ in shown if isfinite(m.low)]
        if bars:
            y, x, low, high = np.array(bars).T
            pen = pg.mkPen(QColor(colour), width=2)
            beam = min(_BEAM, 0.8 * _SPREAD / self._series)
            self.addItem(pg.ErrorBarItem(x=x, y=y, left=x - low, right=high - x, beam=beam, pen=pen))
        points = [Point(mark.value, place, mark.tip, name) for place, mark, name in shown]
        self.add_points(points, colour=colour, size=9, symbol=series.symbol)

    def _draw_undefined(self, rows: Sequence[str], series: Series, offset: float, left: float) -> None:
        """Leave a place to ask why there is no estimate."""
        points = [
            Point(left, place + offset, mark.tip, rows[place])
            for place, mark in enumerate(series.marks)
            if not isfinite(mark.value) and mark.tip
        ]
        if points:
            self.add_points(points, colour=faded(series.colour), size=7, symbol="x")

    def _name_rows(self, rows: Sequence[str], series: Sequence[Series]) -> None:
        """Write each name beside its row, with its pictures: one number, or one for each series."""
        ticks = []
        for place, name in enumerate(rows):
            ticks.append((place, f"{shortened(name)}   {_counts([one.marks[place].n for one in series])}"))
        self.getAxis("left").setTicks([ticks])

    def _name_series(self, series: Sequence[Series], left: float) -> None:
        """Write the names above the rows, in the order of the counts."""
        line = _LINE_PX / self._row_px
        top = -0.5 - line * self._names
        for number, one in enumerate(one for one in series if one.is_named):
            name = f"{'◆' if one.symbol == 'd' else '●'} {one.short or one.name}"
            self.add_text(name, left, top + (number + 0.5) * line, colour=one.colour, anchor=(0, 0.5))
        self.setYRange(top, self._rows - 0.5, padding=0)


def _offset(number: int, series: int) -> float:
    """Return how far below its row's middle a series stands, in rows."""
    return (number - (series - 1) / 2) * _SPREAD / series


def shortened(name: str) -> str:
    """Leave out the middle of a long name: classes of one kind begin alike.

    >>> shortened("squamous cell carcinoma in situ")
    'squamous ce…ma in situ'
    """
    half = _MOST_LETTERS // 2
    return name if len(name) <= _MOST_LETTERS else f"{name[:half]}…{name[1 - half :]}"


def _counts(of_series: Sequence[int]) -> str:
    """Write the pictures of a row: one number, one for each of a few series, or from the least to the most.

    >>> _counts([7, 7]), _counts([7, 8]), _counts([7, 8, 9, 7])
    ('7', '7 / 8', '7–9')
    """
    if len(set(of_series)) == 1:
        return f"{of_series[0]:,}"
    if len(of_series) <= _MOST_COUNTS:
        return " / ".join(f"{n:,}" for n in of_series)
    return f"{min(of_series):,}–{max(of_series):,}"


def _numbers(rows: Sequence[str], series: Sequence[Series]) -> Numbers:
    table = [
        (one.name, name, mark.value, mark.low, mark.high, mark.n, mark.method)
        for one in series
        for name, mark in zip(rows, one.marks, strict=True)
    ]
    return Numbers(_COLUMNS, tuple(table))
