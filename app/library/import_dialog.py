"""Asking which folder to import, and with which table of labels."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
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
from gsal.jobs.pictures.import_images import ImportImages

__all__ = ["ImportDialog"]

_WIDTH_EM = 43


class ImportDialog(QDialog):
    """Folder and labels table; emits the job to run.

    Signals:
        chosen(job)
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("importDialog")
        self.setWindowTitle("Import pictures")
        self.setMinimumWidth(_WIDTH_EM * self.fontInfo().pixelSize())
        self.folder = named(QLineEdit(), "importFolder", "Folder of the photographs")
        self.labels = named(QLineEdit(), "importLabels", "Table of labels, CSV")
        self.labels.setPlaceholderText("none: each subfolder is a class")
        browse_folder = push_button("browseFolder", "Choose...", "Choose the folder")
        browse_labels = push_button("browseLabels", "Choose...", "Choose the table of labels")
        browse_folder.clicked.connect(self._browse_folder)
        browse_labels.clicked.connect(self._browse_labels)
        self.folder.textChanged.connect(self._folder_changed)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        start = self.buttons.addButton("Import", QDialogButtonBox.ButtonRole.AcceptRole)
        self.start = named(start, "startImport", "Import these pictures", key="Enter")
        self.start.setProperty("role", "primary")
        self.start.setEnabled(False)
        self.buttons.accepted.connect(self.accept)
        name_buttons(self.buttons, "importDialog")
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow("Folder", _row(self.folder, browse_folder))
        form.addRow("Labels", _row(self.labels, browse_labels))
        centre_titles(form)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(
            label(
                "The table needs the columns file and label; patient_id and lesion_id keep pictures of one "
                "patient together. Pictures stay where they are.",
                role="muted",
                wrap=True,
            )
        )
        layout.addLayout(form)
        layout.addWidget(self.buttons)

    @override
    def accept(self) -> None:
        self.chosen.emit(ImportImages(self.folder.text().strip(), self.labels.text().strip()))
        super().accept()

    @Slot(str)
    def _folder_changed(self, text: str) -> None:
        folder = Path(text.strip())
        is_folder = bool(text.strip()) and folder.is_dir()
        self.start.setEnabled(is_folder)
        if is_folder and not self.labels.text():
            table = folder / "labels.csv"
            self.labels.setText(str(table) if table.is_file() else "")

    @Slot()
    def _browse_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, "Folder of photographs", self.folder.text()):
            self.folder.setText(folder)

    @Slot()
    def _browse_labels(self) -> None:
        start = self.labels.text() or self.folder.text()
        path, _ = QFileDialog.getOpenFileName(self, "Table of labels", start, "Tables (*.csv)")
        if path:
            self.labels.setText(path)


def _row(*widgets: QWidget) -> QHBoxLayout:
    layout = QHBoxLayout()
    for widget in widgets:
        layout.addWidget(widget)
    return layout
