"""Which pictures a cohort may be chosen from: rows of the form that asks for it."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QGridLayout, QLineEdit, QWidget

from app.training.cohort_trial import Offer
from app.widgets.controls import named
from gsal.cohorts.filters import PictureFilter

__all__ = ["CohortFilter"]

_INK = {None: "With and without ink", True: "With ink", False: "Without ink"}
_CLASSES_IN_A_ROW = 3
_LEAST_LETTERS = 8


class CohortFilter(QObject):
    """Classes, folder, ink, a column of the labels, patients.

    Args:
        form: To put the rows into.
        classes: Of the project.

    Signals:
        changed()
    """

    changed = Signal()

    def __init__(self, form: QFormLayout, classes: Sequence[str]) -> None:
        super().__init__(form)
        self._form = form
        self._offer: Offer | None = None
        self.classes = {name: self._class_box(name) for name in classes}
        self.is_filtered = named(
            QCheckBox("Filter the pictures"),
            "cohortFiltered",
            "Choose by folder, ink, label or patient",
        )
        self.source = named(QComboBox(), "cohortSource", "Folder that pictures lie in")
        self.ink = named(QComboBox(), "cohortInk", "Pictures with or without ink")
        for inked, text in _INK.items():
            self.ink.addItem(text, inked)
        self.column = named(QComboBox(), "cohortColumn", "Column of the labels that pictures are chosen by")
        self.value = named(QComboBox(), "cohortValue", "Value that the column must have")
        self.patients = named(
            QLineEdit(), "cohortPatients", "Patients to take, parted by commas; with a minus, to leave out"
        )
        self.patients.setPlaceholderText("all")
        self._rows: tuple[tuple[str, QWidget], ...] = (
            ("Folder", self.source),
            ("Ink", self.ink),
            ("Column", self.column),
            ("Value", self.value),
            ("Patients", self.patients),
        )
        for combo in (self.source, self.ink, self.column, self.value):
            # Names of folders may be long; they are cut off rather than the form.
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(_LEAST_LETTERS)
        form.addRow("Classes", self._class_grid())
        form.addRow("", self.is_filtered)
        for title, widget in self._rows:
            form.addRow(title, widget)
        for box in (self.source, self.ink, self.value):
            box.currentIndexChanged.connect(self.changed)
        self.patients.textChanged.connect(self.changed)
        self.column.currentIndexChanged.connect(self._column_changed)
        self.is_filtered.toggled.connect(self._show_rows)
        self.show_offer(Offer((), {}))
        self._show_rows()

    def show_offer(self, offer: Offer) -> None:
        """Offer these folders and columns; classes of which there is nothing are left out at first."""
        if offer == self._offer:
            return
        for name in offer.missing - (self._offer.missing if self._offer else frozenset()):
            self.classes[name].setChecked(False)
        self._offer = offer
        with QSignalBlocker(self.source), QSignalBlocker(self.column):
            _fill(self.source, [("All folders", ""), *((source, source) for source in offer.sources)])
            _fill(self.column, [("No column", ""), *((name, name) for name in offer.columns)])
        self._column_changed()

    @property
    def left_out(self) -> tuple[str, ...]:
        """Classes that are not taken."""
        return tuple(name for name, box in self.classes.items() if not box.isChecked())

    @property
    def chosen(self) -> PictureFilter:
        """The other conditions."""
        if not self.is_filtered.isChecked():
            return PictureFilter()
        names = [name for part in self.patients.text().split(",") if (name := part.strip())]
        source, column = str(self.source.currentData()), str(self.column.currentData())
        return PictureFilter(
            sources=(source,) if source else (),
            inked=self.ink.currentData(),
            columns={column: (str(self.value.currentData()),)} if column else {},
            patients=tuple(name for name in names if not name.startswith("-")),
            without_patients=tuple(name[1:].strip() for name in names if name.startswith("-")),
        )

    def _class_box(self, name: str) -> QCheckBox:
        # A single ampersand would underline the next letter.
        box = named(QCheckBox(name.replace("&", "&&")), f"cohortClass{name}", f"Take pictures of {name}")
        box.setChecked(True)
        box.toggled.connect(self.changed)
        return box

    def _class_grid(self) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for number, box in enumerate(self.classes.values()):
            grid.addWidget(box, number // _CLASSES_IN_A_ROW, number % _CLASSES_IN_A_ROW)
        return made

    @Slot()
    def _show_rows(self) -> None:
        for _, widget in self._rows:
            self._form.setRowVisible(widget, self.is_filtered.isChecked())
        self._column_changed()

    @Slot()
    def _column_changed(self) -> None:
        column = str(self.column.currentData())
        values = self._offer.columns.get(column, ()) if self._offer else ()
        with QSignalBlocker(self.value):
            _fill(self.value, [(value or "empty", value) for value in values])
        has_columns = self.column.count() > 1
        self._form.setRowVisible(self.column, self.is_filtered.isChecked() and has_columns)
        self._form.setRowVisible(self.value, self.is_filtered.isChecked() and bool(column))
        self.changed.emit()


def _fill(box: QComboBox, entries: Sequence[tuple[str, str]]) -> None:
    chosen = box.currentData()
    box.clear()
    for text, data in entries:
        box.addItem(text, data)
    box.setCurrentIndex(max(0, box.findData(chosen)))
