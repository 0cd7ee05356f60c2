"""The one main window: a project's workspace, or the way to one."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox, QStackedWidget, QWidget
from typing_extensions import override

from app.main_menu import MainMenu
from app.opening import Opening
from app.settings import Settings
from app.theme import Theme
from app.welcome import Welcome
from app.widgets.dialogs import show_error
from app.widgets.standard_buttons import name_buttons
from gsal.errors import GsalError, ProjectLocked

if TYPE_CHECKING:
    from app.workspace import Workspace
    from gsal.project import Project

__all__ = ["MainWindow"]

_PROGRAM = "gsal window"
_SIZE = QSize(1440, 900)
_FRAME = QSize(8, 40)
"""Title and borders: Qt knows them only once the window is on the screen."""
_UNSAVED = "Some strokes could not be saved in the project"
_SPARE = "They are kept in {} and come back by themselves when the project is opened here again."


class MainWindow(QMainWindow):
    """Opens and closes projects; closing it stops what runs, and waits without freezing.

    What a project needs is imported when the first is opened: the window is on the screen before.
    """

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setMinimumSize(1120, 640)
        self.resize(_SIZE.boundedTo(self.screen().availableGeometry().size() - _FRAME))
        self._theme, self._settings = theme, settings
        self.workspace: Workspace | None = None
        self._next: Path | None = None
        self._is_closing = False
        self.welcome = Welcome()
        self.welcome.new_asked.connect(self.ask_new)
        self.welcome.open_asked.connect(self.ask_open)
        self.welcome.chosen.connect(self.open_project)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.welcome)
        self.setCentralWidget(self._stack)
        self.restoreGeometry(settings.geometry)
        self._show_welcome()

    def open_at_once(self, folder: Path) -> None:
        """Open a project as soon as its name is on the screen; for the start."""
        opening = Opening(folder)
        opening.seen.connect(self.open_project)
        opening.seen.connect(opening.deleteLater)
        self._stack.addWidget(opening)
        self._stack.setCurrentWidget(opening)

    @Slot(object)
    def open_project(self, folder: Path, *, read_only: bool = False) -> None:
        """Open a project instead of the present one; the user is told if it cannot be."""
        if self.workspace is not None:
            self._next = folder
            self._leave_when_idle()
            return
        from gsal.project import Project

        try:
            project = Project.open(folder, read_only=read_only, program=_PROGRAM)
        except ProjectLocked as error:
            self._offer_reading(folder, str(error))
        except GsalError as error:
            show_error(self, "This project cannot be opened", str(error))
        else:
            self._enter(project)

    @Slot()
    def ask_open(self) -> None:
        """Ask which project to open."""
        if folder := QFileDialog.getExistingDirectory(self, "Open a project"):
            self.open_project(Path(folder))

    @Slot()
    def ask_new(self) -> None:
        """Ask for the name of a project and where to make it."""
        from app.new_project_dialog import NewProjectDialog

        dialog = NewProjectDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.new_project)
        dialog.open()

    @Slot(object)
    def new_project(self, folder: Path) -> None:
        """Make a project, then open it; the user is told if it cannot be."""
        from gsal.project import Project

        try:
            Project.create(folder, program=_PROGRAM).close()
        except GsalError as error:
            show_error(self, "No project can be made here", str(error))
        else:
            self.open_project(folder)

    def shut_down(self) -> None:
        """Stop all work and give the project back; for an end that did not come through closing."""
        self._leave()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._settings.geometry = self.saveGeometry()
        if self.workspace is not None and not self.workspace.manager.is_idle:
            event.ignore()
            if not self._is_closing:
                self._ask_stopping()
            return
        self._leave()
        event.accept()

    def _ask_stopping(self) -> None:
        if self.findChild(QMessageBox, "stopDialog") is not None:
            return
        title = "A job is running. Stop it and close?"
        box = QMessageBox(QMessageBox.Icon.Question, title, title, parent=self)
        box.setObjectName("stopDialog")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setInformativeText("It can be resumed.")
        stop = box.addButton(QMessageBox.StandardButton.Yes)
        box.addButton(QMessageBox.StandardButton.Cancel)
        name_buttons(box, "stopDialog")
        box.setDefaultButton(stop)
        stop.clicked.connect(self._stop_and_close)
        box.open()

    @Slot()
    def _stop_and_close(self) -> None:
        self._is_closing = True
        self._leave_when_idle()

    def _enter(self, project: "Project") -> None:
        from app.workspace import Workspace

        self._settings.remember_project(project.folder)
        self.workspace = Workspace(project, self._theme, self._settings)
        self.workspace.menu_asked.connect(self._show_menu)
        self.workspace.manager.idle.connect(self._manager_idle)
        self._stack.addWidget(self.workspace)
        self._stack.setCurrentWidget(self.workspace)
        self.setWindowTitle(f"{project.name} - gsal")

    def _leave_when_idle(self) -> None:
        if self.workspace is None:
            return
        if self.workspace.manager.is_idle:
            self._manager_idle()
        else:
            self.workspace.manager.cancel_all()

    @Slot()
    def _manager_idle(self) -> None:
        if self._is_closing:
            self.close()
        elif self._next is not None:
            folder, self._next = self._next, None
            self._leave()
            self.open_project(folder)

    def _leave(self) -> None:
        workspace, self.workspace = self.workspace, None
        if workspace is not None:
            self._close(workspace)
            self._stack.removeWidget(workspace)
            workspace.deleteLater()
        self._show_welcome()

    def _close(self, workspace: "Workspace") -> None:
        try:
            spare = workspace.shut_down()
        except OSError as error:
            show_error(self, _UNSAVED, f"No place was found to keep them: {error.strerror}. They are lost.")
        else:
            if spare is not None:
                show_error(self, _UNSAVED, _SPARE.format(spare))

    def _show_welcome(self) -> None:
        self.setWindowTitle("gsal")
        self.welcome.show_recent([folder for folder in self._settings.recent if folder.is_dir()])
        self._stack.setCurrentWidget(self.welcome)

    def _offer_reading(self, folder: Path, sentence: str) -> None:
        title = "This project is open elsewhere"
        box = QMessageBox(QMessageBox.Icon.Question, title, title, parent=self)
        box.setObjectName("lockedDialog")
        box.setInformativeText(sentence)
        read = box.addButton("Open for reading", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        name_buttons(box, "lockedDialog")
        read.clicked.connect(lambda: self.open_project(folder, read_only=True))
        box.open()

    @Slot()
    def _show_menu(self) -> None:
        menu = MainMenu(self._theme, self._settings, parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add("Open project...", self.ask_open)
        menu.add("New project...", self.ask_new)
        if self.workspace is not None:
            menu.addSeparator()
            menu.add("Import masks...", self.workspace.library.ask_import_masks)
            menu.add("Export masks...", self.workspace.library.ask_export_masks)
            menu.add("Bring back unsaved work...", self.workspace.review.keeping.ask_bring_back)
        menu.addSeparator()
        menu.add_appearance()
        menu.add("Practice the review...", self._practise)
        if self.workspace is not None:
            if not self.workspace.project.read_only:
                menu.add("First steps", self.workspace.first_steps.bring_back)
            menu.add("Change the keys...", self.workspace.review.keys.edit)
            menu.add("Review settings...", self.workspace.ask_shares)
            menu.add("Validation set...", self.workspace.review.show_validation)
        menu.addSeparator()
        menu.add("About gsal...", self._show_about)
        button: QWidget = self.workspace.header.menu if self.workspace else self
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    @Slot()
    def _show_about(self) -> None:
        from app.about_dialog import AboutDialog

        project = self.workspace.project.folder if self.workspace is not None else None
        AboutDialog(self._settings, project, self).open()

    @Slot()
    def _practise(self) -> None:
        from app.review.keys.keymap import Keymap
        from app.review.practice.dialog import PracticeDialog

        PracticeDialog(self, keymap=Keymap.from_text(self._settings.keymap)).open()
