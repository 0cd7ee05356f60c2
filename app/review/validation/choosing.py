"""Choosing the pictures: how many, how many of them inked, and what that number is worth."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.review.validation.precision import precision_text
from app.widgets.controls import centre_titles, label, primary_button, share_box, spin_box
from gsal.jobs.reading.validation import ChooseValidationSet, ValidationStatus

__all__ = ["ChoosingPanel"]

_N, _MOST = 150, 100_000
_LARGEST_SEED = 2**31 - 1


class ChoosingPanel(QWidget):
    """Asks for a validation set.

    Signals:
        asked(job): A `ChooseValidationSet`.
    """

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.count = spin_box("validationCount", "How many pictures", least=1, most=_MOST)
        self.count.setValue(_N)
        self.inked = share_box("validationInked", "Share of them that has ink", most=1.0, value=0.5)
        self.seed = spin_box(
            "validationSeed", "The same seed chooses the same pictures", least=0, most=_LARGEST_SEED
        )
        self.precision = label(role="muted", name="validationPrecision", wrap=True)
        self.choose = primary_button(
            "chooseValidation", "Choose pictures", "Choose by ink, class and disagreement of the rules"
        )
        self.choose.setAutoDefault(False)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.addRow("Pictures", self.count)
        form.addRow("Share with ink", self.inked)
        form.addRow("Seed", self.seed)
        centre_titles(form)
        row = QHBoxLayout()
        row.addLayout(form)
        row.addStretch()
        row.addWidget(self.choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.precision)
        self.count.valueChanged.connect(self._show_precision)
        self.choose.clicked.connect(self._ask)
        self._show_precision()

    def show_status(self, status: ValidationStatus) -> None:
        """Show what was asked for before; afterwards it can be asked for again."""
        self.count.setValue(status.n_wanted)
        self.seed.setValue(status.seed)
        self.choose.setText("Choose again")
        self.choose.setProperty("role", "")
        self.choose.style().polish(self.choose)
        self.choose.setToolTip("Choose anew in place of these pictures; what was read of them is kept")

    @Slot()
    def _show_precision(self) -> None:
        self.precision.setText(f"With {self.count.value():,} pictures: {precision_text(self.count.value())}")

    @Slot()
    def _ask(self) -> None:
        self.asked.emit(
            ChooseValidationSet(
                self.count.value(), seed=self.seed.value(), inked_share=round(self.inked.value(), 3)
            )
        )
