"""One reader going through pictures: what is open, what is done to it, and that it is kept."""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot

from app.review.reading.desk import Desk
from app.review.reading.editing import Editing
from app.review.reading.keeper import Keeper
from app.review.reading.shelf import Shelf
from gsal.project import Project
from gsal.records import Purpose, QueueItem, Reader, Verdict

__all__ = ["ReadingSession"]

_RETRY_S = 3.0


class ReadingSession(Editing):
    """Opens pictures ahead of time, and hands every change to the keeper at once.

    Args:
        spare_folder: Where work goes that the disk refuses to the end; by default the user's own data folder.
        retry_s: After so many seconds what the disk refused is tried again.

    Signals:
        changed, edited, saving, opened, closed: See `Editing`.
        opening_failed(error): The picture cannot be read.
        saved(time): Everything is on the disk; hh:mm:ss.
        not_saved(error): The disk refuses; the text says how many changes are held and what to do.
        recovered(count): So many changes that had been held are on the disk now.
        decided(decision): A verdict is on the disk.
        set_aside(error): The project will never take some changes; a SetAside, which says where they lie.
        copied(path), copy_failed(error): How `save_copy` ended; the error is an OSError.
    """

    opening_failed = Signal(object)
    saved = Signal(str)
    not_saved = Signal(object)
    recovered = Signal(int)
    decided = Signal(object)
    set_aside = Signal(object)
    copied = Signal(object)
    copy_failed = Signal(object)

    def __init__(
        self,
        project: Project,
        *,
        parent: QObject | None = None,
        spare_folder: Path | None = None,
        retry_s: float = _RETRY_S,
    ) -> None:
        keeper = Keeper(project, spare_folder=spare_folder or _own_folder(), retry_s=retry_s)
        super().__init__(project, keeper, parent=parent)
        keeper.setParent(self)
        for of_keeper, mine in (
            (keeper.saved, self.saved),
            (keeper.not_saved, self.not_saved),
            (keeper.recovered, self.recovered),
            (keeper.decided, self.decided),
            (keeper.set_aside, self._reopen),
            (keeper.set_aside, self.set_aside),
            (keeper.copied, self.copied),
            (keeper.copy_failed, self.copy_failed),
        ):
            of_keeper.connect(mine)
        # What is brought back is seen once it is on the disk, where pictures are opened from.
        self._is_behind = keeper.is_bringing_back
        keeper.saved.connect(self._catch_up)
        self._outdated: Desk | None = None
        self._shelf = Shelf(project, parent=self)
        self._shelf.brought.connect(self._lay_out)
        self._shelf.failed.connect(self._give_up)
        keeper.saved.connect(self._shelf.trim)

    @property
    def held(self) -> int:
        """How many changes are not on the disk."""
        return self.keeper.held

    def set_reader(self, reader: Reader) -> None:
        """Go on as this reader; pictures are opened anew, for each reader sees only their own work."""
        item = self._asked()
        self._clear()
        self.reader = reader
        self._shelf.forget()
        if item is not None:
            self.open(item)

    def open(self, item: QueueItem, ahead: tuple[QueueItem, ...] = ()) -> None:
        """Open a picture, and read those ahead that will probably be next."""
        # A stroke was in hand when it could have been done.
        self._catch_up()
        desk = self._desk
        opened = desk.picture.item if desk else None
        is_open = opened is not None and (opened.image_id, opened.purpose) == (item.image_id, item.purpose)
        if is_open and not self._is_outdated():
            self._shelf.stop()
            return
        self._shelf.fetch(item, self.reader.id if self.reader else None, ahead)

    def close(self) -> None:
        """Open no picture; what was done to the last one is kept."""
        self._clear()
        self._shelf.stop()

    def forget_read(self) -> None:
        """Read pictures anew: a job has brought new masks. What was begun stays as it is."""
        wanted = self._shelf.wanted
        self._outdated = self._desk
        self._shelf.forget()
        if wanted is not None:
            self.open(wanted)

    def waiting_verdicts(self, purpose: Purpose = Purpose.REVIEW) -> dict[int, Verdict]:
        """Return the reader's last verdicts that are not on the disk yet, by picture."""
        return self.keeper.waiting_verdicts(self.reader.id, purpose) if self.reader else {}

    @Slot()
    def retry(self) -> None:
        """Try at once what the disk refused."""
        self.keeper.retry()

    def save_copy(self, path: Path) -> None:
        """Write what is not on the disk to a zip file elsewhere (see `app.review.reading.spare`).

        It is encoded and written in the background: `copied` or `copy_failed` says how that ended.
        """
        self._settle()
        self.keeper.save_copy(path)

    def bring_back(self, path: Path) -> int:
        """Write what such a file holds into the project, nothing twice; return how many entries it has.

        Raises:
            InputError: It is no such file, or belongs to another project.
        """
        self._is_behind = True
        return self.keeper.bring_back(path)

    def shut_down(self) -> Path | None:
        """Keep what is open and wait until it is written; return the spare copy of what the disk refused.

        Raises:
            OSError: Not even the copy could be written.
        """
        self._leave()
        self._put(None)
        self._shelf.shut_down()
        return self.keeper.finish()

    @Slot()
    def _catch_up(self) -> None:
        """Open the picture anew once all of what was brought back, and all that was done since, is kept."""
        is_drawing = self.painting is not None and self.painting.is_drawn_on
        if not self._is_behind or self.held or is_drawing:
            return
        self._leave()
        if self.held:
            # The mask that was left; once it is kept, this is called again.
            return
        self._is_behind = False
        item = self._asked()
        self._shelf.forget()
        self._put(None)
        if item is not None:
            self.open(item)

    @Slot(object)
    def _reopen(self, _: object) -> None:
        """Open the picture as the project has it, once nothing waits: what was set aside is not in it."""
        self._is_behind = True

    def _asked(self) -> QueueItem | None:
        """Return what is to be seen: what was asked for and is not here yet, else what is open."""
        return self._shelf.wanted or (self._desk.picture.item if self._desk else None)

    def _clear(self) -> None:
        """Put the open picture back, as it is."""
        if (left := self._leave()) is not None:
            self._shelf.put_back(left)
        self._put(None)

    def _leave(self) -> Desk | None:
        """Keep the whole mask of the open picture, if it changed."""
        self._let_go()
        desk = self._desk
        if desk is not None and self.can_edit and (entries := desk.leave()):
            self.keeper.keep(desk, entries)
        return desk

    def _is_outdated(self) -> bool:
        """Whether there are new masks for the open picture, on which nothing was done yet."""
        desk = self._desk
        return desk is not None and desk is self._outdated and desk.is_untouched and not desk.has_own

    @Slot(object)
    def _lay_out(self, desk: Desk) -> None:
        left = self._desk
        if left is not None and left.key == desk.key:
            if not self._is_outdated():
                return
        elif (left := self._leave()) is not None:
            self._shelf.put_back(left)
        self._outdated = None
        self._put(desk)

    @Slot(object)
    def _give_up(self, error: BaseException) -> None:
        self._clear()
        self.opening_failed.emit(error)


def _own_folder() -> Path:
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "unsaved"
