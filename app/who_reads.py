"""Who reads in a project on this machine: asked once, known the next time."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.settings import Settings
from app.widgets.dialogs import show_error
from gsal.errors import GsalError
from gsal.project import Project
from gsal.records import Reader, ReaderKind

__all__ = ["WhoReads"]


class WhoReads(QObject):
    """Keeps the reader's name in the settings, and the reader in the project.

    Signals:
        known(reader): This is who reads from now on.

    Attributes:
        reader: Who reads; None when nobody said so yet.
    """

    known = Signal(object)

    def __init__(self, project: Project, settings: Settings, *, window: QWidget) -> None:
        super().__init__(window)
        self._project, self._settings, self._window = project, settings, window
        self._dialog: QObject | None = None
        self.reader: Reader | None = None

    def recall(self) -> None:
        """Go on as who read last."""
        name = self._settings.reader(self._project.uuid)
        for reader in self._project.store.readers.all():
            if reader.name == name:
                self._use(reader)

    @Slot()
    def ask(self) -> None:
        """Ask, once at a time."""
        from app.review.panels.reader_dialog import ReaderDialog

        if self._dialog is None:
            dialog = ReaderDialog(self._project.store.readers.all(), parent=self._window)
            dialog.chosen.connect(self._choose)
            dialog.finished.connect(self._forget_dialog)
            self._dialog = dialog
            dialog.open()

    @Slot(str, str)
    def _choose(self, name: str, kind: str) -> None:
        try:
            reader = self._project.store.readers.add(name, ReaderKind(kind))
        except GsalError as error:
            show_error(self._window, "This reader cannot be used", str(error))
            return
        self._settings.remember_reader(self._project.uuid, reader.name)
        self._use(reader)

    def _use(self, reader: Reader) -> None:
        self.reader = reader
        self.known.emit(reader)

    @Slot()
    def _forget_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
