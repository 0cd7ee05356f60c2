"""What the audit page says while it has no figures: what is missing, and the button that brings it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from app.widgets.controls import primary_button
from app.widgets.empty_state import EmptyState

__all__ = ["AuditEmpty"]


class AuditEmpty(QStackedWidget):
    """No classifier, no saliency for what is chosen, or saliency that is being computed.

    Signals:
        compute_asked(): The user wants saliency for what is chosen.
    """

    compute_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.compute = primary_button(
            "computeFirstSaliency", "Compute saliency", "Explain all pictures that judge the models"
        )
        self.compute.clicked.connect(self.compute_asked)
        self.untrained = EmptyState(
            "Train a classifier first", "The audit explains what a trained classifier looks at."
        )
        self.missing = EmptyState("No saliency yet", "", self.compute)
        self.computing = EmptyState(
            "Computing saliency", "The figures appear here with the first pictures and fill as more come in."
        )
        for state in (self.untrained, self.missing, self.computing):
            self.addWidget(state)

    def show_untrained(self) -> None:
        """Say that there is no classifier."""
        self.setCurrentWidget(self.untrained)

    def show_computing(self) -> None:
        """Say that figures will come."""
        self.setCurrentWidget(self.computing)

    def show_missing(self, choice: str, mask_set: str, others: Sequence[str], *, can_compute: bool) -> None:
        """Say what has no saliency, and which other mask sets have some."""
        sentence = f"{choice} over the {mask_set} masks."
        if others:
            sentence += f" There are results over the {_listed(others)} masks: choose them above."
        self.missing.say(sentence)
        self.compute.setEnabled(can_compute)
        self.setCurrentWidget(self.missing)


def _listed(names: Sequence[str]) -> str:
    return " and the ".join(names)
