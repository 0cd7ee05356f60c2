"""Asking for a cohort: its kind, and what that kind needs."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.widgets.controls import centre_titles, label, named, share_box, spin_box
from app.widgets.standard_buttons import name_buttons
from gsal.jobs.create_cohort import CreateCohort
from gsal.records import CohortKind, MaskSet

__all__ = ["CohortDialog"]

_WIDTH_EM = 36
_KINDS = {
    CohortKind.BASELINE: "All labelled training pictures.",
    CohortKind.UNBIASED: "All inked pictures, and as many without ink as make P(ink) the same for all.",
    CohortKind.INK_ONLY: "Inked pictures only.",
    CohortKind.ABLATED: "Inked pictures with everything but the ink removed.",
    CohortKind.RATES: "P(ink | class) as you set it, per class.",
}


class CohortDialog(QDialog):
    """Settings of one cohort.

    Args:
        classes: Of the project.
        is_split: Whether the project's one split is made; its share can then no longer be chosen.

    Signals:
        chosen(job)
    """

    chosen = Signal(object)

    def __init__(self, classes: Sequence[str], *, is_split: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cohortDialog")
        self.setWindowTitle("Create a cohort")
        self.setMinimumWidth(_WIDTH_EM * self.fontInfo().pixelSize())
        self._is_split = is_split
        self.name = named(QLineEdit(), "cohortName", "Name of the cohort")
        self.kind = named(QComboBox(), "cohortKind", "How pictures are chosen")
        for kind in _KINDS:
            self.kind.addItem(kind.capitalize(), kind)
        self.text = label(role="muted", wrap=True)
        self.seed = spin_box("cohortSeed", "Seed of the random choice", least=0, most=2**31 - 1)
        self.ratio = share_box("cohortRatio", "Pictures without ink per inked one", most=1.0, value=0.5)
        self.share = share_box("validationShare", "Share kept for validation", most=0.5, value=0.1)
        self.mask_set = named(QComboBox(), "cohortMaskSet", "Masks that decide which pictures are inked")
        for mask_set in MaskSet:
            self.mask_set.addItem(mask_set.capitalize(), mask_set)
        self.rates = {c: share_box(f"rate{c}", f"P(ink | {c})", most=1.0, value=0.3) for c in classes}
        self.form = QFormLayout()
        for title, widget in (
            ("Name", self.name),
            ("Kind", self.kind),
            ("", self.text),
            ("Masks", self.mask_set),
            ("Seed", self.seed),
            ("Validation share", self.share),
            ("Without ink per inked", self.ratio),
        ):
            self.form.addRow(title, widget)
        for name, rate in self.rates.items():
            self.form.addRow(f"P(ink | {name})", rate)
        centre_titles(self.form)
        self.form.setRowVisible(self.share, not is_split)
        self._finish()

    def _finish(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        start = buttons.addButton("Create", QDialogButtonBox.ButtonRole.AcceptRole)
        self.start = named(start, "createCohortNow", "Create this cohort", key="Enter")
        self.start.setProperty("role", "primary")
        self.start.setEnabled(False)
        buttons.accepted.connect(self.accept)
        name_buttons(buttons, "cohortDialog")
        buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(self._name_changed)
        self.kind.currentIndexChanged.connect(self._kind_changed)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(self.form)
        layout.addWidget(buttons)
        self._kind_changed()

    @override
    def accept(self) -> None:
        kind = CohortKind(self.kind.currentData())
        is_rates = kind is CohortKind.RATES
        self.chosen.emit(
            CreateCohort(
                name=self.name.text().strip(),
                cohort_kind=str(kind),
                seed=self.seed.value(),
                ratio=self.ratio.value(),
                rates={name: box.value() for name, box in self.rates.items()} if is_rates else None,
                mask_set=str(self.mask_set.currentData()),
                validation_share=None if self._is_split else self.share.value(),
            )
        )
        super().accept()

    @Slot(str)
    def _name_changed(self, text: str) -> None:
        self.start.setEnabled(bool(text.strip()))

    @Slot()
    def _kind_changed(self) -> None:
        kind = CohortKind(self.kind.currentData())
        self.text.setText(_KINDS[kind])
        self.form.setRowVisible(self.ratio, kind is CohortKind.UNBIASED)
        for box in self.rates.values():
            self.form.setRowVisible(box, kind is CohortKind.RATES)
        self.adjustSize()
