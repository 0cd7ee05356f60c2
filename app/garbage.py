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
_WORTH_IT = 0.25
"""New objects as a share of the old ones from which on all are looked through: Python's own rule."""


class GarbageCollector(QObject):
    """Collects in place of Python, in the thread it lives in, until it is stopped.

    Args:
        parent: Lives in the window's thread.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self.settle()
        self._timer = QTimer(self)
        self._timer.setInterval(_CHECK_MS)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def settle(self) -> None:
        """Take what is there for old, as after a look through it all.

        Python freezes it, which counts it; listing it would take hold of tuples that a thread is making.
        """
        gc.freeze()
        self._old, self._new = gc.get_freeze_count(), 0

    @Slot()
    def collect_if_due(self) -> None:
        """Collect the oldest generation that is due by Python's own rules; not during a stroke.

        Looking through everything is felt once all pages are open, so it waits for many new objects.
        """
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return
        counts = gc.get_count()
        due = [count > limit > 0 for count, limit in zip(counts, gc.get_threshold(), strict=True)]
        new = self._new + counts[0]
        if due[2] and new > _WORTH_IT * self._old:
            gc.unfreeze()
            gc.collect()
            self.settle()
        elif due[1] or due[0]:
            self._new = max(0, new - gc.collect(1 if due[1] else 0))
