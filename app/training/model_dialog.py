"""Asking for a classifier trained elsewhere: its file, its card, a dry run, and trust in its code."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.jobs.background import Background
from app.training.model_form import ModelForm
from app.widgets.controls import centre_titles, label, named, push_button
from app.widgets.standard_buttons import name_buttons
from gsal.errors import GsalError
from gsal.jobs.models.card import find_card
from gsal.jobs.models.format import find_format
from gsal.jobs.models.import_model import ImportModel
from gsal.jobs.models.report import Fit
from gsal.project import Project

__all__ = ["ModelDialog"]

_WIDTH_EM = 52
_REPORT_LINES = 11
_FILES = "Models (*.safetensors *.pt *.pth *.pt2 *.onnx *.torchscript *.ckpt);;All files (*)"
_QUESTION = (
    "This file is a program. Opening it runs code of whoever made it, which may do all that you may do on "
    "this machine: read your files, change them, send them away. Do you know and trust its maker?"
)
_FREE = "Say what the model's card does not; the rest is taken as usual. Nothing is imported by a check."
_MARKS = {Fit.FITS: "\N{CHECK MARK}", Fit.NOTE: "\N{BULLET}", Fit.MISFIT: "\N{MULTIPLICATION SIGN}"}


class ModelDialog(QDialog):
    """A file and what is said of it; imported is only what was checked like this before.

    Args:
        project: Whose picture the model is tried on.
        checking: Where it is tried; it outlives the dialog.

    Signals:
        chosen(job)
    """

    chosen = Signal(object)

    def __init__(self, project: Project, checking: Background, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelDialog")
        self.setWindowTitle("Import a model")
        self.setMinimumWidth(_WIDTH_EM * self.fontInfo().pixelSize())
        self._project, self._checking = project, checking
        self._asked: ImportModel | None = None
        self._sha256 = ""
        self.file = named(QLineEdit(), "modelFile", "The model's file")
        self.browse = push_button("browseModel", "Choose...", "Choose the model's file")
        self.card = label(role="muted", name="modelCard", wrap=True)
        self.form = ModelForm()
        self.question = label(_QUESTION, role="danger", name="trustQuestion", wrap=True)
        self.trust = named(
            QCheckBox("Yes: run the code in this file"), "trustModel", "Run the code in this file"
        )
        self.check = push_button("checkModel", "Check", "Try the model on a picture of the project")
        self.report = named(QPlainTextEdit(), "modelReport", "What fits and what does not")
        self._lay_out()
        self._connect()
        self._file_changed()

    def _lay_out(self) -> None:
        self.report.setReadOnly(True)
        self.report.setPlaceholderText("What fits and what does not is told here after a check.")
        self.report.setMinimumHeight(_REPORT_LINES * self.fontMetrics().lineSpacing())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        start = buttons.addButton("Import", QDialogButtonBox.ButtonRole.AcceptRole)
        self.start = named(start, "importModelNow", "Import this model", key="Enter")
        self.start.setProperty("role", "primary")
        name_buttons(buttons, "modelDialog")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        place = QHBoxLayout()
        place.addWidget(self.file)
        place.addWidget(self.browse)
        fields = QFormLayout()
        fields.addRow("File", place)
        fields.addRow("Card", self.card)
        self.form.add_to(fields)
        centre_titles(fields)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(label(_FREE, role="muted", wrap=True))
        layout.addLayout(fields)
        layout.addWidget(self.question)
        row = QHBoxLayout()
        row.addWidget(self.trust)
        row.addStretch()
        row.addWidget(self.check)
        layout.addLayout(row)
        layout.addWidget(self.report, 1)
        layout.addWidget(buttons)

    def _connect(self) -> None:
        self.browse.clicked.connect(self._browse)
        self.file.textChanged.connect(self._file_changed)
        self.form.changed.connect(self._forget)
        self.trust.toggled.connect(self._forget)
        self.check.clicked.connect(self._ask)
        self._checking.done.connect(self._take)
        self._checking.failed.connect(self._take_error)

    def job(self) -> ImportModel:
        """Return the import as it is set now."""
        path = Path(self.file.text().strip())
        return self.form.job(path, trust=self.trust.isVisibleTo(self) and self.trust.isChecked())

    @override
    def accept(self) -> None:
        # A file that changes on the disk between the check and the import is refused by its hash.
        self.chosen.emit(replace(self.job(), sha256=self._sha256))
        super().accept()

    @Slot()
    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "A trained classifier", self.file.text(), _FILES)
        if path:
            self.file.setText(path)

    @Slot()
    def _file_changed(self) -> None:
        text = self.file.text().strip()
        path = Path(text)
        is_file = bool(text) and path.is_file()
        runs_code = is_file and find_format(path).runs_code
        self.trust.setChecked(False)
        self.question.setVisible(runs_code)
        self.trust.setVisible(runs_code)
        self.form.suggest_name(path.stem if is_file else "")
        self.card.setText(
            _card_text(path) if is_file else "a .toml or .json beside the file, if there is one"
        )
        self._forget()

    @Slot()
    def _forget(self) -> None:
        """What was checked is not what is set now."""
        self._asked, self._sha256 = None, ""
        self.report.clear()
        self.start.setEnabled(False)
        self._show_ready()

    def _show_ready(self) -> None:
        is_file = Path(self.file.text().strip()).is_file()
        is_asked = self.trust.isVisibleTo(self) and not self.trust.isChecked()
        self.check.setEnabled(is_file and not is_asked and self._asked is None)
        tip = "Try the model on a picture of the project"
        if not is_file:
            tip = "Choose a file first"
        elif is_asked:
            tip = "Answer the question above first"
        self.check.setToolTip(tip)

    @Slot()
    def _ask(self) -> None:
        try:
            self._asked = self.job()
        except GsalError as error:
            self.report.setPlainText(str(error))
            return
        self.report.setPlainText("Trying it...")
        self._show_ready()
        self._checking.submit(self._asked, partial(_check, self._asked, self._project))

    @Slot(object, object)
    def _take(self, asked: object, found: Mapping[str, Any]) -> None:
        if asked != self._asked:
            return
        self._asked, self._sha256 = None, str(found["file_sha256"])
        lines = [f"{_MARKS[Fit(one['fit'])]} {one['topic']}: {one['text']}" for one in found["report"]]
        end = "It can be imported." if found["fits"] else "It cannot be imported like this."
        self.report.setPlainText("\n".join([*lines, "", end]))
        self.start.setEnabled(bool(found["fits"]))
        self._show_ready()

    @Slot(object, object)
    def _take_error(self, asked: object, error: Exception) -> None:
        if asked != self._asked:
            return
        self._asked = None
        self.report.setPlainText(str(error) or type(error).__name__)
        self._show_ready()


def _check(job: ImportModel, project: Project) -> dict[str, Any]:
    return job.check(project).to_json()


def _card_text(weights: Path) -> str:
    try:
        card = find_card(weights)
    except GsalError as error:
        return str(error)
    return f"{card.name}, beside the file" if card else "none beside the file"
