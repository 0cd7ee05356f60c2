"""That what is done is kept: on the disk, or in memory and said so, or in a spare copy."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.background import Background
from app.review.reading.copies import Copies
from app.review.reading.desk import Desk
from app.review.reading.entries import Entry, NewDecision, Revision, Written, changes
from app.review.reading.refusal import SetAside
from app.review.reading.returning import Return, Returned
from app.review.reading.saver import Aside, Saver
from app.review.reading.snapshot import snapshots
from app.review.reading.spare import read_copy, write_copy
from gsal.errors import InputError
from gsal.project import Project
from gsal.records import NewMask, NewReading, Purpose, Verdict

__all__ = ["Keeper"]

_GONE_ON = "what was done since then stands, and the older mask is kept beside it"

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Arrival:
    """A copy on its way to the disk.

    Attributes:
        waiting: What of it is not there yet.
        is_own: Whether it lies where copies come back from by themselves.
        left, reason: How many of its changes were not written, and why.
    """

    path: Path
    waiting: set[Return]
    is_own: bool
    left: int = 0
    reason: str = ""


class Keeper(QObject):
    """Hands entries to the saver, and knows which pictures wait for the disk.

    What cannot be written until the end goes to a file in `spare_folder`, and the next keeper of the same
    project brings it back from there.

    Args:
        spare_folder: On another disk than the project's, if possible.
        retry_s: After so many seconds a refused entry is tried again.

    Signals:
        kept(entry): It is on the disk.
        saved(time): Everything is on the disk, or set aside; hh:mm:ss.
        decided(decision): A verdict is on the disk.
        not_saved(error): The disk refuses; a NotSaved.
        recovered(count): So many changes that had been held are on the disk now.
        set_aside(error): The project will never take some changes; a SetAside, which says where they lie.
        copied(path): What was not on the disk is in this file.
        copy_failed(error): An OSError: the file cannot be written.
    """

    kept = Signal(object)
    saved = Signal(str)
    decided = Signal(object)
    not_saved = Signal(object)
    recovered = Signal(int)
    set_aside = Signal(object)
    copied = Signal(object)
    copy_failed = Signal(object)

    def __init__(
        self, project: Project, *, spare_folder: Path, retry_s: float, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._project = project
        self._copies = Copies(project.uuid, spare_folder)
        self._desks: dict[str, Desk] = {}
        self._arrivals: list[_Arrival] = []
        self._aside: list[Aside] = []
        # Read before there is a thread that would have to be stopped again.
        found = [] if project.read_only else self._read_all()
        self._background = Background("copies", parent=self)
        self._background.done.connect(self._tell_copied)
        self._background.failed.connect(self._tell_not_copied)
        self._saver = Saver(project, retry_s=retry_s, parent=self)
        self._saver.kept.connect(self._note)
        self._saver.returned.connect(self._note_return)
        self._saver.rejected.connect(self._put_aside)
        self._saver.refused.connect(self.not_saved)
        self._saver.recovered.connect(self.recovered)
        for path, works in found:
            self._bring_back(path, works, is_own=True)

    @property
    def is_bringing_back(self) -> bool:
        """Whether an earlier session's work is on its way to the disk."""
        return bool(self._arrivals)

    @property
    def held(self) -> int:
        """How many changes are not on the disk."""
        return self._saver.held

    def waiting_verdicts(self, reader_id: int, purpose: Purpose) -> dict[int, Verdict]:
        """Return a reader's last verdicts that are not on the disk yet, by picture."""
        decisions = (entry.decision for entry in self._waiting() if isinstance(entry, NewDecision))
        return {d.image_id: d.verdict for d in decisions if (d.reader_id, d.purpose) == (reader_id, purpose)}

    def keep(self, desk: Desk, entries: tuple[Entry, ...]) -> None:
        """Write what was done to a picture."""
        for entry in entries:
            desk.unsaved.add(entry.uuid)
            self._desks[entry.uuid] = desk
        self._saver.submit(*entries, source=desk)

    def retry(self) -> None:
        """Try at once what the disk refused."""
        self._saver.retry()

    def save_copy(self, path: Path) -> None:
        """Write what is not on the disk to a file elsewhere, which `bring_back` reads; see `copied`."""
        entries = self._waiting()
        masks = self._masks(entries)
        self._background.submit(path, partial(write_copy, path, self._project.uuid, entries, masks))

    def bring_back(self, path: Path) -> int:
        """Write what a copy holds; return how much it is.

        Raises:
            InputError: It is no such copy, is damaged, or belongs to another project.
        """
        works = read_copy(path, self._project.uuid)
        self._bring_back(path, works, is_own=False)
        return sum(len(work.entries) for work in works)

    def finish(self) -> Path | None:
        """Wait until everything is written; return the spare copy of what the disk refused to the end.

        Raises:
            OSError: Not even the copy could be written.
        """
        self._background.shut_down()
        self._saver.finish()
        self._aside += self._saver.take_aside()
        self._write_aside()
        entries = self._waiting()
        return self._copies.write(entries, self._masks(entries)) if entries else None

    def _read_all(self) -> list[tuple[Path, tuple[Return, ...]]]:
        found = []
        for path in self._copies.found():
            try:
                found.append((path, read_copy(path, self._project.uuid)))
            except InputError:
                # It stays where it is; the project is opened all the same.
                _log.exception("a spare copy of unsaved work is damaged")
        return found

    def _bring_back(self, path: Path, works: Iterable[Return], *, is_own: bool) -> None:
        arrival = _Arrival(path, set(works), is_own)
        self._arrivals.append(arrival)
        self._saver.bring_back(works)
        self._end_if_there(arrival)

    def _waiting(self) -> tuple[Entry, ...]:
        waiting: list[Entry] = []
        for item in self._saver.waiting():
            waiting.extend(item.entries if isinstance(item, Return) else (item,))
        return tuple(waiting)

    def _masks(self, entries: Iterable[Entry]) -> dict[str, Revision | NewMask]:
        """Return the masks that entries lead to, by a name for each."""
        works = (work for arrival in self._arrivals for work in arrival.waiting)
        return snapshots(entries, self._desks, works)

    @Slot(object, object)
    def _note(self, entry: Entry, written: Written) -> None:
        self._forget(entry)
        self._tell(entry, written)
        if not isinstance(entry, NewReading):
            self._say_saved()

    @Slot(object, object)
    def _note_return(self, work: Return, returned: Returned) -> None:
        for entry, written in returned.written:
            self._tell(entry, written)
        self._arrive(work, 0 if returned.is_whole else work.changes, _GONE_ON)
        self._say_saved()

    @Slot()
    def _put_aside(self) -> None:
        self._aside += self._saver.take_aside()
        try:
            self._write_aside()
        except OSError:
            # Tried again with the next, and at the end, where it is told.
            _log.exception("what was set aside cannot be written")
        self._say_saved()

    def _write_aside(self) -> None:
        """Write a copy of what was set aside.

        Raises:
            OSError: It cannot be written anywhere; it stays in memory.
        """
        for aside in self._aside:
            if isinstance(aside.work, Return):
                self._arrive(aside.work, aside.work.changes, aside.reason)
        self._aside = [aside for aside in self._aside if not isinstance(aside.work, Return)]
        if not self._aside:
            return
        entries = [cast(Entry, aside.work) for aside in self._aside]
        path = self._copies.write(entries, self._masks(entries), is_aside=True)
        reason, self._aside = self._aside[0].reason, []
        for entry in entries:
            if (desk := self._desks.get(entry.uuid)) is not None:
                desk.give_up()
            self._forget(entry)
        self.set_aside.emit(SetAside(path, count=changes(entries), reason=reason))

    def _arrive(self, work: Return, left: int, reason: str) -> None:
        for arrival in tuple(self._arrivals):
            if work in arrival.waiting:
                arrival.waiting.discard(work)
                arrival.left += left
                arrival.reason = reason if left else arrival.reason
                self._end_if_there(arrival)

    def _end_if_there(self, arrival: _Arrival) -> None:
        """Put a copy away once all of it was written or set aside."""
        if arrival.waiting:
            return
        self._arrivals.remove(arrival)
        if arrival.left:
            path = self._copies.put_aside(arrival.path) if arrival.is_own else arrival.path
            self.set_aside.emit(SetAside(path, count=arrival.left, reason=arrival.reason))
        elif arrival.is_own:
            self._copies.remove(arrival.path)

    def _forget(self, entry: Entry) -> None:
        desk = self._desks.pop(entry.uuid, None)
        if desk is not None:
            desk.unsaved.discard(entry.uuid)

    def _tell(self, entry: Entry, written: Written) -> None:
        self.kept.emit(entry)
        if isinstance(entry, NewDecision):
            self.decided.emit(written)

    def _say_saved(self) -> None:
        if not self.held:
            self.saved.emit(f"{datetime.now().astimezone():%H:%M:%S}")

    @Slot(object, object)
    def _tell_copied(self, path: Path, _: None) -> None:
        self.copied.emit(path)

    @Slot(object, object)
    def _tell_not_copied(self, path: Path, error: BaseException) -> None:
        _log.error("a copy cannot be written: %s", path, exc_info=error)
        self.copy_failed.emit(error)
