"""How a figure is distributed over the pictures with ink, one line per model (Figs. 6 and 7)."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from typing_extensions import override

from app.theme import Theme
from app.widgets.coalescer import Coalescer
from app.widgets.figure_export import Numbers
from app.widgets.plot import Plot, Point, series_colour
from gsal.audit.distributions import Distribution
from gsal.audit.names import interval_text, number_text

__all__ = ["DistributionPlot"]

_COLUMNS = ("model", "from", "to", "pictures")
_LINE_PX = 17


class DistributionPlot(Plot):
    """Densities; a dot on each marks its median. Names stand above, in the order of the models."""

    _shown: tuple[Sequence[Distribution], Sequence[str]] | None = None
    """What is drawn, and all models; it is resized before anything is."""

    def __init__(self, theme: Theme, *, name: str, tip: str, bottom: str) -> None:
        super().__init__(theme, name=name, tip=tip, bottom=bottom, left="density")
        self.setMouseEnabled(x=True, y=False)
        self._resized = Coalescer(self)
        self._resized.due.connect(self._draw_again)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The names above the curves take so many px, whatever the height.
        if self._shown:
            self._resized.request()

    @Slot()
    def _draw_again(self) -> None:
        if self._shown:
            shown, models = self._shown
            self.show_distributions(shown, models=models)

    def show_distributions(self, shown: Sequence[Distribution], *, models: Sequence[str]) -> None:
        """Draw these; `models` are all there are, for the colours."""
        self.clear()
        self._shown = shown, models
        self.tabulate = lambda: Numbers(_COLUMNS, tuple(row for one in shown for row in _rows(one)))
        drawn = [one for one in shown if one.density]
        if not drawn:
            return
        top = max(max(one.density) for one in drawn)
        left, right = drawn[0].grid[0], drawn[0].grid[-1]
        for one in drawn:
            colour = series_colour(models, one.name)
            self.plot(list(one.grid), list(one.density), pen=pg.mkPen(colour, width=2))
            height = float(np.interp(one.median, one.grid, one.density))
            self.add_points([Point(one.median, height, _tip(one))], colour=colour, size=9)
        lines = len(drawn) + 0.8
        px = _LINE_PX * self.theme.font_scale
        # The names take their px of the height that the axis leaves; curves have the rest, however little.
        line = px * top / max(px, self.height() - 3 * px - px * lines)
        for number, one in enumerate(drawn):
            text = f"● {one.name}, median {number_text(one.median)}, n {one.n:,}"
            place = top + line * (len(drawn) - number)
            self.add_text(text, left, place, colour=series_colour(models, one.name), anchor=(0, 0.5))
        self.setXRange(left, right, padding=0.02)
        self.setYRange(0, top + line * lines, padding=0)


def _tip(one: Distribution) -> str:
    quartiles = interval_text(one.lower_quartile, one.upper_quartile)
    median = number_text(one.median)
    return f"{one.name}: median {median}, quartiles {quartiles}\n{one.n:,} pictures\n{one.method}"


def _rows(one: Distribution) -> list[tuple[object, ...]]:
    edges = zip(one.edges, one.edges[1:], one.counts, strict=False)
    return [(one.name, low, high, count) for low, high, count in edges]
