"""What ink does to answers, by true class, with 95 % intervals; one colour per variant."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from typing_extensions import override

from app.theme import SERIES, Theme
from app.widgets.plot import Plot, Point
from gsal.audit.names import interval_text, number_text, variant_name

if TYPE_CHECKING:
    from gsal.audit.counterfactual import ClassEffect
    from gsal.jobs.audits.counterfactual import InkEffect

__all__ = ["ChangePlot", "EffectPlot", "FlipPlot"]

_SPREAD = 0.6
"""How far the variants of one class stand apart, in rows."""

_LINE_PX, _VARIANT_PX, _AXIS_PX = 17, 11, 48
"""Of a line of text, of a variant's points in a row, and of the axis with its title, at a text scale of 1."""

_MARGIN = 0.04
"""At both sides, of the width of what is drawn."""

_MOST_LETTERS = 22


@dataclass(frozen=True, slots=True)
class _Point:
    value: float
    low: float
    high: float
    n: int
    method: str


class EffectPlot(Plot):
    """A row of points with bars for each class, all classes together first; n beside each name."""

    unit = ""
    digits = 0

    def __init__(self, theme: Theme, *, name: str, tip: str, bottom: str) -> None:
        super().__init__(theme, name=name, tip=tip, bottom=bottom, left="true class, pictures")
        self._variants, self._rows = 0, 0
        self.invertY(True)

    @property
    def height_px(self) -> int:
        """How high it has to be for every row to be read."""
        content = self._rows * self._row_px + self._variants * _LINE_PX + _AXIS_PX
        return round(content * self.theme.font_scale)

    @property
    def _row_px(self) -> int:
        return _LINE_PX + max(0, self._variants - 1) * _VARIANT_PX

    def show_effects(self, effects: Sequence["InkEffect"]) -> None:
        """Draw these variants of one model."""
        self.clear()
        self.addItem(pg.InfiniteLine(0, angle=90, pen=self.dashed(self.theme.colours.faint)))
        classes = [(one.figures.overall, *one.figures.by_class) for one in effects]
        self._variants, self._rows = len(effects), len(classes[0]) if classes else 0
        if not effects:
            return
        values = [0.0]
        for number, (effect, parts) in enumerate(zip(effects, classes, strict=True)):
            offset = (number - (len(effects) - 1) / 2) * _SPREAD / len(effects)
            points = [self.point(part) for part in parts]
            self._draw(variant_name(effect.figures.variant), parts, points, offset, SERIES[number])
            values += [v for p in points for v in (p.value, p.low, p.high) if isfinite(v)]
        self._name_classes(classes)
        margin = _MARGIN * (max(values) - min(values) or 1)
        left = min(values) - margin
        self.setXRange(left, max(values) + margin, padding=0)
        self._name_variants(effects, left)

    def point(self, effect: "ClassEffect") -> _Point:
        """Return what is drawn of one class."""
        raise NotImplementedError

    def _draw(
        self,
        variant: str,
        parts: Sequence["ClassEffect"],
        points: Sequence[_Point],
        offset: float,
        colour: str,
    ) -> None:
        shown = [(row + offset, p, _name(parts[row])) for row, p in enumerate(points) if isfinite(p.value)]
        bars = [(y, p) for y, p, _ in shown if isfinite(p.low)]
        if bars:
            y, x, low, high = np.array([(y, p.value, p.low, p.high) for y, p in bars]).T
            pen = pg.mkPen(colour, width=2)
            self.addItem(pg.ErrorBarItem(x=x, y=y, left=x - low, right=high - x, beam=0.12, pen=pen))
        drawn = [Point(p.value, y, self._tip(variant, name, p)) for y, p, name in shown]
        self.add_points(drawn, colour=colour, size=8)

    def _tip(self, variant: str, name: str, point: _Point) -> str:
        interval = f" ({interval_text(point.low, point.high, self.digits)})" if isfinite(point.low) else ""
        figure = f"{number_text(point.value, self.digits)}{interval} {self.unit}"
        pictures = f"{point.n:,} picture{'' if point.n == 1 else 's'}"
        return f"{variant}, {name}: {figure}\n{pictures}\n{point.method}"

    def _name_classes(self, classes: Sequence[Sequence["ClassEffect"]]) -> None:
        """Write each class beside its row, with its pictures: one number, or one for each variant."""
        ticks = []
        for row, parts in enumerate(zip(*classes, strict=True)):
            counts = [f"{part.flips.n:,}" for part in parts]
            shown = counts[0] if len(set(counts)) == 1 else " / ".join(counts)
            ticks.append((row, f"{_shortened(_name(parts[0]))}   {shown}"))
        self.getAxis("left").setTicks([ticks])

    def _name_variants(self, effects: Sequence["InkEffect"], left: float) -> None:
        """Write the variants' names above the rows, in the order of the counts."""
        line = _LINE_PX / self._row_px
        top = -0.5 - line * len(effects)
        for number, effect in enumerate(effects):
            name = f"● {variant_name(effect.figures.variant)}"
            self.add_text(name, left, top + (number + 0.5) * line, colour=SERIES[number], anchor=(0, 0.5))
        self.setYRange(top, self._rows - 0.5, padding=0)


def _name(part: "ClassEffect") -> str:
    # Statistics are heavy for a window that only opens; they are in memory by now.
    from gsal.audit.counterfactual import ALL

    return "all classes" if part.name == ALL else part.name


def _shortened(name: str) -> str:
    """Leave out the middle of a long name: classes of one kind begin alike.

    >>> _shortened("squamous cell carcinoma in situ")
    'squamous ce…ma in situ'
    """
    half = _MOST_LETTERS // 2
    return name if len(name) <= _MOST_LETTERS else f"{name[:half]}…{name[1 - half :]}"


class FlipPlot(EffectPlot):
    """The share of pictures that are given another class."""

    unit = "%"

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="flipRates",
            tip="Share of each true class that is given another class than with its ink, or than without it",
            bottom="other answer, %",
        )

    @override
    def point(self, effect: "ClassEffect") -> _Point:
        """Return the flip rate in per cent."""
        flips = effect.flips
        return _Point(100 * flips.estimate, 100 * flips.low, 100 * flips.high, n=flips.n, method=flips.method)


class ChangePlot(EffectPlot):
    """How much surer, or less sure, the network becomes of the class it named before."""

    unit = "points"
    digits = 1

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="confidenceChanges",
            tip="Mean change of the probability of the class named before, by true class",
            bottom="confidence, points",
        )

    @override
    def point(self, effect: "ClassEffect") -> _Point:
        """Return the change of confidence in points."""
        shift = effect.confidence
        return _Point(100 * shift.mean, 100 * shift.low, 100 * shift.high, n=shift.n, method=shift.method)
