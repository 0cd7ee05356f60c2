"""Many requests, few redraws."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

__all__ = ["REDRAW_MS", "Coalescer"]

REDRAW_MS = 50


class Coalescer(QObject):
    """Emits `due` once for all requests of the last 50 ms: the first waits no longer than that."""

    due = Signal()

    def __init__(self, parent: QObject | None = None, *, interval_ms: int = REDRAW_MS) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self.due)

    @Slot()
    def request(self) -> None:
        """Ask for a redraw."""
        if not self._timer.isActive():
            self._timer.start()
