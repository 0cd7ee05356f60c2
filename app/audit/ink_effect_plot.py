"""How much more often each class is called with the ink than without it, one colour per model."""

from collections.abc import Sequence

from app.theme import Theme
from app.widgets.forest_plot import ForestPlot, Mark, Series
from app.widgets.plot import series_colour
from gsal.audit.ink_effect import ALL, CalledRate, InkEffect
from gsal.audit.names import interval_text, number_text, p_text, percent_text

__all__ = ["InkEffectPlot"]


class InkEffectPlot(ForestPlot):
    """A row for each class that is called; the pictures are those with ink, of all true classes."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="inkEffect",
            tip="How much more often each class is called with the ink than without it, in points",
            bottom="called more often with ink, points",
            left="class called, pictures with ink",
        )

    def show_effects(
        self, effects: Sequence[InkEffect], *, models: Sequence[str], group: frozenset[str]
    ) -> None:
        """Draw these; `models` are all there are, for the colours; `group` are classes that stand out."""
        overall = {one.model: [rate for rate in one.called if rate.true_class == ALL] for one in effects}
        names = list(dict.fromkeys(rate.called for rates in overall.values() for rate in rates))
        series = []
        for model, rates in overall.items():
            known = {rate.called: rate for rate in rates}
            marks = tuple(_mark(model, known[name]) if name in known else _NONE for name in names)
            series.append(Series(model, series_colour(models, model), marks))
        self.show_series(names, series, standing_out=group)
        if not series:
            self.say(
                "Not in the last audit over these masks.\nMethods > Measure ink effect, then audit again."
            )


_NONE = Mark(float("nan"), float("nan"), float("nan"), 0, "", "")


def _mark(model: str, rate: CalledRate) -> Mark:
    found = rate.difference
    value, low, high = (100 * number for number in (found.estimate, found.low, found.high))
    tip = (
        f"{model} calls {rate.called} on {percent_text(rate.with_ink)} of the pictures with their ink, "
        f"on {percent_text(rate.without)} without\n"
        f"{number_text(value, 1)} points ({interval_text(low, high, 1)}), {p_text(found.p_value)}\n"
        f"{found.n:,} pictures of {found.n_patients:,} patients\n{found.method}"
    )
    return Mark(value, low, high, found.n, found.method, tip)
