"""How alike maps stay while a network forgets, layer by layer from the top: one line per saliency method."""

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from app.theme import SERIES, Theme
from app.widgets.plot import Plot, Point, spread
from gsal.audit.names import interval_text, method_name, number_text

if TYPE_CHECKING:
    from gsal.saliency.sanity import MethodSanity, StageSimilarity

__all__ = ["SanityPlot"]

_LABEL_GAP = 0.1
"""Between two names, of a correlation; the figure grows with the text."""

_LEAST, _MOST = -0.3, 1.05
_MARGIN = 0.07
"""For half the name of the first stage at the left, of the width of the lines."""

_ROOM = 0.34
"""For the methods' names at the right, of the width of the lines."""

_MOST_TICKS = 6
_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)


class SanityPlot(Plot):
    """Rank correlation with the maps of the network as trained, with intervals; the bound is dashed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="sanityCurves",
            tip="Rank correlation of maps with those of the network as trained, stage by stage of forgetting",
            bottom="randomised from the top down to",
            left="rank correlation",
        )

    def show_checks(self, checks: Sequence["MethodSanity"], *, bound: float) -> None:
        """Draw these methods of one model, and the correlation from which maps count as the same."""
        self.clear()
        for place, pen in ((0.0, self.theme.colours.border), (bound, self.theme.colours.muted)):
            self.addItem(pg.InfiniteLine(place, angle=0, pen=self.dashed(pen)))
        ends = []
        for number, check in enumerate(checks):
            colour, style = SERIES[number % len(SERIES)], _STYLES[number // len(SERIES) % len(_STYLES)]
            ends.append(self._draw(check, colour, style))
        if checks:
            self._name_stages(max((check.stages for check in checks), key=len))
            self._label(checks, ends)
        lows = [stage.decisive.low for check in checks for stage in check.stages]
        least = min((low for low in lows if isfinite(low)), default=0.0)
        self.setYRange(min(_LEAST, least - 0.05), _MOST, padding=0)

    def _draw(self, check: "MethodSanity", colour: str, style: Qt.PenStyle) -> tuple[float, float]:
        """Draw a line with bars, and return where it ends."""
        drawn = [(place, stage.decisive, stage) for place, stage in enumerate(check.stages)]
        known = [(place, estimate, stage) for place, estimate, stage in drawn if isfinite(estimate.mean)]
        if not known:
            return 0.0, 0.0
        x, y = [place for place, _, _ in known], [estimate.mean for _, estimate, _ in known]
        self.plot(x, y, pen=pg.mkPen(colour, width=2, style=style))
        bars = [(place, one.mean, one.low, one.high) for place, one, _ in known]
        self.add_bars(bars, colour=colour, beam=0.1, width=1)
        points = [Point(place, one.mean, _tip(check, stage)) for place, one, stage in known]
        self.add_points(points, colour=colour, size=8)
        return x[-1], y[-1]

    def _name_stages(self, stages: Sequence["StageSimilarity"]) -> None:
        last = len(stages) - 1
        most = max(2, int(_MOST_TICKS / self.theme.font_scale))
        shown = sorted({round(place) for place in np.linspace(0, last, min(last + 1, most))})
        # The last part of a dotted name; the whole one is in the tip.
        names = [(place, stages[place].stage.rpartition(".")[2]) for place in shown]
        self.getAxis("bottom").setTicks([names])
        scale = self.theme.font_scale
        self.setXRange(-last * _MARGIN * scale, last * (1 + _ROOM * scale), padding=0)

    def _label(self, checks: Sequence["MethodSanity"], ends: Sequence[tuple[float, float]]) -> None:
        """Write each method's name beside the end of its line."""
        places = _below(
            spread([y for _, y in ends], gap=_LABEL_GAP), top=_MOST - _LABEL_GAP / 2, gap=_LABEL_GAP
        )
        for number, (check, (x, _), place) in enumerate(zip(checks, ends, places, strict=True)):
            name, colour = method_name(check.method), SERIES[number % len(SERIES)]
            self.add_text(name, x + 0.1, place, colour=colour, anchor=(0, 0.5))


def _below(places: Sequence[float], *, top: float, gap: float) -> list[float]:
    """Return label places pushed downwards so that none is above the top, nor nearer than `gap` to the next.

    >>> [round(place, 2) for place in _below([0.2, 1.0, 1.1], top=1.0, gap=0.1)]
    [0.2, 0.9, 1.0]
    """
    moved, most = list(places), top
    for index in sorted(range(len(places)), key=places.__getitem__, reverse=True):
        moved[index] = min(places[index], most)
        most = moved[index] - gap
    return moved


def _tip(check: "MethodSanity", stage: "StageSimilarity") -> str:
    figures = {
        "signed": stage.spearman,
        "absolute": stage.spearman_absolute,
        "structural similarity": stage.ssim,
    }
    lines = [
        f"{name} {number_text(one.mean)} ({interval_text(one.low, one.high)}), {one.n:,} pictures"
        for name, one in figures.items()
    ]
    return "\n".join([f"{method_name(check.method)}, {stage.stage}:", *lines, f"{check.draws:,} draws"])
