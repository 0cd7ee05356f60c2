"""Short work off the window's thread: reading pictures, thumbnails, tables of the project."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
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
        """Run a function and emit `done` or `failed` with this key; nothing after the end."""
        if self._is_closed:
            return
        future = self._pool.submit(function)
        future.add_done_callback(partial(self._finish, key))

    def shut_down(self) -> None:
        """Forget what has not begun, and wait for the rest."""
        self._is_closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def finish(self) -> None:
        """Wait for everything, also for what has not begun; for work that must not be lost."""
        self._is_closed = True
        self._pool.shutdown(wait=True)

    def _finish(self, key: object, future: "Future[Any]") -> None:
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            self.done.emit(key, future.result())
        else:
            self.failed.emit(key, error)
