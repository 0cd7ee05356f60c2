"""Asking for the name of a new project and where its folder is made."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal, Slot
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

__all__ = ["NewProjectDialog"]

_WIDTH_EM = 43
_NOT_IN_NAMES = set('/\\:*?"<>|')


class NewProjectDialog(QDialog):
    """Name and place; emits the folder, which need not be there yet.

    Signals:
        chosen(folder)
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("newProjectDialog")
        self.setWindowTitle("New project")
        self.setMinimumWidth(_WIDTH_EM * self.fontInfo().pixelSize())
        self.name = named(QLineEdit("Ink study"), "projectName", "Name of the project and of its folder")
        self.place = named(QLineEdit(_documents()), "projectPlace", "Folder in which the project's is made")
        browse = push_button("browsePlace", "Choose...", "Choose where the project's folder is made")
        browse.clicked.connect(self._browse)
        self.told = label("", role="muted", wrap=True, name="projectFolder")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        create = self.buttons.addButton("Create", QDialogButtonBox.ButtonRole.AcceptRole)
        self.create_button = named(create, "createProject", "Make the project and open it", key="Enter")
        self.create_button.setProperty("role", "primary")
        name_buttons(self.buttons, "newProjectDialog")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out(browse)
        self.name.textChanged.connect(self._show_folder)
        self.place.textChanged.connect(self._show_folder)
        self.name.selectAll()
        self._show_folder()

    @property
    def folder(self) -> Path:
        """Of the project, as it is written in the form."""
        return Path(self.place.text().strip()).expanduser() / self.name.text().strip()

    @override
    def accept(self) -> None:
        self.chosen.emit(self.folder)
        super().accept()

    def _lay_out(self, browse: QWidget) -> None:
        beside = QHBoxLayout()
        beside.addWidget(self.place)
        beside.addWidget(browse)
        form = QFormLayout()
        form.addRow("Name", self.name)
        form.addRow("In", beside)
        centre_titles(form)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(
            label(
                "Masks, models, figures and reports are kept in a folder of the project's own; "
                "photographs stay where they are.",
                role="muted",
                wrap=True,
            )
        )
        layout.addLayout(form)
        layout.addWidget(self.told)
        layout.addWidget(self.buttons)

    @Slot()
    def _show_folder(self) -> None:
        trouble = self._trouble()
        self.told.setText(trouble or f"Will be made: {self.folder}")
        self.create_button.setEnabled(not trouble)

    def _trouble(self) -> str:
        name, place = self.name.text().strip(), self.place.text().strip()
        if not name or not place:
            return "A name and a folder are needed."
        if _NOT_IN_NAMES & set(name) or set(name) <= {"."}:
            return f"A name may not contain {' '.join(sorted(_NOT_IN_NAMES))} or be dots alone."
        try:
            if not Path(place).expanduser().is_dir():
                return f"There is no folder {place}."
            if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
                return f"{self.folder} is there already: choose another name."
        except (OSError, RuntimeError, ValueError) as error:
            return f"This name or folder cannot be used ({error})."
        return ""

    @Slot()
    def _browse(self) -> None:
        if place := QFileDialog.getExistingDirectory(self, "Where to make the project", self.place.text()):
            self.place.setText(place)


def _documents() -> str:
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return found if Path(found).is_dir() else str(Path.home())
