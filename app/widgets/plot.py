"""A figure: pyqtgraph in the theme's colours; double-click resets, right-click takes it elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QGraphicsScene, QToolTip
from typing_extensions import override

from app.theme import SERIES, Theme
from app.widgets.figure_export import FigureMenu, Numbers

__all__ = ["Plot", "Point", "faded", "filled", "series_colour", "spread"]

pg.setConfigOptions(antialias=True)
_LABEL_ALPHA = 190
_FADED = 0.25
_BAND_ALPHA = 40

_MOST_DRAWN = 2000
"""Points drawn one by one, which stay sharp in a saved drawing; of more, small pictures are copied."""


def spread(places: Sequence[float], *, gap: float) -> list[float]:
    """Return label places pushed upwards so that none is nearer than `gap` to the one below it.

    >>> spread([0.5, 0.5, 0.0], gap=0.25)
    [0.5, 0.75, 0.0]
    """
    moved = list(places)
    least = float("-inf")
    for index in sorted(range(len(places)), key=lambda i: (places[i], i)):
        moved[index] = max(places[index], least + gap)
        least = moved[index]
    return moved


def series_colour(names: Sequence[str], name: str) -> str:
    """Return the colour of one of these names: the same for the same model everywhere."""
    return SERIES[list(names).index(name) % len(SERIES)] if name in names else SERIES[-1]


def faded(colour: str) -> str:
    """Return a colour as it is drawn for what is not looked at, as #aarrggbb."""
    made = QColor(colour)
    made.setAlphaF(_FADED)
    return made.name(QColor.NameFormat.HexArgb)


