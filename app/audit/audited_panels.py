"""The panels that show the last audit: what the ink does, models compared, and checks."""

from collections.abc import Sequence

from app.audit.agreement_plot import AgreementPlot, agreement_words
from app.audit.changes_plot import ChangesPlot, turned_words
from app.audit.choosers import Choice
from app.audit.ink_effect_plot import InkEffectPlot
from app.audit.method_plots import MethodErrorsPlot, MethodOrderPlot
from app.audit.pair_plots import (
    PairedAnswersPlot,
    PairedClassesPlot,
    PairedErrorsPlot,
    PairedShiftPlot,
    PairedVariancePlot,
)
from app.audit.pairs import MOST_PAIRS, pairs_of
from app.audit.panel import Panel
from app.audit.selection import Selection
from app.theme import Theme
from gsal.audit import AuditEntry, AuditResult
from gsal.audit.names import method_name
from gsal.records import Aggregator

__all__ = ["AuditedPanels"]

_EFFECT = "As of the last audit. Right of 0: the class is called more often with the ink than without it."
_CHANGES = "As of the last audit."
_PAIRED = "Right of 0: more with the first than with the second."
_ERRORS = "Right of 0: saliency on ink tells the errors of the first better."
_METHODS = "0: saliency on ink tells errors no better than chance. 1: all wrong answers have the most of it."
_FEW_MODELS = 3


class AuditedPanels:
    """Plots and their panels.

    Args:
        theme: For the colours.
        selection: Of classes.
    """

    def __init__(self, theme: Theme, selection: Selection) -> None:
        self._selection = selection
        self.effect, self.changes = InkEffectPlot(theme), ChangesPlot(theme)
        self.answers, self.errors = PairedAnswersPlot(theme), PairedErrorsPlot(theme)
        self.classes, self.variance = PairedClassesPlot(theme), PairedVariancePlot(theme)
        self.shift, self.agreement = PairedShiftPlot(theme), AgreementPlot(theme)
        self.method_errors, self.method_order = MethodErrorsPlot(theme), MethodOrderPlot(theme)
        self.of_effect = Panel("What the ink does, 95 % intervals", self.effect, caption=_EFFECT)
        self.of_changes = Panel("Answers to changed pictures, 95 % intervals", self.changes)
        self.of_answers = Panel("Answers of two models, differences", self.answers)
        self.of_errors = Panel("Saliency as a sign of errors, differences", self.errors, caption=_ERRORS)
        self.of_pair_classes = Panel("Ink saliency by class, differences", self.classes, caption=_PAIRED)
        self.of_pair_saliency = Panel("Ink saliency overall, differences", self.variance, self.shift)
        self.of_agreement = Panel("Mean and peak of each class", self.agreement)
        self.of_method_errors = Panel("Methods as a sign of errors", self.method_errors, caption=_METHODS)
        self.of_method_order = Panel("Do methods order the classes alike?", self.method_order)
        for plot in (self.classes, self.agreement):
            plot.picked.connect(selection.toggle_class)

    @property
    def of_pairs(self) -> tuple[Panel, ...]:
        """The panels of two models each."""
        return self.of_answers, self.of_errors, self.of_pair_classes, self.of_pair_saliency

    def show(self, audit: AuditResult | None, choice: Choice, *, models: Sequence[str]) -> None:
        """Draw.

        Args:
            audit: The last one over these masks; None for none.
            choice: What is looked at.
            models: All there are, for the colours.
        """
        group = self._selection.classes
        effects = [one for one in audit.effects if choice.model in {None, one.model}] if audit else []
        self.effect.show_effects(effects, models=models, group=group)
        changes = [
            one
            for one in (audit.changes if audit else ())
            if one.changes and choice.model in {None, one.model}
        ]
        self.changes.show_changes(changes, models=models)
        turned = turned_words(changes) if len(changes) <= _FEW_MODELS else ""
        self.of_changes.say(f"{_CHANGES} {turned}".strip())
        self.of_changes.want(bool(changes))
        self._show_pairs(audit, choice, models)
        entries = [one for one in (audit.entries if audit else ()) if choice.model in {None, one.model}]
        self._show_agreement([one for one in entries if one.method == choice.method], models)
        self._show_methods(
            [one for one in entries if one.aggregator == choice.scale.aggregator], choice, models
        )

    def _show_pairs(self, audit: AuditResult | None, choice: Choice, models: Sequence[str]) -> None:
        pairs = pairs_of(audit, choice, models)
        shown = pairs[:MOST_PAIRS]
        self.answers.show_pairs(shown)
        self.errors.show_pairs(shown)
        self.classes.show_pairs(shown, scale=choice.scale, group=self._selection.classes)
        self.variance.show_pairs(shown)
        self.shift.show_pairs(shown)
        more = (
            f" {len(shown)} of {len(pairs)} pairs: choose a model above." if len(pairs) > len(shown) else ""
        )
        self.of_answers.say(f"{_PAIRED} As of the last audit.{more}")
        self.of_pair_saliency.say(f"{_PAIRED} Above in {_scale(choice)}, beneath m as it is.")
        self.shift.setVisible(choice.scale.aggregator is Aggregator.MEAN)
        self.of_answers.want(bool(shown))
        has_saliency = any(pair.saliency for pair in shown)
        for panel in (self.of_errors, self.of_pair_classes, self.of_pair_saliency):
            panel.want(has_saliency)

    def _show_agreement(self, entries: Sequence[AuditEntry], models: Sequence[str]) -> None:
        self.agreement.show_entries(entries, models=models, group=self._selection.classes)
        by_mean = [one for one in entries if one.aggregator == Aggregator.MEAN]
        words = " ".join(map(agreement_words, by_mean[:_FEW_MODELS]))
        self.of_agreement.say(f"{words} As of the last audit.".strip())
        self.of_agreement.want(bool(by_mean))

    def _show_methods(self, entries: Sequence[AuditEntry], choice: Choice, models: Sequence[str]) -> None:
        self.method_errors.show_entries(entries, models=models)
        self.method_order.show_entries(entries, models=models, method=choice.method)
        name = method_name(choice.method)
        self.of_method_order.say(
            f"1: the classes in the same order as under {name}. −1: the other way round."
        )
        methods = {one.method for one in entries}
        self.of_method_errors.want(len(methods) > 1)
        self.of_method_order.want(len(methods) > 1 and choice.method in methods)


def _scale(choice: Choice) -> str:
    return "n" if choice.scale.aggregator is Aggregator.PEAK else "z(m)"
