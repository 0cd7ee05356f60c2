"""Python's garbage is collected in the window's thread, between events, and nowhere else.

Left alone, Python collects cycles in whatever thread happens to allocate, at any moment. Widgets and plots
are then destroyed by a job's thread, or in the middle of a paint, and Qt crashes: rarely, and nowhere
near the cause.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication

__all__ = ["GarbageCollector"]

_CHECK_MS = 500


class GarbageCollector(QObject):
    """Collects in place of Python, in the thread it lives in, until it is stopped.

    Args:
        parent: Lives in the window's thread.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_CHECK_MS)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def collect_if_due(self) -> None:
        """Collect the oldest generation whose count is over Python's threshold; not during a stroke."""
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return
        due = [count > limit > 0 for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        for generation in (2, 1, 0):
            if due[generation]:
                gc.collect(generation)
                return
