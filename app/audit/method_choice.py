"""Choosing how saliency is computed; what cannot explain the chosen model is greyed, and says why."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox

from app.widgets.controls import named
from gsal.records import PAPER_METHODS, SaliencyMethod

__all__ = ["MethodChoice", "why_not"]

_NAMES = {
    SaliencyMethod.GRAD_CAM: "Grad-CAM",
    SaliencyMethod.COMPETITIVE: "Competitive gradient x input",
    SaliencyMethod.OCCLUSION: "Occlusion",
}
_SLOW = "Hides window after window of each picture: some hundred times as slow as the others"

Refused = Mapping[SaliencyMethod, str]


class MethodChoice(QComboBox):
    """The saliency methods."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "auditMethod", "How saliency is computed")
        for method, text in _NAMES.items():
            self.addItem(text, method)
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
        for row, method in enumerate(_NAMES):
            items.item(row).setEnabled(method not in refused)
            usual = _SLOW if method is SaliencyMethod.OCCLUSION else ""
            self.setItemData(row, refused.get(method, usual), Qt.ItemDataRole.ToolTipRole)
        if self.chosen in refused:
            self.setCurrentIndex(next((r for r, m in enumerate(_NAMES) if m not in refused), 0))


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
