"""Saliency methods side by side: how well each tells errors, and whether they order the classes alike."""

from collections.abc import Callable, Sequence
from math import isnan

from app.theme import Theme
from app.widgets.forest_plot import ForestPlot, Mark, Series
from app.widgets.plot import series_colour
from gsal.audit.entry import AuditEntry
from gsal.audit.global_saliency import aggregator_agreement
from gsal.audit.names import interval_text, method_name, number_text, significant_text

__all__ = ["MethodErrorsPlot", "MethodOrderPlot"]

_NAN = float("nan")
_NOTHING = Mark(_NAN, _NAN, _NAN, 0, "", "")
_SHORT = {
    "competitive-gradient-input": "competitive g × input",
    "integrated-gradients": "integrated gradients",
}


class _MethodPlot(ForestPlot):
    def show_marks(
        self,
        entries: Sequence[AuditEntry],
        models: Sequence[str],
        mark: Callable[[AuditEntry], Mark],
        *,
        ends: tuple[float, float] | None = None,
    ) -> None:
        """Draw a row for each method and a series for each model; `ends` are those of the scale, if any."""
        methods = list(dict.fromkeys(entry.method for entry in entries))
        of_models: dict[str, dict[str, AuditEntry]] = {}
        for entry in entries:
            of_models.setdefault(entry.model, {})[entry.method] = entry
        series = [
            Series(
                model,
                series_colour(models, model),
                tuple(mark(known[method]) if method in known else _NOTHING for method in methods),
            )
            for model, known in of_models.items()
        ]
        names = [_SHORT.get(method, method_name(method)) for method in methods]
        self.show_series(names, series, ends=ends)


class MethodErrorsPlot(_MethodPlot):
    """AURRAC, normalised so that models and methods compare."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="methodErrors",
            tip="How well ink saliency of each method tells errors, with 95 % intervals",
            bottom="AURRAC, 0 by chance, 1 the oracle",
            left="pictures with ink",
        )

    def show_entries(self, entries: Sequence[AuditEntry], *, models: Sequence[str]) -> None:
        """Draw these, of one aggregator; `models` are all there are, for the colours."""
        self.show_marks(entries, models, _errors)


class MethodOrderPlot(_MethodPlot):
    """Kendall's tau of the class means of each method and of the chosen one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="methodOrder",
            tip="Whether each method puts the true classes in the same order as the chosen one",
            bottom="τ of class means with those of the chosen method",
            left="pictures with ink",
        )

    def show_entries(self, entries: Sequence[AuditEntry], *, models: Sequence[str], method: str) -> None:
        """Draw these.

        Args:
            entries: Of one aggregator.
            models: All there are, for the colours.
            method: The chosen one, which others are compared with.
        """
        chosen = {entry.model: entry for entry in entries if entry.method == method}
        others = [entry for entry in entries if entry.method != method and entry.model in chosen]
        self.show_marks(others, models, lambda entry: _order(entry, chosen[entry.model]), ends=(-1.0, 1.0))


def _errors(entry: AuditEntry) -> Mark:
    response, band = entry.response, entry.band
    interval, failure = band.aurrac_normalised, band.failure_auroc
    lines = [
        f"{entry.model}, {method_name(entry.method)}: AURRAC normalised "
        f"{number_text(response.aurrac_normalised)} ({interval_text(interval.low, interval.high)})",
        f"failure AUROC {number_text(response.failure_auroc)} ({interval_text(failure.low, failure.high)})",
        f"{response.n:,} pictures of {band.n_patients:,} patients, {band.method}",
        *(f"Undefined: {reason}" for reason in sorted(set(response.reasons.values()))),
    ]
    value = response.aurrac_normalised
    return Mark(value, interval.low, interval.high, response.n, band.method, "\n".join(lines))


def _order(entry: AuditEntry, chosen: AuditEntry) -> Mark:
    tau = aggregator_agreement(entry.classes, chosen.classes)
    classes = sum(one.n > 0 and other.n > 0 for one, other in zip(entry.classes, chosen.classes, strict=True))
    n = sum(one.n for one in entry.classes)
    variances = ", ".join(
        f"{significant_text(one.variance.noise_corrected)} by {method_name(one.method)}"
        for one in (entry, chosen)
    )
    lines = [
        f"{entry.model}, {method_name(entry.method)} and {method_name(chosen.method)}: τ {number_text(tau)} "
        f"of {classes} class means",
        f"Variance between classes, noise taken off: {variances}",
        f"{n:,} pictures; so few classes have no interval",
    ]
    if isnan(tau):
        lines.append("Undefined: fewer than two classes, or all alike")
    return Mark(tau, _NAN, _NAN, n, "Kendall's tau-b of class means, without interval", "\n".join(lines))
