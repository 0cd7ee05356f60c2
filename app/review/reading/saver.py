"""Keeping what a reader does: in order, told only once it is on the disk, held while the disk refuses."""

import threading
import time
from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.review.reading.entries import Entry, Scribe, Written
from app.review.reading.place import Place
from app.review.reading.refusal import NotSaved
from gsal.project import Project
from gsal.records import NewReading

__all__ = ["Saver"]

_RETRY_S = 3.0


class Saver(QObject):
    """Writes entries one after another in a thread of its own; one that is refused waits with all after it.

    Args:
        retry_s: After so many seconds a refused entry is tried again; also with the next one, and on `retry`.

    Signals:
        kept(entry, written): It is on the disk, committed.
        refused(error): The disk did not take it; a NotSaved, whose text can be shown.
        recovered(count): So many entries that had been held are on the disk.
    """

    kept = Signal(object, object)
    refused = Signal(object)
    recovered = Signal(int)

    def __init__(self, project: Project, *, retry_s: float = _RETRY_S, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scribe = Scribe(project)
        self._place = Place(project)
        self._retry_s = retry_s
        self._entries: deque[Entry] = deque()
        self._changed = threading.Condition()
        self._is_closing = False
        self._retry_at = 0.0
        self._n_held = 0
        self._thread = threading.Thread(target=self._work, name="gsal-saver", daemon=True)
        self._thread.start()

    @property
    def held(self) -> int:
        """How many changes are not on the disk yet."""
        with self._changed:
            return _changes(self._entries)

    def waiting(self) -> tuple[Entry, ...]:
        """Return what is not on the disk yet, in order."""
        with self._changed:
            return tuple(self._entries)

    def submit(self, *entries: Entry) -> None:
        """Write these next, in this order."""
        with self._changed:
            self._entries.extend(entries)
            self._retry_at = 0.0
            self._changed.notify()

    def retry(self) -> None:
        """Try at once what the disk refused."""
        self.submit()

    def finish(self) -> tuple[Entry, ...]:
        """Wait until everything is written or refused once more; return what could not be written."""
        with self._changed:
            self._is_closing = True
            self._retry_at = 0.0
            self._changed.notify()
        self._thread.join()
        return self.waiting()

    def _work(self) -> None:
        while (entry := self._next()) is not None:
            try:
                written = self._scribe.write(entry)
                self._place.check()
            except Exception as error:  # noqa: BLE001 - whatever it is, the work is held and the reader told
                if self._refuse(error):
                    return
            else:
                self._keep(entry, written)

    def _next(self) -> Entry | None:
        with self._changed:
            while True:
                wait_s = self._retry_at - time.monotonic() if self._entries else None
                if self._entries and (wait_s is None or wait_s <= 0):
                    return self._entries[0]
                if self._is_closing:
                    return None
                self._changed.wait(wait_s)

    def _keep(self, entry: Entry, written: Written) -> None:
        with self._changed:
            self._entries.popleft()
            self._retry_at = 0.0
            recovered = self._n_held if not self._entries else 0
            if recovered:
                self._n_held = 0
        self.kept.emit(entry, written)
        if recovered:
            self.recovered.emit(recovered)

    def _refuse(self, error: Exception) -> bool:
        """Hold everything; return whether there is no time to wait any longer."""
        with self._changed:
            self._n_held = _changes(self._entries)
            self._retry_at = time.monotonic() + self._retry_s
            is_closing = self._is_closing
        self.refused.emit(NotSaved(error, held=self._n_held))
        return is_closing


def _changes(entries: Iterable[Entry]) -> int:
    # A reading is no change by itself: it is written with the first.
    return sum(not isinstance(entry, NewReading) for entry in entries)
