"""Asking for saliency with more than the usual: methods, masks, the placebo and settings."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget
from typing_extensions import override

from app.audit.saliency_form import SaliencyForm
from app.widgets.controls import named
from app.widgets.standard_buttons import name_buttons
from gsal.jobs.saliency.compute import ComputeSaliency

__all__ = ["SaliencyDialog"]

_WIDTH_EM, _HEIGHT_EM = 56, 44


class SaliencyDialog(QDialog):
    """The form, and the button that starts it.

    Signals:
        chosen(job)
    """

    chosen = Signal(object)

    def __init__(self, form: SaliencyForm, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("saliencyDialog")
        self.setWindowTitle("Compute saliency")
        self.form = form
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        start = buttons.addButton("Compute", QDialogButtonBox.ButtonRole.AcceptRole)
        self.start = named(
            start, "computeChosenSaliency", "Explain all pictures that judge the models", key="Enter"
        )
        self.start.setProperty("role", "primary")
        name_buttons(buttons, "saliencyDialog")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.changed.connect(self._enable)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(16)
        layout.addWidget(form, 1)
        layout.addWidget(buttons)
        em, room = self.fontInfo().pixelSize(), self.screen().availableGeometry()
        self.resize(
            min(_WIDTH_EM * em, int(room.width() * 0.94)), min(_HEIGHT_EM * em, int(room.height() * 0.94))
        )
        self._enable()

    @classmethod
    def ask(cls, form: SaliencyForm, start: Callable[[ComputeSaliency], object], *, parent: QWidget) -> None:
        """Open the dialog; `start` is given the job that is chosen, if any."""
        dialog = cls(form, parent=parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(start)
        dialog.open()

    @override
    def accept(self) -> None:
        self.chosen.emit(self.form.job())
        super().accept()

    @Slot()
    def _enable(self) -> None:
        self.start.setEnabled(self.form.is_complete)
        self.start.setToolTip(
            "Explain all pictures that judge the models (Enter)"
            if self.form.is_complete
            else "Choose a method and a mask set"
        )
