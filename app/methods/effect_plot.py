"""What ink does to answers, by true class, with 95 % intervals; one colour per variant."""

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from typing_extensions import override

from app.theme import SERIES, Theme
from app.widgets.forest_plot import ForestPlot, Mark, Series
from gsal.audit.names import interval_text, number_text, variant_name

if TYPE_CHECKING:
    from gsal.audit.counterfactual import ClassEffect
    from gsal.jobs.audits.counterfactual import InkEffect

__all__ = ["ChangePlot", "EffectPlot", "FlipPlot"]


class EffectPlot(ForestPlot):
    """A row of estimates for each class, all classes together first; n beside each name."""

    unit = ""
    digits = 0

    def __init__(self, theme: Theme, *, name: str, tip: str, bottom: str) -> None:
        super().__init__(theme, name=name, tip=tip, bottom=bottom, left="true class, pictures")

    def show_effects(self, effects: Sequence["InkEffect"]) -> None:
        """Draw these variants of one model."""
        classes = [(one.figures.overall, *one.figures.by_class) for one in effects]
        names = [_name(part) for part in classes[0]] if classes else []
        series = []
        for number, (effect, parts) in enumerate(zip(effects, classes, strict=True)):
            variant = variant_name(effect.figures.variant)
            marks = tuple(self._mark(variant, part) for part in parts)
            series.append(Series(variant, SERIES[number], marks))
        self.show_series(names, series)

    def estimate(self, effect: "ClassEffect") -> tuple[float, float, float]:
        """Return what is drawn of one class: the estimate and the ends of its interval."""
        raise NotImplementedError

    def method(self, effect: "ClassEffect") -> str:
        """Return how its interval was made."""
        raise NotImplementedError

    def _mark(self, variant: str, effect: "ClassEffect") -> Mark:
        value, low, high = self.estimate(effect)
        n, method = effect.flips.n, self.method(effect)
        interval = f" ({interval_text(low, high, self.digits)})" if isfinite(low) else ""
        figure = f"{number_text(value, self.digits)}{interval} {self.unit}"
        pictures = f"{n:,} picture{'' if n == 1 else 's'}"
        tip = f"{variant}, {_name(effect)}: {figure}\n{pictures}\n{method}"
        return Mark(value, low, high, n, method, tip)


def _name(part: "ClassEffect") -> str:
    # Statistics are heavy for a window that only opens; they are in memory by now.
    from gsal.audit.counterfactual import ALL

    return "all classes" if part.name == ALL else part.name


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
    def estimate(self, effect: "ClassEffect") -> tuple[float, float, float]:
        """Return the flip rate in per cent."""
        return 100 * effect.flips.estimate, 100 * effect.flips.low, 100 * effect.flips.high

    @override
    def method(self, effect: "ClassEffect") -> str:
        """Return how its interval was made."""
        return effect.flips.method


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
    def estimate(self, effect: "ClassEffect") -> tuple[float, float, float]:
        """Return the change of confidence in points."""
        return 100 * effect.confidence.mean, 100 * effect.confidence.low, 100 * effect.confidence.high

    @override
    def method(self, effect: "ClassEffect") -> str:
        """Return how its interval was made, or why there is none."""
        return effect.confidence.reason or effect.confidence.method
