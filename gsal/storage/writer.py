"""The one thread that writes: strokes before job batches, and a promise kept only after COMMIT."""

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gsal.errors import ReadOnlyError

__all__ = ["Priority", "Writer"]

T = TypeVar("T")


class Priority(IntEnum):
    """Who goes first when several writes wait."""

    STROKE = 0
    BATCH = 1
    CLOSE = 2


class Writer:
    """Runs functions of a session in transactions, one after another, in its own thread.

    Args:
        engine: With a pool of one connection, which no one else uses.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._order = itertools.count()
        self._queue: queue.PriorityQueue[tuple[int, int, Callable[[Session], Any] | None, Future[Any]]]
        self._queue = queue.PriorityQueue()
        self._is_closed = False
        # Nothing may be queued behind CLOSE: it would never be taken, and its future never resolve.
        self._closing = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="gsal-writer", daemon=True)
        self._thread.start()

    def submit(self, change: Callable[[Session], T], priority: Priority = Priority.BATCH) -> "Future[T]":
        """Queue a change; the future resolves after COMMIT, or with the error after ROLLBACK."""
        future: Future[T] = Future()
        with self._closing:
            if self._is_closed:
                raise ReadOnlyError("The project is being closed; nothing more can be written.")
            self._queue.put((priority, next(self._order), change, future))
        return future

    def close(self) -> None:
        """Finish everything that waits, then stop the thread."""
        with self._closing:
            if not self._is_closed:
                self._is_closed = True
                self._queue.put((Priority.CLOSE, next(self._order), None, Future()))
        self._thread.join()

    def _work(self) -> None:
        while True:
            _, _, change, future = self._queue.get()
            if change is None:
                return
            self._run(change, future)

    def _run(self, change: Callable[[Session], T], future: "Future[T]") -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            with Session(self._engine, expire_on_commit=False) as session:
                result = change(session)
                session.commit()
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the future
            future.set_exception(error)
        else:
            future.set_result(result)
