"""What ink does to answers, by true class, with 95 % intervals; one colour per variant."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import pyqtgraph as pg
from typing_extensions import override

from app.theme import SERIES, Theme
from app.widgets.plot import Plot, Point, spread
from gsal.audit.names import variant_name

if TYPE_CHECKING:
    from gsal.audit.counterfactual import ClassEffect
    from gsal.jobs.audits.counterfactual import InkEffect

__all__ = ["ChangePlot", "EffectPlot", "FlipPlot"]

_SPREAD = 0.5
"""How far the variants of one class stand apart, in classes."""

_ROOM = 1.6
"""For the variants' names at the right, in classes."""

_LABEL_GAP = 0.1
"""Between two names, of the height of the figure."""


@dataclass(frozen=True, slots=True)
class _Point:
    value: float
    low: float
    high: float
    n: int
    method: str


class EffectPlot(Plot):
    """Points with bars, all classes together first; n under each class."""

    unit = ""
    digits = 0

    def show_effects(self, effects: Sequence["InkEffect"]) -> None:
        """Draw these variants of one model."""
        self.clear()
        self.addItem(pg.InfiniteLine(0, angle=0, pen=self.dashed(self.theme.colours.faint)))
        if not effects:
            return
        classes = [(one.figures.overall, *one.figures.by_class) for one in effects]
        self._name_classes(classes)
        ends, values = [], []
        for number, (effect, parts) in enumerate(zip(effects, classes, strict=True)):
            offset = (number - (len(effects) - 1) / 2) * _SPREAD / len(effects)
            points = [self.point(part) for part in parts]
            self._draw(variant_name(effect.figures.variant), parts, points, offset, SERIES[number])
            known = [(x, p.value) for x, p in enumerate(points) if isfinite(p.value)]
            ends.append(known[-1] if known else (0, 0.0))
            values += [v for p in points for v in (p.value, p.low, p.high) if isfinite(v)]
        self._label(effects, ends, gap=_LABEL_GAP * self.theme.font_scale * (max(values) - min(values)))
        self.setXRange(-0.6, len(classes[0]) - 0.4 + _ROOM * self.theme.font_scale, padding=0)

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
        shown = [(x + offset, p, parts[x].name) for x, p in enumerate(points) if isfinite(p.value)]
        self.add_bars([(x, p.value, p.low, p.high) for x, p, _ in shown], colour=colour, beam=0.08)
        points_shown = [Point(x, p.value, self._tip(variant, name, p)) for x, p, name in shown]
        self.add_points(points_shown, colour=colour, size=9)

    def _tip(self, variant: str, name: str, point: _Point) -> str:
        interval = f" ({point.low:.{self.digits}f} to {point.high:.{self.digits}f})"
        figure = f"{point.value:.{self.digits}f}{interval if isfinite(point.low) else ''} {self.unit}"
        return f"{variant}, {name}: {figure}\n{point.n} pictures\n{point.method}"

    def _name_classes(self, classes: Sequence[Sequence["ClassEffect"]]) -> None:
        counts = [[str(part.flips.n) for part in parts] for parts in classes]
        ticks = []
        for place, part in enumerate(classes[0]):
            own = [of_variant[place] for of_variant in counts]
            ticks.append((place, f"{part.name}\n{own[0] if len(set(own)) == 1 else ' / '.join(own)}"))
        self.getAxis("bottom").setTicks([ticks])

    def _label(
        self, effects: Sequence["InkEffect"], ends: Sequence[tuple[float, float]], *, gap: float
    ) -> None:
        """Write each variant's name beside its last point."""
        places = spread([y for _, y in ends], gap=gap)
        for number, (effect, (x, _), place) in enumerate(zip(effects, ends, places, strict=True)):
            name = variant_name(effect.figures.variant)
            self.add_text(name, x + _SPREAD / 2, place, colour=SERIES[number], anchor=(0, 0.5))


class FlipPlot(EffectPlot):
    """The share of pictures that are given another class."""

    unit = "%"

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="flipRates",
            tip="Share of each true class that is given another class than with its ink, or than without it",
            bottom="true class, pictures",
            left="other answer, %",
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
            bottom="true class, pictures",
            left="confidence, points",
        )

    @override
    def point(self, effect: "ClassEffect") -> _Point:
        """Return the change of confidence in points."""
        shift = effect.confidence
        return _Point(100 * shift.mean, 100 * shift.low, 100 * shift.high, n=shift.n, method=shift.method)
