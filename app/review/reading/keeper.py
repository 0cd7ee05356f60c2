"""That what is done is kept: on the disk, or in memory and said so, or in a spare copy."""

import logging
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.review.reading.desk import Desk
from app.review.reading.entries import Entry, NewDecision, Written
from app.review.reading.saver import Saver
from app.review.reading.spare import read_copy, write_copy
from gsal.errors import InputError
from gsal.project import Project
from gsal.records import NewReading

__all__ = ["Keeper"]

_log = logging.getLogger(__name__)


class Keeper(QObject):
    """Hands entries to the saver, and knows which pictures wait for the disk.

    What cannot be written until the end goes to a file in `spare_folder`, and the next keeper of the same
    project brings it back from there.

    Args:
        spare_folder: On another disk than the project's, if possible.
        retry_s: After so many seconds a refused entry is tried again.

    Signals:
        kept(entry): It is on the disk.
        saved(time): Everything is on the disk; hh:mm:ss.
        decided(decision): A verdict is on the disk.
        not_saved(error): The disk refuses; a NotSaved.
        recovered(count): So many changes that had been held are on the disk now.
    """

    kept = Signal(object)
    saved = Signal(str)
    decided = Signal(object)
    not_saved = Signal(object)
    recovered = Signal(int)

    def __init__(
        self, project: Project, *, spare_folder: Path, retry_s: float, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._project = project
        self._spare_folder = spare_folder
        self._saver = Saver(project, retry_s=retry_s, parent=self)
        self._saver.kept.connect(self._note)
        self._saver.refused.connect(self.not_saved)
        self._saver.recovered.connect(self.recovered)
        self._desks: dict[str, Desk] = {}
        # Copies that are removed once all of them is on the disk.
        self._copies: dict[Path, set[str]] = {}
        if not project.read_only:
            self._bring_back_all(spare_folder)

    @property
    def is_bringing_back(self) -> bool:
        """Whether an earlier session's work is on its way to the disk."""
        return bool(self._copies)

    @property
    def held(self) -> int:
        """How many changes are not on the disk."""
        return self._saver.held

    def keep(self, desk: Desk, entries: tuple[Entry, ...]) -> None:
        """Write what was done to a picture."""
        for entry in entries:
            desk.unsaved.add(entry.uuid)
            self._desks[entry.uuid] = desk
        self._saver.submit(*entries)

    def retry(self) -> None:
        """Try at once what the disk refused."""
        self._saver.retry()

    def save_copy(self, path: Path) -> None:
        """Write what is not on the disk to a file elsewhere, which `bring_back` reads.

        Raises:
            OSError: It cannot be written there either.
        """
        desks = {desk.picture.image.name: desk for desk in self._desks.values()}
        masks = {name: desk.painting.mask for name, desk in desks.items()}
        write_copy(path, self._project.uuid, self._saver.waiting(), masks)

    def bring_back(self, path: Path) -> int:
        """Write what a copy holds; return how much it is.

        Raises:
            InputError: It is no such copy, is damaged, or belongs to another project.
        """
        return len(self._bring_back(path))

    def finish(self) -> Path | None:
        """Wait until everything is written; return the spare copy of what the disk refused to the end.

        Raises:
            OSError: Not even the copy could be written.
        """
        if not self._saver.finish():
            return None
        name = f"{self._project.uuid}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.zip"
        try:
            self.save_copy(self._spare_folder / name)
        except OSError:
            # It may be on the same full disk; the last resort has to be brought back by hand.
            path = Path(tempfile.gettempdir()) / name
            self.save_copy(path)
            return path
        return self._spare_folder / name

    def _bring_back_all(self, folder: Path) -> None:
        for path in sorted(folder.glob(f"{self._project.uuid}-*.zip")):
            try:
                self._copies[path] = self._bring_back(path)
            except InputError:
                # It stays where it is; the project is opened all the same.
                _log.exception("a spare copy of unsaved work is damaged")

    def _bring_back(self, path: Path) -> set[str]:
        entries = read_copy(path, self._project.uuid)
        self._saver.submit(*entries)
        return {entry.uuid for entry in entries}

    @Slot(object, object)
    def _note(self, entry: Entry, written: Written) -> None:
        desk = self._desks.pop(entry.uuid, None)
        if desk is not None:
            desk.unsaved.discard(entry.uuid)
        for path, waiting in list(self._copies.items()):
            waiting.discard(entry.uuid)
            if not waiting:
                path.unlink(missing_ok=True)
                del self._copies[path]
        self.kept.emit(entry)
        if isinstance(entry, NewDecision):
            self.decided.emit(written)
        if not isinstance(entry, NewReading) and not self.held:
            self.saved.emit(f"{datetime.now().astimezone():%H:%M:%S}")
