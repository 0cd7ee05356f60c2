"""Pictures that are read ahead, and those that were just left."""

from collections.abc import Iterable
from functools import partial
from itertools import count

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.background import Background
from app.review.reading.desk import Desk
from app.review.reading.fetching import open_desk
from gsal.project import Project
from gsal.records import Purpose, QueueItem

__all__ = ["Shelf"]

_AHEAD = 2
_RECENT = 1
_Key = tuple[int, Purpose, int | None]


class Shelf(QObject):
    """Brings the picture that is wanted; reads only those wanted or expected next.

    A photograph of 24 megapixels takes 128 MB, so that few are kept: those read ahead and the last one left.
    Of an older one only what was done is kept, and only until the disk has it.

    Signals:
        brought(desk): The wanted picture is ready.
        failed(error): It cannot be read.
    """

    brought = Signal(object)
    failed = Signal(object)

    def __init__(self, project: Project, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._background = Background("pictures", threads=2, parent=self)
        self._background.done.connect(self._take)
        self._background.failed.connect(self._give_up)
        self._ahead: dict[_Key, Desk] = {}
        self._recent: dict[_Key, Desk] = {}
        self._resting: dict[_Key, Desk] = {}
        # Each with the number of the ask: what was asked for before the last `forget` may not be taken.
        self._asked: dict[_Key, int] = {}
        self._numbers = count()
        self._wanted: _Key | None = None
        self._wanted_item: QueueItem | None = None
        # Read by the reading threads, so it is replaced and never changed.
        self._expected: frozenset[_Key] = frozenset()

    @property
    def wanted(self) -> QueueItem | None:
        """What was asked for and is not here yet."""
        return self._wanted_item if self._wanted is not None else None

    def fetch(self, item: QueueItem, reader_id: int | None, ahead: Iterable[QueueItem] = ()) -> None:
        """Bring a picture, at once if it is here, and read those ahead that will probably be next."""
        key = _key(item, reader_id)
        next_items = {_key(other, reader_id): other for other in ahead}
        self._wanted, self._wanted_item = key, item
        self._expected = frozenset({key, *next_items})
        for old in self._ahead.keys() - self._expected:
            del self._ahead[old]
        desk = self._recent.pop(key, None) or self._ahead.pop(key, None)
        if desk is None:
            self._ask(key, item)
        is_here = {key, *self._ahead, *self._recent, *self._resting}
        for other_key, other in next_items.items():
            if other_key not in is_here:
                self._ask(other_key, other)
        if desk is not None:
            self._wanted = None
            self.brought.emit(desk)

    def stop(self) -> None:
        """Bring nothing any more until the next is wanted."""
        self._wanted = None

    def put_back(self, desk: Desk) -> None:
        """Keep a picture as it is; the oldest go, except what was done to them and is not on the disk."""
        # What was read of it ahead meanwhile is from before.
        self._ahead.pop(desk.key, None)
        self._asked.pop(desk.key, None)
        self._recent.pop(desk.key, None)
        self._recent[desk.key] = desk
        self.trim()

    @Slot()
    def trim(self) -> None:
        """Let go what need not be kept any more."""
        for key in list(self._recent)[:-_RECENT]:
            old = self._recent.pop(key)
            if old.unsaved:
                old.rest()
                self._resting[key] = old
        # One that is being read was perhaps read before the disk had it all.
        self._resting = {k: d for k, d in self._resting.items() if d.unsaved or k in self._asked}

    def forget(self) -> None:
        """Read everything anew, except what the disk has not taken whole; nothing is wanted any more."""
        self._wanted = None
        self._ahead.clear()
        self._asked.clear()
        self._expected = frozenset()
        self._recent = {key: desk for key, desk in self._recent.items() if desk.unsaved}
        self._resting = {key: desk for key, desk in self._resting.items() if desk.unsaved}

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self._expected = frozenset()
        self._background.shut_down()

    def _ask(self, key: _Key, item: QueueItem) -> None:
        if key not in self._asked:
            self._asked[key] = number = next(self._numbers)
            self._background.submit((key, item, number), partial(self._read, key, item))

    def _read(self, key: _Key, item: QueueItem) -> Desk | None:
        # Who leafs quickly leaves a line of pictures that nobody waits for any more.
        return open_desk(self._project, item, key[2]) if key in self._expected else None

    @Slot(object, object)
    def _take(self, asked: tuple[_Key, QueueItem, int], desk: Desk | None) -> None:
        key, item, number = asked
        if self._asked.get(key) != number:
            return
        del self._asked[key]
        if desk is None:
            if key in self._expected:
                self._ask(key, item)
        elif key == self._wanted:
            self._wanted = None
            resting = self._resting.pop(key, None)
            if resting is not None:
                resting.wake(desk.picture)
            self.brought.emit(resting or desk)
        elif key in self._expected and key not in self._resting:
            self._ahead[key] = desk
            while len(self._ahead) > _AHEAD:
                del self._ahead[next(iter(self._ahead))]

    @Slot(object, object)
    def _give_up(self, asked: tuple[_Key, QueueItem, int], error: BaseException) -> None:
        key, _, number = asked
        if self._asked.get(key) != number:
            return
        del self._asked[key]
        if key == self._wanted:
            self._wanted = None
            self.failed.emit(error)


def _key(item: QueueItem, reader_id: int | None) -> _Key:
    return item.image_id, item.purpose, reader_id
