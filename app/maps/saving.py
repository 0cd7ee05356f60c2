"""Asking where to save what is shown, and saving it off the window's thread."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from app.jobs.background import Background
from app.maps.exporting import Shown, suggested_name, write_sheet
from app.widgets.dialogs import show_error
from gsal.project import Project

__all__ = ["Saving"]


class Saving(QObject):
    """Suggests the project's exports, and tells where the file is.

    Args:
        project: Whose pictures.
        window: Under which it asks.

    Signals:
        told(text): What became of it.
    """

    told = Signal(str)

    def __init__(self, project: Project, *, window: QWidget) -> None:
        super().__init__(window)
        self._project, self._window = project, window
        self._writing = Background("maps file", parent=self)
        self._writing.done.connect(self._tell)
        self._writing.failed.connect(self._tell_failure)

    def ask(self, shown: Shown) -> None:
        """Ask for a file, and write it."""
        folder = Path.home() if self._project.read_only else self._project.exports
        place = str(folder / suggested_name(shown))
        title = "Save picture, mask and map"
        path, _ = QFileDialog.getSaveFileName(self._window, title, place, "PNG (*.png)")
        if path:
            file = Path(path) if path.lower().endswith(".png") else Path(f"{path}.png")
            self._writing.submit(file, partial(write_sheet, shown, file))

    def shut_down(self) -> None:
        """Wait for what is being written."""
        self._writing.shut_down()

    @Slot(object, object)
    def _tell(self, path: Path, result: object) -> None:
        del result
        self.told.emit(f"Saved: {path}")

    @Slot(object, object)
    def _tell_failure(self, path: Path, error: BaseException) -> None:
        if not isinstance(error, OSError):
            raise error
        sentence = f"{path}: {error.strerror or error}. Choose another folder, or make room."
        show_error(self._window, "The map was not saved", sentence)
