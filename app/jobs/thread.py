"""A long task in a thread of its own, whose signals carry the task's immutable events."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal
from typing_extensions import override

from gsal.progress import JobCancelled, JobContext

__all__ = ["JobThread"]


class JobThread(QThread):
    """Runs `work(context)`; exactly one of succeeded, cancelled and failed is emitted before finished."""

    emitted = Signal(object)
    succeeded = Signal(object)
    cancelled = Signal()
    failed = Signal(object)

    def __init__(self, work: Callable[[JobContext], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.context = JobContext(self.emitted.emit)

    @override
    def run(self) -> None:
        try:
            result = self._work(self.context)
        except JobCancelled:
            self.cancelled.emit()
        except Exception as error:  # noqa: BLE001 - the manager tells the user's errors from bugs
            self.failed.emit(error)
        else:
            self.succeeded.emit(result)
