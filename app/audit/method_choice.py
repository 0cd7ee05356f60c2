"""Choosing how saliency is computed; what cannot explain the chosen model is greyed, and says why."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox

from app.widgets.controls import named
from gsal.audit.names import method_name
from gsal.records import DEFAULT_CLASSES, PAPER_METHODS, SaliencyMethod
from gsal.saliency.cost import passes_of, passes_words

__all__ = ["MethodChoice", "why_not"]

Refused = Mapping[SaliencyMethod, str]


class MethodChoice(QComboBox):
    """The saliency methods, with what each costs in its tooltip.

    Args:
        classes: Of the networks that are explained.
    """

    def __init__(self, classes: int = len(DEFAULT_CLASSES)) -> None:
        super().__init__()
        named(self, "auditMethod", "How saliency is computed")
        self._costs = {method: _cost_words(method, classes) for method in SaliencyMethod}
        for method in SaliencyMethod:
            name = method_name(method)
            self.addItem(name[0].upper() + name[1:], method)
        self.show_refused({})

    @property
    def chosen(self) -> SaliencyMethod:
        """The method that is shown."""
        return SaliencyMethod(self.currentData())

    @property
    def to_compute(self) -> tuple[SaliencyMethod, ...]:
        """What to ask a job for: nothing by name, unless the chosen one is computed only then."""
        return () if self.chosen in PAPER_METHODS else (self.chosen,)

    def show_refused(self, refused: Refused) -> None:
        """Grey the methods that are refused; leave one that was chosen."""
        items = self.model()
        assert isinstance(items, QStandardItemModel)  # noqa: S101 - what Qt makes by itself
        for row, method in enumerate(SaliencyMethod):
            items.item(row).setEnabled(method not in refused)
            self.setItemData(row, refused.get(method, self._costs[method]), Qt.ItemDataRole.ToolTipRole)
        if self.chosen in refused:
            self.setCurrentIndex(next((r for r, m in enumerate(SaliencyMethod) if m not in refused), 0))


def _cost_words(method: SaliencyMethod, classes: int) -> str:
    """Say what a method costs.

    >>> _cost_words(SaliencyMethod.SMOOTHGRAD, 7)
    '26 forward and 175 backward passes a picture: about 290 times as long as predicting'
    """
    passes = passes_of([method], classes=classes)
    if method.is_control:
        return "A control that does not look at the network; 1 forward pass a picture, for its answers"
    times = passes.forward_equivalents
    if times == 1:
        return f"{passes_words(passes)}, as for predicting"
    return f"{passes_words(passes)}: about {float(f'{times:.2g}'):,.0f} times as long as predicting"


def why_not(refused: Mapping[str, Refused], model: str | None) -> Refused:
    """Return the methods that cannot explain a model, or any model, with the reason.

    Args:
        refused: By model.
        model: Its name; None for all.

    >>> cam = SaliencyMethod.GRAD_CAM
    >>> why_not({"lab": {cam: "It is a program."}, "own": {}}, None)
    {}
    >>> why_not({"lab": {cam: "It is a program."}}, None)
    {<SaliencyMethod.GRAD_CAM: 'grad-cam'>: 'It is a program.'}
    """
    if model is not None:
        return refused.get(model, {})
    if not refused:
        return {}
    first, *others = refused.values()
    return {method: why for method, why in first.items() if all(method in other for other in others)}
