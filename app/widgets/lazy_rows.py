"""Rows of a long list, read in chunks off the window's thread when they come into sight."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.background import Background

__all__ = ["LazyRows"]

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")

_CHUNK = 100
_KEPT_CHUNKS = 40
_IN_FLIGHT = 2
_WANTED_CHUNKS = 4


class LazyRows(QObject, Generic[Key, Row]):
    """Knows the keys of all rows and the contents of some.

    Args:
        read: Returns rows by their keys; called in another thread. Keys without a row may be absent.

    Signals:
        ready(first, last): These rows can be had now.
    """

    ready = Signal(int, int)

    def __init__(
        self, read: Callable[[Sequence[Key]], dict[Key, Row]], *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._read = read
        self.reading = Background("rows", parent=self)
        self.reading.done.connect(self._take)
        self.reading.failed.connect(self._give_up)
        self._keys: Sequence[Key] = ()
        self._edition = 0
        self._chunks: OrderedDict[int, dict[Key, Row]] = OrderedDict()
        self._known: dict[Key, Row] = {}
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._in_flight: set[tuple[int, int]] = set()

    def __len__(self) -> int:
        return len(self._keys)

    def show(self, keys: Sequence[Key]) -> None:
        """Take another list; what was read of the old one is forgotten."""
        self._keys = keys
        self.forget()

    def rearrange(self, keys: Sequence[Key]) -> None:
        """Take a list of much the same rows; those known are there until they are read anew."""
        known = dict(self._known)
        for rows in self._chunks.values():
            known |= rows
        self.show(keys)
        self._known = known

    def forget(self) -> None:
        """Have the rows read again when they are next asked for."""
        self._edition += 1
        self._chunks.clear()
        self._known = {}
        self._wanted.clear()

    def key(self, row: int) -> Key:
        """Return the key of a row."""
        return self._keys[row]

    def get(self, row: int) -> Row | None:
        """Return a row if it is there; else have it read, and return what is known of it, or None."""
        number = row // _CHUNK
        chunk = self._chunks.get(number)
        if chunk is not None:
            self._chunks.move_to_end(number)
            return chunk.get(self._keys[row])
        if (self._edition, number) not in self._in_flight:
            self._wanted.pop(number, None)
            self._wanted[number] = None
            while len(self._wanted) > _WANTED_CHUNKS:
                self._wanted.popitem(last=False)
            self._read_next()
        return self._known.get(self._keys[row])

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self.reading.shut_down()

    def _read_next(self) -> None:
        # The last one asked for first: it is in sight, while others were scrolled past.
        while self._wanted and len(self._in_flight) < _IN_FLIGHT:
            number, _ = self._wanted.popitem()
            place = self._edition, number
            self._in_flight.add(place)
            keys = self._keys[number * _CHUNK : (number + 1) * _CHUNK]
            self.reading.submit(place, partial(self._read, keys))

    @Slot(object, object)
    def _take(self, place: tuple[int, int], rows: dict[Key, Row]) -> None:
        self._in_flight.discard(place)
        edition, number = place
        if edition == self._edition:
            self._chunks[number] = rows
            while len(self._chunks) > _KEPT_CHUNKS:
                self._chunks.popitem(last=False)
            first = number * _CHUNK
            self.ready.emit(first, min(len(self._keys), first + _CHUNK) - 1)
        self._read_next()

    @Slot(object, object)
    def _give_up(self, place: tuple[int, int], error: BaseException) -> None:
        # The page says what is wrong; asked for again, the chunk is read again.
        del error
        self._in_flight.discard(place)
        self._read_next()
