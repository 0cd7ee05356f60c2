"""What is seen while a project is opened: its name, at once."""

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent
from typing_extensions import override

from app.widgets.empty_state import EmptyState

__all__ = ["Opening"]


class Opening(EmptyState):
    """Says which project is being opened.

    Signals:
        seen(folder): It is on the screen: the work can begin.
    """

    seen = Signal(object)

    def __init__(self, folder: Path) -> None:
        super().__init__(f"Opening {folder.resolve().name}...", str(folder.resolve().parent))
        self.setObjectName("opening")
        self._folder = folder
        self._is_seen = False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_seen:
            self._is_seen = True
            QTimer.singleShot(0, lambda: self.seen.emit(self._folder))
