"""Asking where masks go to, or come from, and in which format."""

from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.widgets.controls import centre_titles, label, named, push_button
from app.widgets.standard_buttons import name_buttons
from gsal.jobs.job import Job
from gsal.jobs.masks.export_masks import ExportMasks
from gsal.jobs.masks.import_masks import ImportMasks
from gsal.masks.foreign import MaskFormat
from gsal.records import MaskSet, Reader, ReaderKind

__all__ = ["ExportMasksDialog", "ImportMasksDialog"]

_WIDTH_EM = 43
_WRITTEN = {
    MaskFormat.PNG: "One 1-bit PNG per picture",
    MaskFormat.COCO: "One COCO file (run lengths)",
}
_READ = {
    MaskFormat.PNG: "PNG, one per picture",
    MaskFormat.COCO: "COCO file",
    MaskFormat.LABELME: "labelme, one JSON per picture",
    MaskFormat.CVAT: "CVAT: images 1.1, or segmentation mask 1.1",
}
_EXPORT = "With them goes masks.csv: hashes, sizes, and what made each mask."
_IMPORT = (
    "Each mask finds its picture by masks.csv, or by the same path or name. A mask of another size is "
    "refused, never fitted. Masks that were exported here come back bit by bit."
)


class _MaskFilesDialog(QDialog):
    """A place, a format, and what the kind of dialog adds.

    Signals:
        chosen(job)
    """

    chosen = Signal(object)

    def __init__(self, title: str, text: str, formats: dict[MaskFormat, str], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH_EM * self.fontInfo().pixelSize())
        self.place = named(QLineEdit(), "maskFolder", "Folder of the masks")
        self.place.textChanged.connect(self._show_ready)
        browse = push_button("browseMasks", "Choose...", "Choose the folder")
        browse.clicked.connect(self._browse)
        self.format = named(QComboBox(), "maskFormat", "Format of the files")
        for mask_format, name in formats.items():
            self.format.addItem(name, mask_format)
        row = QHBoxLayout()
        row.addWidget(self.place)
        row.addWidget(browse)
        self.form = QFormLayout()
        self.form.addRow("Folder", row)
        self.form.addRow("Format", self.format)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        start = buttons.addButton(title.split()[0], QDialogButtonBox.ButtonRole.AcceptRole)
        self.start = named(start, "startMasks", title, key="Enter")
        self.start.setProperty("role", "primary")
        self.start.setEnabled(False)
        buttons.accepted.connect(self.accept)
        name_buttons(buttons, "maskFiles")
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(label(text, role="muted", wrap=True))
        layout.addLayout(self.form)
        layout.addWidget(buttons)

    def is_ready(self) -> bool:
        """Return whether all was said that has to be."""
        return bool(self.place.text().strip())

    @abstractmethod
    def job(self) -> Job:
        """Return what was chosen."""

    @override
    def accept(self) -> None:
        self.chosen.emit(self.job())
        super().accept()

    @Slot()
    def _show_ready(self) -> None:
        self.start.setEnabled(self.is_ready())

    @Slot()
    def _browse(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, "Folder of masks", self.place.text()):
            self.place.setText(folder)


class ExportMasksDialog(_MaskFilesDialog):
    """Which masks are written, and what they may tell."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__("Export masks", _EXPORT, _WRITTEN, parent)
        self.setObjectName("exportMasksDialog")
        self.mask_set = named(QComboBox(), "exportedSet", "Which masks")
        for mask_set in MaskSet:
            self.mask_set.addItem(f"{mask_set.capitalize()} masks", mask_set)
        self.hide_names = named(
            QCheckBox("Call pictures by their hash: file names can be patients' names"),
            "hideNames",
            "Leave out file names",
        )
        self.with_readers = named(QCheckBox("Name the readers"), "withReaders", "Tell who drew each mask")
        self.form.addRow("Masks", self.mask_set)
        self.form.addRow("", self.hide_names)
        self.form.addRow("", self.with_readers)
        centre_titles(self.form)

    @override
    def job(self) -> ExportMasks:
        return ExportMasks(
            self.place.text().strip(),
            mask_set=str(self.mask_set.currentData()),
            mask_format=str(self.format.currentData()),
            with_readers=self.with_readers.isChecked(),
            hide_names=self.hide_names.isChecked(),
        )


class ImportMasksDialog(_MaskFilesDialog):
    """Whose masks they are, and what in them is ink.

    Args:
        known: Readers of the project, whose names are offered.
    """

    def __init__(self, known: Sequence[Reader], *, parent: QWidget | None = None) -> None:
        super().__init__("Import masks", _IMPORT, _READ, parent)
        self.setObjectName("importMasksDialog")
        self._known = {reader.name: reader for reader in known}
        self.reader = named(QComboBox(), "maskReader", "Who drew the masks")
        self.reader.setEditable(True)
        self.reader.addItems(["", *self._known])
        if (line := self.reader.lineEdit()) is not None:
            named(line, "maskReaderName", "Who drew the masks")
            line.setPlaceholderText("name or initials")
        self.is_exact = named(
            QCheckBox("Nobody: they are exact by construction"),
            "exactMasks",
            "A program that knows where the ink is made them",
        )
        self.kind = named(QComboBox(), "maskReaderKind", "What this person is")
        for kind in ReaderKind:
            self.kind.addItem(kind.capitalize(), kind)
        self.labels = named(QLineEdit(), "inkLabels", "Labels that are ink, with commas between")
        self.labels.setPlaceholderText("all with ink, pen or marker in their names")
        self.is_empty_free = named(
            QCheckBox("Pictures on which nothing was drawn have no ink"),
            "emptyIsInkFree",
            "They were looked at, and no ink was found",
        )
        self.form.addRow("Drawn by", self.reader)
        self.form.addRow("", self.is_exact)
        self.form.addRow("Who is", self.kind)
        self.form.addRow("Ink labels", self.labels)
        self.form.addRow("", self.is_empty_free)
        centre_titles(self.form)
        self.reader.editTextChanged.connect(self._show_kind)
        self.reader.editTextChanged.connect(self._show_ready)
        self.is_exact.toggled.connect(self._show_exact)
        self.format.currentIndexChanged.connect(self._show_fields)
        self._show_kind(self.reader.currentText())
        self._show_fields()

    @override
    def job(self) -> ImportMasks:
        return ImportMasks(
            self.place.text().strip(),
            reader="" if self.is_exact.isChecked() else self.reader.currentText().strip(),
            reader_kind=str(self.kind.currentData()),
            mask_format=str(self.format.currentData()),
            labels=tuple(part.strip() for part in self.labels.text().split(",") if part.strip()),
            empty_is_ink_free=self.is_empty_free.isChecked(),
        )

    @override
    def is_ready(self) -> bool:
        # Whose masks they are has to be said: nothing may become exact, or anybody's, unasked.
        return super().is_ready() and (self.is_exact.isChecked() or bool(self.reader.currentText().strip()))

    @Slot(bool)
    def _show_exact(self, is_exact: bool) -> None:
        self.reader.setEnabled(not is_exact)
        self._show_kind("" if is_exact else self.reader.currentText())
        self._show_ready()

    @Slot(str)
    def _show_kind(self, name: str) -> None:
        known = self._known.get(name.strip())
        self.kind.setEnabled(bool(name.strip()) and known is None)
        if known is not None:
            self.kind.setCurrentIndex(self.kind.findData(known.kind))

    @Slot()
    def _show_fields(self) -> None:
        is_png = self.format.currentData() == MaskFormat.PNG
        self.labels.setEnabled(not is_png)
        self.is_empty_free.setEnabled(not is_png)
