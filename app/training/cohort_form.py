"""The settings of a cohort: its kind, and what that kind needs."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.training.cohort_filter import CohortFilter
from app.widgets.controls import centre_titles, label, named, share_box, spin_box
from gsal.jobs.cohorts.create import CreateCohort
from gsal.records import CohortKind, MaskSet

__all__ = ["CohortForm"]

_KINDS = {
    CohortKind.BASELINE: "All labelled training pictures.",
    CohortKind.UNBIASED: "All inked pictures, and as many without ink as make P(ink) the same for all.",
    CohortKind.INK_ONLY: "Inked pictures only.",
    CohortKind.ABLATED: "Inked pictures with everything but the ink removed.",
    CohortKind.RATES: "P(ink | class) as you set it, per class.",
}
_NEED_INK = (CohortKind.UNBIASED, CohortKind.INK_ONLY, CohortKind.ABLATED)
_RATIO, _RATE = "ratio", "rate"
_MOST_FOLDS = 20


class CohortForm(QScrollArea):
    """Rows; those that a kind does not need are hidden.

    Args:
        classes: Of the project.
        is_split: Whether the project's one split is made; its share can then no longer be chosen.

    Signals:
        changed(): The cohort would be another one.
    """

    changed = Signal()

    def __init__(self, classes: Sequence[str], *, is_split: bool) -> None:
        super().__init__()
        self.setObjectName("cohortForm")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._is_split = is_split
        self.name = named(QLineEdit(), "cohortName", "Name of the cohort")
        self.kind = named(QComboBox(), "cohortKind", "How pictures are chosen")
        for kind in _KINDS:
            self.kind.addItem(kind.capitalize(), kind)
        self.text = label(role="muted", wrap=True)
        self.keep = named(QComboBox(), "cohortKeep", "What is the same in every class")
        self.keep.addItem("Every inked picture", _RATIO)
        self.keep.addItem("P(ink | class)", _RATE)
        self.ratio = share_box("cohortRatio", "Pictures without ink per inked one", most=10.0, value=0.5)
        self.rate = share_box("cohortRate", "P(ink | class), the same in every class", most=0.99, value=0.5)
        self.least = spin_box("cohortLeastInk", "Inked pictures each class must have", least=1, most=10_000)
        self.least.setValue(10)
        self.rates = {c: share_box(f"rate{c}", f"P(ink | {c})", most=1.0, value=0.3) for c in classes}
        self.mask_set = named(QComboBox(), "cohortMaskSet", "Masks that decide which pictures are inked")
        for mask_set in MaskSet:
            self.mask_set.addItem(mask_set.capitalize(), mask_set)
        self.seed = spin_box("cohortSeed", "Seed of the random choice", least=0, most=2**31 - 1)
        self.folds = spin_box(
            "cohortFolds", "Parts for a cross-validation, by patient", least=0, most=_MOST_FOLDS
        )
        self.folds.setSpecialValueText("none")
        self.share = share_box("validationShare", "Share kept for validation", most=0.5, value=0.1)
        self._lay_out(classes)
        self._connect()
        self._show_rows()

    def job(self) -> CreateCohort:
        """Return the cohort that is asked for."""
        kind, chosen, left_out = CohortKind(self.kind.currentData()), self.filter.chosen, self.filter.left_out
        keeps_rate = kind is CohortKind.UNBIASED and self._keeps_rate
        rates = {name: box.value() for name, box in self.rates.items() if name not in left_out}
        return CreateCohort(
            name=self.name.text().strip(),
            cohort_kind=str(kind),
            seed=self.seed.value(),
            ratio=self.ratio.value(),
            target_rate=self.rate.value() if keeps_rate else None,
            rates=rates if kind is CohortKind.RATES else None,
            exclude=left_out,
            minimum_inked=self.least.value(),
            mask_set=str(self.mask_set.currentData()),
            validation_share=None if self._is_split else self.share.value(),
            sources=tuple(chosen.sources),
            columns={name: list(values) for name, values in chosen.columns.items()} or None,
            inked=chosen.inked,
            patients=tuple(chosen.patients),
            without_patients=tuple(chosen.without_patients),
            folds=self.folds.value(),
        )

    @property
    def _keeps_rate(self) -> bool:
        return bool(self.keep.currentData() == _RATE)

    def _lay_out(self, classes: Sequence[str]) -> None:
        self.form = QFormLayout()
        self.form.setVerticalSpacing(8)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for title, widget in (
            ("Name", self.name),
            ("Kind", self.kind),
            ("", self.text),
            ("Keep", self.keep),
            ("Without ink per inked", self.ratio),
            ("P(ink | class)", self.rate),
            *((f"P(ink | {name})", box) for name, box in self.rates.items()),
            ("Inked, at least", self.least),
        ):
            self.form.addRow(title, widget)
        self.filter = CohortFilter(self.form, classes)
        for title, widget in (
            ("Masks", self.mask_set),
            ("Seed", self.seed),
            ("Folds", self.folds),
            ("Validation share", self.share),
        ):
            self.form.addRow(title, widget)
        centre_titles(self.form)
        self.form.setRowVisible(self.share, not self._is_split)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 16, 0)
        layout.addLayout(self.form)
        layout.addStretch()
        self.setWidget(content)

    def _connect(self) -> None:
        for choice in (self.kind, self.keep):
            choice.currentIndexChanged.connect(self._show_rows)
        for share in (self.ratio, self.rate, self.share, *self.rates.values()):
            share.valueChanged.connect(self.changed)
        for count in (self.least, self.seed, self.folds):
            count.valueChanged.connect(self.changed)
        self.mask_set.currentIndexChanged.connect(self.changed)
        self.filter.changed.connect(self._show_rows)

    @Slot()
    def _show_rows(self) -> None:
        kind = CohortKind(self.kind.currentData())
        is_unbiased = kind is CohortKind.UNBIASED
        self.text.setText(_KINDS[kind])
        self.form.setRowVisible(self.keep, is_unbiased)
        self.form.setRowVisible(self.ratio, is_unbiased and not self._keeps_rate)
        self.form.setRowVisible(self.rate, is_unbiased and self._keeps_rate)
        self.form.setRowVisible(self.least, kind in _NEED_INK)
        for name, box in self.rates.items():
            is_taken = self.filter.classes[name].isChecked()
            self.form.setRowVisible(box, kind is CohortKind.RATES and is_taken)
        self.changed.emit()