def filled(
    x: Sequence[float], low: Sequence[float], high: Sequence[float], colour: str
) -> pg.FillBetweenItem:
    """Return a band between two lines."""
    fill = QColor(colour)
    fill.setAlpha(_BAND_ALPHA)
    edges = [pg.PlotCurveItem(list(x), list(side)) for side in (low, high)]
    return pg.FillBetweenItem(*edges, brush=fill)


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a figure.

    Attributes:
        x, y: Where it is.
        tip: What is said of it.
        key: What it stands for, told when it is clicked; None for nothing.
    """

    x: float
    y: float
    tip: str
    key: object = None


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """Writes a true minus sign."""

    @override
    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [text.replace("-", "−") for text in super().tickStrings(values, scale, spacing)]


class _WholeAxis(_Axis):
    @override
    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        levels = super().tickSpacing(minVal, maxVal, size)
        return [level for level in levels if level[0] >= 1] or [(1.0, 0.0)]


class Plot(pg.PlotWidget):  # type: ignore[misc]
    """Base of all figures.

    Args:
        theme: For the colours, also when they change.
        name: Object name; the file's name when saved.
        tip: What it shows, in one sentence.
        bottom, left: Titles of the axes.
        whole: Whether the bottom axis counts, so that only whole numbers stand on it.

    Signals:
        picked(key): A point that stands for something was clicked.

    Attributes:
        tabulate: Returns what is drawn as a table; whoever draws keeps it.
    """

    picked = Signal(object)

    def __init__(
        self, theme: Theme, *, name: str, tip: str, bottom: str, left: str, whole: bool = False
    ) -> None:
        bottom_axis = _WholeAxis("bottom") if whole else _Axis("bottom")
        super().__init__(axisItems={"bottom": bottom_axis, "left": _Axis("left")})
        # Few items that are drawn anew all the time: an index would be searched for what is gone.
        self.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setObjectName(name)
        self.setAccessibleName(tip)
        self.theme = theme
        self.tabulate: Callable[[], Numbers] = Numbers
        self._titles = {"bottom": bottom, "left": left}
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMinimumSize(220, 160)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        theme.changed.connect(self.recolour)
        self.recolour()

    @Slot()
    def recolour(self) -> None:
        """Take the theme's colours."""
        colours = self.theme.colours
        self.setBackground(colours.surface)
        for side, title in self._titles.items():
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(colours.border))
            axis.setTextPen(pg.mkPen(colours.muted))
            axis.setStyle(tickLength=-4)
            self._write_title(side, title)

    def set_title(self, side: str, title: str) -> None:
        """Give an axis ("left" or "bottom") another title."""
        if self._titles[side] != title:
            self._titles[side] = title
            self._write_title(side, title)

    def dashed(self, colour: str) -> object:
        """Return a thin dashed pen."""
        return pg.mkPen(colour, width=1, style=Qt.PenStyle.DashLine)

    def add_text(self, text: str, x: float, y: float, *, colour: str, anchor: tuple[float, float]) -> None:
        """Write a direct label into the figure."""
        behind = QColor(self.theme.colours.surface)
        behind.setAlpha(_LABEL_ALPHA)
        item = pg.TextItem(text, color=QColor(colour), anchor=anchor, fill=behind)
        item.setPos(x, y)
        self.addItem(item, ignoreBounds=True)

    def say(self, text: str) -> None:
        """Write into an empty figure why it is empty, and what would fill it."""
        self.setXRange(-1, 1)
        self.setYRange(-1, 1)
        self.add_text(text, 0, 0, colour=self.theme.colours.muted, anchor=(0.5, 0.5))

    def add_bars(
        self, bars: Sequence[tuple[float, float, float, float]], *, colour: str, beam: float, width: int = 2
    ) -> None:
        """Draw intervals.

        Args:
            bars: Place, value, low and high of each; those that are undefined are left out.
            colour: Of the lines.
            beam: Length of the ends, in units of the bottom axis.
            width: Of the lines, in px.
        """
        drawn = np.array([bar for bar in bars if isfinite(bar[2])], dtype=np.float64).reshape(-1, 4)
        if len(drawn):
            x, y, low, high = drawn.T
            pen = pg.mkPen(QColor(colour), width=width)
            self.addItem(pg.ErrorBarItem(x=x, y=y, top=high - y, bottom=y - low, beam=beam, pen=pen))

    def add_points(self, points: Sequence[Point], *, colour: str, size: int = 8, symbol: str = "o") -> None:
        """Draw points that explain themselves under the mouse.

        Args:
            points: Where, and what they say.
            colour: Of them all.
            size: Across, in px.
            symbol: As pyqtgraph names it: "o" a dot, "x" a cross, "d" a diamond.
        """
        drawn = pg.ScatterPlotItem(
            x=[point.x for point in points],
            y=[point.y for point in points],
            data=list(points),
            size=size,
            symbol=symbol,
            pen=pg.mkPen(self.theme.colours.surface, width=1),
            brush=QColor(colour),
            hoverable=True,
            tip=None,
            useCache=len(points) > _MOST_DRAWN,
        )
        drawn.sigHovered.connect(self._explain)
        drawn.sigClicked.connect(self._pick)
        self.addItem(drawn)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.enableAutoRange()
        event.accept()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()
        super().leaveEvent(event)

    def _write_title(self, side: str, title: str) -> None:
        self.setLabel(side, title, color=self.theme.colours.muted)
        # Shares are written as they are, not in thousandths; every new label forgets this.
        self.getAxis(side).setSIPrefixEnableRanges([])
        self.getAxis(side).updateAutoSIPrefix()

    def _explain(self, item: object, points: Sequence[pg.SpotItem], event: object) -> None:
        del item
        if len(points):
            at = self.mapFromScene(points[0].viewPos()) if event is None else event.screenPos()  # type: ignore[attr-defined]
            QToolTip.showText(QPoint(int(at.x()), int(at.y())), points[0].data().tip, self)

    def _pick(self, item: object, points: Sequence[pg.SpotItem], event: object) -> None:
        del item, event
        if len(points) and points[0].data().key is not None:
            self.picked.emit(points[0].data().key)

    @Slot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        has_numbers = self.tabulate is not Numbers
        FigureMenu(self, self.tabulate, has_numbers=has_numbers).popup(self.mapToGlobal(at))
