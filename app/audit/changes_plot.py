"""How many answers stay what they were when a picture is changed, one colour per model."""

from collections.abc import Sequence

from app.theme import Theme
from app.widgets.forest_plot import ForestPlot, Mark, Series
from app.widgets.plot import series_colour
from gsal.audit.ablation import Change
from gsal.audit.names import interval_text, number_text, percent_text, variant_name
from gsal.audit.result import ModelChanges

__all__ = ["ChangesPlot", "turned_words"]

_SHORT = {
    "ablated": "all but the ink gone",
    "ablated-data-set-mean": "all gone but ink, alike",
}
_NOTHING = Mark(float("nan"), float("nan"), float("nan"), 0, "", "")


class ChangesPlot(ForestPlot):
    """A row for each way to change the pictures with ink."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="changedPictures",
            tip="Share of answers that stay when pictures with ink are changed",
            bottom="answers that stay, %",
            left="pictures with ink",
        )

    def show_changes(self, changes: Sequence[ModelChanges], *, models: Sequence[str]) -> None:
        """Draw these; `models` are all there are, for the colours."""
        variants = list(dict.fromkeys(one.variant for of in changes for one in of.changes))
        series = []
        for of_model in changes:
            known = {one.variant: one for one in of_model.changes}
            marks = tuple(
                _mark(of_model.model, known[variant]) if variant in known else _NOTHING
                for variant in variants
            )
            series.append(Series(of_model.model, series_colour(models, of_model.model), marks))
        self.show_series([_name(variant) for variant in variants], series, zero=False)


def turned_words(changes: Sequence[ModelChanges]) -> str:
    """Say to which class answers turn most, with the share of those that were others before."""
    variants = list(dict.fromkeys(one.variant for of in changes for one in of.changes))
    sentences = []
    for variant in variants:
        turned = [
            f"{of.model} {one.turned_to}, {percent_text(one.turned.estimate)}"
            for of in changes
            for one in of.changes
            if one.variant == variant and one.turned_to
        ]
        if turned:
            sentences.append(f"{_name(variant).capitalize()}, most turn to: {'; '.join(turned)}.")
    return " ".join(sentences)


def _name(variant: str) -> str:
    return _SHORT.get(variant, variant_name(variant))


def _mark(model: str, change: Change) -> Mark:
    kept, turned = change.unchanged, change.turned
    value, low, high = (100 * share for share in (kept.estimate, kept.low, kept.high))
    lines = [
        f"{model}, {variant_name(change.variant)}: {number_text(value, 1)} % of {change.n:,} answers stay "
        f"({interval_text(low, high, 1)})",
        f"Now {change.turned_to}: {percent_text(turned.estimate)} of the {turned.n:,} that were not "
        f"({interval_text(100 * turned.low, 100 * turned.high, 0)})"
        if change.turned_to
        else "No answer turned",
        kept.method,
    ]
    return Mark(value, low, high, change.n, kept.method, "\n".join(lines))
