"""What a project's window says when a job or a reading fails."""

import logging

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from app.jobs.task import Task
from app.widgets.dialogs import show_crash, show_error
from gsal.errors import GsalError

__all__ = ["Failures"]

_log = logging.getLogger(__name__)


class Failures(QObject):
    """Shows each as a dialog over a window.

    Args:
        window: The parent of all dialogs.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    @Slot(object, str)
    def show_stopped(self, task: Task, sentence: str) -> None:
        """Say why a job could not go on, and what to do."""
        show_error(self._window, f"{task.job.title} stopped", sentence)

    @Slot(object)
    def show_crash(self, error: BaseException) -> None:
        """Own up to a bug."""
        show_crash(self._window, error)

    @Slot(object, object)
    def show_unread(self, what: object, error: BaseException) -> None:
        """Say what of the project could not be read."""
        if self._window.findChild(QMessageBox) is not None:
            # One dialog at a time: what cannot be read is often asked for again.
            return
        if isinstance(error, GsalError):
            show_error(self._window, "The project cannot be read", str(error))
        else:
            _log.error("Reading %s failed", what, exc_info=error)
            show_crash(self._window, error)
