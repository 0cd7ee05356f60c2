"""What program this is, where it keeps its data, and the licences of all its parts."""

from pathlib import Path

import platformdirs
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.settings import Settings
from app.widgets.controls import label, named, push_button
from app.widgets.icons import application_icon
from app.widgets.outside import show_outside
from app.widgets.standard_buttons import name_buttons
from gsal.licences import Licence, known
from gsal.version import __version__

__all__ = ["AboutDialog"]

_WHAT = (
    "Finds out whether a skin-lesion classifier looks at ink instead of the lesion, and how much that costs. "
    "For research: not a medical device. It sends nothing anywhere, and asks no network."
)
_ICON_PX = 64
_SIZE_PX = 960, 640
_PARTS_PX = 240, 680
"""Licences are written in lines of 80 letters."""


class AboutDialog(QDialog):
    """Version, folders, licences.

    Args:
        settings: Whose file is named.
        project: Folder of the open project; None when there is none.
        parent: The window.
    """

    def __init__(self, settings: Settings, project: Path | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("aboutDialog")
        self.setWindowTitle("About gsal")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE_PX)
        self._licences = known()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        name_buttons(buttons, "aboutDialog")
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(self._head())
        layout.addLayout(self._folders(settings, project))
        layout.addWidget(label(f"Licences of the {len(self._licences)} parts it is made of", role="section"))
        layout.addWidget(self._parts(), 1)
        layout.addWidget(buttons)
        self.parts.setCurrentRow(0)

    def _head(self) -> QHBoxLayout:
        picture = QLabel()
        picture.setPixmap(application_icon().pixmap(_ICON_PX, _ICON_PX))
        words = QVBoxLayout()
        words.addWidget(label(f"gsal {__version__}", role="title", name="aboutVersion"))
        words.addWidget(label(_WHAT, role="muted", wrap=True))
        words.addWidget(label("The program itself: Apache License 2.0, the authors of gsal.", role="muted"))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _folders(self, settings: Settings, project: Path | None) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(4)
        if project is not None:
            rows.addLayout(self._folder("Project", "openProjectFolder", project))
        logs = Path(platformdirs.user_log_dir("gsal"))
        rows.addLayout(self._folder("Settings", "openSettingsFolder", settings.file.parent))
        rows.addLayout(self._folder("Log, without names of files or patients", "openLogFolder", logs))
        return rows

    def _folder(self, what: str, name: str, folder: Path) -> QHBoxLayout:
        path = label(f"{what}: {folder}", role="muted", wrap=True)
        path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        button = push_button(name, "Open folder", f"Show {folder}")
        button.setEnabled(folder.is_dir())
        button.clicked.connect(lambda: show_outside(folder, self))
        row = QHBoxLayout()
        row.addWidget(path, 1)
        row.addWidget(button)
        return row

    def _parts(self) -> QSplitter:
        self.parts = named(QListWidget(), "licenceList", "Every part, its version and its licence")
        self.parts.addItems([f"{one.name} {one.version}" for one in self._licences])
        self.terms = named(QPlainTextEdit(), "licenceText", "The licence of the chosen part")
        self.terms.setReadOnly(True)
        self.parts.currentRowChanged.connect(self._show_terms)
        beside = QSplitter(Qt.Orientation.Horizontal)
        beside.addWidget(self.parts)
        beside.addWidget(self.terms)
        beside.setStretchFactor(1, 1)
        beside.setSizes(_PARTS_PX)
        return beside

    @Slot(int)
    def _show_terms(self, row: int) -> None:
        if 0 <= row < len(self._licences):
            self.terms.setPlainText(_words(self._licences[row]))


def _words(part: Licence) -> str:
    return "\n".join(filter(None, (f"{part.name} {part.version}", part.terms, part.url, "", part.text)))
