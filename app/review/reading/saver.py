"""Keeping what a reader does: in order, told only once it is on the disk, held while the disk refuses."""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.review.reading.entries import Entry, Scribe, Written, changes, names, needs
from app.review.reading.place import Place
from app.review.reading.refusal import NotSaved, SetAside, may_pass
from app.review.reading.returning import Key, Return, Returned, Returning
from gsal.project import Project
from gsal.records import NewReading, NewStep

__all__ = ["Aside", "Saver", "Source"]

_RETRY_S = 3.0
_WITH_IT = "a change before it was not written"
_OVERTAKEN = "earlier work on the same picture came back while it was done"

_log = logging.getLogger(__name__)


class Source(Protocol):
    """An open picture: where changes are made.

    Attributes:
        read_at: When it began to be read (`time.monotonic`).
    """

    read_at: float

    @property
    def key(self) -> Key:
        """Which picture, for what, by whom."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Aside:
    """What the project will never take as it is.

    Attributes:
        work: The entry, or what was to come back.
        reason: Why, in words.
    """

    work: Entry | Return
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """An entry and who made it: what one source could not write says nothing about another's."""

    entry: Entry
    source: Source


class Saver(QObject):
    """Writes entries one after another in a thread of its own.

    One that the disk refuses waits with all after it. One that can never be written is set aside with those
    that need it, and the rest goes on.

    Args:
        retry_s: After so many seconds a refused entry is tried again; also with the next one, and on `retry`.

    Signals:
        kept(entry, written): It is on the disk, committed.
        returned(work, returned): What came back is on the disk.
        refused(error): The disk did not take it; a NotSaved, whose text can be shown.
        recovered(count): So many entries that had been held are on the disk.
        rejected(): `take_aside` has something.
    """

    kept = Signal(object, object)
    returned = Signal(object, object)
    refused = Signal(object)
    recovered = Signal(int)
    rejected = Signal()

    def __init__(self, project: Project, *, retry_s: float = _RETRY_S, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scribe = Scribe(project)
        self._returning = Returning(project, self._scribe)
        self._place = Place(project)
        self._retry_s = retry_s
        self._entries: deque[_Waiting] = deque()
        # These wait for all entries: only then is it known on what they would come to lie.
        self._returns: deque[Return] = deque()
        self._aside: list[Aside] = []
        self._broken: dict[Source, set[str]] = {}
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
            return self._count()

    def waiting(self) -> tuple[Entry | Return, ...]:
        """Return what is not on the disk yet, in the order it will be written."""
        with self._changed:
            return (*(waiting.entry for waiting in self._entries), *self._returns)

    def take_aside(self) -> list[Aside]:
        """Return what was set aside since the last time this was asked."""
        with self._changed:
            aside, self._aside = self._aside, []
            return aside

    def submit(self, *entries: Entry, source: Source) -> None:
        """Write these next, in this order; what needs another entry needs one of the same source."""
        with self._changed:
            self._entries.extend(_Waiting(entry, source) for entry in entries)
            self._retry_at = 0.0
            self._changed.notify()

    def bring_back(self, works: Iterable[Return]) -> None:
        """Write these once no entry waits any more."""
        with self._changed:
            self._returns.extend(works)
            self._retry_at = 0.0
            self._changed.notify()

    def retry(self) -> None:
        """Try at once what the disk refused."""
        self.bring_back(())

    def finish(self) -> None:
        """Wait until everything is written or refused once more; `waiting` has what was refused."""
        with self._changed:
            self._is_closing = True
            self._retry_at = 0.0
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while (item := self._next()) is not None:
            try:
                done = self._write(item)
                self._place.check()
            except Exception as error:  # noqa: BLE001 - whatever it is, the work is kept and the reader told
                if not may_pass(error):
                    _log.exception("the project does not take a change")
                    self._reject(item, SetAside.reason(error))
                elif self._refuse(error):
                    return
            else:
                if done is not None:
                    self._keep(item, done)

    def _next(self) -> _Waiting | Return | None:
        with self._changed:
            while True:
                first = self._entries[0] if self._entries else self._returns[0] if self._returns else None
                wait_s = self._retry_at - time.monotonic() if first else None
                if first and (wait_s is None or wait_s <= 0):
                    return first
                if self._is_closing:
                    return None
                self._changed.wait(wait_s)

    def _write(self, item: _Waiting | Return) -> Written | Returned | None:
        """Write it; return None if it was set aside instead."""
        if isinstance(item, Return):
            return self._returning.write(item)
        if needs(item.entry) & self._broken.get(item.source, set()):
            self._reject(item, _WITH_IT)
            return None
        # A stroke that was in hand ends before the window knows what came back; it could cancel some of it.
        is_overtaken = item.source.read_at < self._returning.returned_at.get(item.source.key, 0.0)
        if is_overtaken and isinstance(item.entry, NewReading | NewStep):
            self._reject(item, _OVERTAKEN)
            return None
        return self._scribe.write(item.entry)

    def _keep(self, item: _Waiting | Return, done: Written | Returned) -> None:
        with self._changed:
            (self._returns if isinstance(item, Return) else self._entries).popleft()
            recovered = self._recovered()
        if isinstance(item, Return):
            self.returned.emit(item, done)
        else:
            self.kept.emit(item.entry, done)
        if recovered:
            self.recovered.emit(recovered)

    def _refuse(self, error: Exception) -> bool:
        """Hold everything; return whether there is no time to wait any longer."""
        with self._changed:
            self._n_held = self._count()
            self._retry_at = time.monotonic() + self._retry_s
            is_closing = self._is_closing
        self.refused.emit(NotSaved(error, held=self._n_held))
        return is_closing

    def _reject(self, item: _Waiting | Return, reason: str) -> None:
        """Set something aside, with all of its source that needs it."""
        with self._changed:
            before = self._count()
            if isinstance(item, Return):
                self._aside.append(Aside(self._returns.popleft(), reason))
            else:
                self._aside += [Aside(entry, reason) for entry in self._take_with(item)]
            self._n_held = max(0, self._n_held - (before - self._count()))
            recovered = self._recovered()
        self.rejected.emit()
        if recovered:
            self.recovered.emit(recovered)

    def _take_with(self, first: _Waiting) -> list[Entry]:
        """Take an entry, and those that need it, out of what waits."""
        broken = self._broken.setdefault(first.source, set())
        stays: deque[_Waiting] = deque()
        taken = []
        for item in self._entries:
            if item is first or (item.source is first.source and needs(item.entry) & broken):
                broken |= names(item.entry)
                taken.append(item.entry)
            else:
                stays.append(item)
        self._entries = stays
        return taken

    def _recovered(self) -> int:
        """Return how many changes that had been held are on the disk now that nothing waits."""
        self._retry_at = 0.0
        if self._entries or self._returns:
            return 0
        recovered, self._n_held = self._n_held, 0
        return recovered

    def _count(self) -> int:
        return changes(waiting.entry for waiting in self._entries) + sum(w.changes for w in self._returns)
