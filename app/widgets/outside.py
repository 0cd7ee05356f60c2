"""Showing a file or a folder with another program of the system."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.widgets.dialogs import show_error

__all__ = ["show_outside"]

_LIBRARIES = "LD_LIBRARY_PATH"


def show_outside(path: Path, window: QWidget) -> None:
    """Open a file or a folder with the program that the system has for it; tell the user if there is none."""
    with _libraries_of_the_system():
        is_shown = QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
    if not is_shown:
        show_error(window, "No program on this computer opens this", f"It lies here: {path}")


@contextmanager
def _libraries_of_the_system() -> Iterator[None]:
    """Give programs that are started meanwhile the libraries that they are made for.

    An installed program runs with its own libraries first, and so would a browser that it starts.
    """
    own = os.environ.get(_LIBRARIES)
    systems = os.environ.get(f"{_LIBRARIES}_ORIG")
    if own is None or "_PYI_ARCHIVE_FILE" not in os.environ:
        yield
        return
    if systems is None:
        del os.environ[_LIBRARIES]
    else:
        os.environ[_LIBRARIES] = systems
    try:
        yield
    finally:
        os.environ[_LIBRARIES] = own
