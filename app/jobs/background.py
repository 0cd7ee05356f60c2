"""Short work off the window's thread: reading pictures, thumbnails, tables of the project."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Signal

__all__ = ["Background"]


class Background(QObject):
    """Runs functions in threads of its own and brings each result, with its key, to the window's thread.

    Connect `done` and `failed` to `@Slot` methods only: those are called in their own thread.

    Args:
        name: Of the threads, for logs.
        threads: How many; with one, results come in the order of the submissions.

    Signals:
        done(key, result)
        failed(key, error)
    """

    done = Signal(object, object)
    failed = Signal(object, object)

    def __init__(self, name: str, *, threads: int = 1, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_closed = False
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"gsal-{name}")

    def submit(self, key: object, function: Callable[[], Any]) -> None:
        """Run a function and emit `done` or `failed` with this key, never before this returns."""
        if not self._is_closed:
            self._pool.submit(self._run, key, function)

    def shut_down(self) -> None:
        """Forget what has not begun, and wait for the rest."""
        self._is_closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, key: object, function: Callable[[], Any]) -> None:
        try:
            result = function()
        except Exception as error:  # noqa: BLE001 - it belongs to whoever listens to `failed`
            self.failed.emit(key, error)
        else:
            self.done.emit(key, result)
