"""The one thread that writes: strokes before job batches, and a promise kept only after COMMIT."""

import itertools
import queue
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from typing import Any, Protocol, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gsal.errors import ReadOnlyError

__all__ = ["MayRepeat", "Priority", "Writer", "never"]

T = TypeVar("T")

_TRIES = 4
_PAUSE_S = 0.05


class Priority(IntEnum):
    """Who goes first when several writes wait."""

    STROKE = 0
    BATCH = 1
    CLOSE = 2


class MayRepeat(Protocol):
    """Says whether a change that failed may be made once more, at once."""

    def __call__(self, error: BaseException, *, is_committing: bool) -> bool:
        """Answer for an error, and whether it came of COMMIT."""
        ...


def never(error: BaseException, *, is_committing: bool) -> bool:
    """Repeat nothing: where one program writes, what failed fails again."""
    del error, is_committing
    return False


class Writer:
    """Runs functions of a session in transactions, one after another, in its own thread.

    Args:
        engine: With a pool of one connection, which no one else uses.
        may_repeat: Which failed changes are made anew, up to three times: another program was in the way.
    """

    def __init__(self, engine: Engine, may_repeat: MayRepeat = never) -> None:
        self._engine = engine
        self._may_repeat = may_repeat
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
            result = self._transact(change)
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the future
            future.set_exception(error)
        else:
            future.set_result(result)

    def _transact(self, change: Callable[[Session], T]) -> T:
        n_failed = 0
        while True:
            is_committing = False
            try:
                with Session(self._engine, expire_on_commit=False) as session:
                    result = change(session)
                    session.flush()
                    is_committing = True
                    session.commit()
                    return result
            except Exception as error:
                n_failed += 1
                if n_failed == _TRIES or not self._may_repeat(error, is_committing=is_committing):
                    raise
                # Two that were in each other's way do not come back at the same time.
                time.sleep(n_failed * _PAUSE_S * random.random())  # noqa: S311 - nothing secret
