"""How far the class means of each model lie apart, as they are and with the noise taken off."""

from collections.abc import Mapping, Sequence
from math import isfinite

from app.audit.figures import PLACEBO, ModelFigures
from app.theme import Theme
from app.widgets.forest_plot import ForestPlot, Mark, Series
from app.widgets.plot import series_colour
from gsal.audit.names import number_text, p_text, significant_text
from gsal.audit.significance import TestedEffect
from gsal.audit.variance_interval import VarianceEstimate

__all__ = ["VariancePlot"]

_ROWS = ("as it is", "noise taken off")
_FEW_MODELS = 3


class VariancePlot(ForestPlot):
    """Two rows, one colour per model; dots are the pictures as they are, diamonds those without their ink."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="interClassVariance",
            tip="Variance of the mean ink saliency of the true classes, with 95 % intervals",
            bottom="variance of the class means",
            left="pictures with ink",
        )

    def show_figures(
        self,
        figures: Sequence[ModelFigures],
        *,
        models: Sequence[str],
        associations: Mapping[str, TestedEffect],
    ) -> None:
        """Draw these models.

        Args:
            figures: Of the models.
            models: All there are, for the colours.
            associations: By model, the last audit's test of saliency and true class, where there is one.
        """
        series = [
            Series(
                name,
                series_colour(models, f.model),
                _marks(name, reading.variance, associations.get(f.model) if symbol == "o" else None),
                symbol,
                is_named=symbol == "o" or len(figures) <= _FEW_MODELS,
            )
            for f in figures
            for name, reading, symbol in (
                (f.model, f.reading, "o"),
                (f"{f.model}, {PLACEBO}", f.placebo, "d"),
            )
            if reading is not None
        ]
        self.show_series(_ROWS, series)
        if not any(isfinite(mark.value) for one in series for mark in one.marks):
            reasons = {f.reading.variance.reason for f in figures}
            self.say("\n".join(sorted(reasons)).capitalize())


def _marks(series: str, found: VarianceEstimate, association: TestedEffect | None) -> tuple[Mark, ...]:
    values = (
        (found.value, found.low, found.high),
        (found.corrected, found.corrected_low, found.corrected_high),
    )
    about = f"{found.n:,} pictures of {found.n_patients:,} patients, {found.classes} classes"
    lines = [about, found.method, found.reason, _tested(association)]
    said = "\n".join(line for line in lines if line)
    return tuple(
        Mark(value, low, high, found.n, found.method, f"{series}, {row}: {_text(value, low, high)}\n{said}")
        for row, (value, low, high) in zip(_ROWS, values, strict=True)
    )


def _text(value: float, low: float, high: float) -> str:
    interval = f" ({significant_text(low)} to {significant_text(high)})" if isfinite(low) else ""
    return f"{significant_text(value)}{interval}"


def _tested(association: TestedEffect | None) -> str:
    if association is None:
        return ""
    if association.reason:
        return f"Does saliency go with the true class? Undefined: {association.reason}"
    return (
        f"Does saliency go with the true class? {p_text(association.p_value)}, "
        f"ω² {number_text(association.estimate, 3)}, as of the last audit\n{association.method}"
    )
