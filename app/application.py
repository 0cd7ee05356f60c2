"""Putting the application together: style, settings, log, what happens to a bug, the window."""

import faulthandler
import logging
import sys
from functools import partial
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QTimer,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from app.endings import Endings
from app.garbage import GarbageCollector
from app.main_window import MainWindow
from app.private_log import write_log
from app.settings import Settings
from app.theme import Theme
from app.widgets.dialogs import show_crash, show_error
from app.widgets.icons import application_icon

__all__ = ["CrashReporter", "run"]

_log = logging.getLogger("app")
_SETTLED_MS = 2000
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class CrashReporter(QObject):
    """Takes exceptions nobody caught, from any thread: writes them down and shows them.

    Signals:
        crashed(error)
    """

    crashed = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.crashed.connect(self._show)

    def take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Be `sys.excepthook`."""
        _log.error("Uncaught", exc_info=(kind, error, trace))
        self.crashed.emit(error)

    @Slot(object)
    def _show(self, error: BaseException) -> None:
        show_crash(self._window, error)


def run(project_folder: Path | None) -> int:
    """Show the window until it is closed; return the exit status."""
    faulthandler.enable()
    write_log(Path(platformdirs.user_log_dir("gsal")))
    qInstallMessageHandler(_log_message)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("gsal")
    application.setDesktopFileName("gsal")
    application.setWindowIcon(application_icon())
    garbage = GarbageCollector(application)
    settings = Settings()
    theme = Theme(application, choice=settings.theme, font_scale=settings.font_scale)
    window = MainWindow(theme, settings)
    sys.excepthook = CrashReporter(window).take
    endings = Endings(window)
    # Not `quit`, which closes windows: this one asks first while a job runs, and nobody is there to answer.
    endings.asked.connect(partial(application.exit, 0))
    window.show()
    if settings.notice:
        show_error(window, "Your settings could not be read", settings.notice)
    if project_folder is not None:
        window.open_at_once(project_folder)
    # What is there by then stays: looking through it at once stalls the window for a tenth of a second.
    QTimer.singleShot(_SETTLED_MS, garbage.settle)
    status = application.exec()
    window.shut_down()
    endings.stop()
    garbage.stop()
    return status


def _log_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    del context
    _log.log(_LEVELS[kind], "Qt: %s", text)
