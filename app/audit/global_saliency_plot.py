"""Global saliency of each true class with its 95 % interval, one colour per model."""

from collections.abc import Sequence

from app.audit.figures import PLACEBO, ModelFigures
from app.audit.scales import Scale
from app.theme import Theme
from app.widgets.forest_plot import ForestPlot, Mark, Series
from app.widgets.plot import series_colour
from gsal.audit.global_saliency import ClassSaliency, absent
from gsal.audit.names import interval_text, number_text

__all__ = ["GlobalSaliencyPlot"]

_FEW_MODELS = 3


class GlobalSaliencyPlot(ForestPlot):
    """A row for each class; dots are the pictures as they are, diamonds the same without their ink."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="globalSaliency",
            tip="Mean ink saliency of each true class with 95 % intervals",
            bottom=Scale.Z.axis,
            left="true class, pictures with ink",
        )
        self.points: dict[str, int] = {}

    def show_figures(
        self,
        figures: Sequence[ModelFigures],
        *,
        models: Sequence[str],
        scale: Scale,
        group: frozenset[str] = frozenset(),
    ) -> None:
        """Draw these models.

        Args:
            figures: Of the models.
            models: All there are, for the colours.
            scale: Of the saliency.
            group: True classes that stand out; all if empty.
        """
        self.points = {f.model: sum(c.n > 0 for c in f.classes) for f in figures}
        self.set_title("bottom", scale.axis)
        names = list(dict.fromkeys(c.name for f in figures for c in f.classes))
        series = [
            Series(
                name,
                series_colour(models, f.model),
                _marks(name, classes, names),
                symbol,
                is_named=symbol == "o" or len(figures) <= _FEW_MODELS,
            )
            for f in figures
            for name, classes, symbol in (
                (f.model, f.classes, "o"),
                (f"{f.model}, {PLACEBO}", f.placebo.classes if f.placebo else (), "d"),
            )
            if classes
        ]
        self.show_series(names, series, zero=scale is not Scale.PEAK, standing_out=group)


def _marks(title: str, classes: Sequence[ClassSaliency], names: Sequence[str]) -> tuple[Mark, ...]:
    known = {one.name: one for one in classes}
    return tuple(_mark(title, name, known.get(name, absent(name))) for name in names)


def _mark(series: str, name: str, one: ClassSaliency) -> Mark:
    interval = f" ({interval_text(one.low, one.high)})" if one.low == one.low else ""
    chance = f", {number_text(one.chance)} by chance" if one.chance == one.chance else ""
    few = ", few pictures" if one.flagged else ""
    tip = (
        f"{series}, {name}: {number_text(one.mean)}{interval}{chance}\n"
        f"{one.n:,} pictures of {one.n_patients:,} patients{few}\n{one.method}"
    )
    return Mark(one.mean, one.low, one.high, one.n, one.method, tip)
