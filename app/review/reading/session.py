"""One reader going through pictures: what is open, what was done to it, what is kept."""

import time
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.background import Background
from app.review.reading.opening import OpenedPicture, at_size, open_picture
from app.review.reading.saver import MaskSaver, Work
from gsal.editing.box import Box
from gsal.editing.painting import Painting
from gsal.project import Project
from gsal.records import Reader, Verdict

__all__ = ["ReviewSession"]

_IDLE_S = 10.0
"""A pause longer than this is not work."""

_AHEAD = 2
_RECENT = 2


@dataclass(slots=True, eq=False)
class _Desk:
    """An open picture with what was done to it."""

    picture: OpenedPicture
    painting: Painting
    has_own: bool
    parent_id: int | None
    active_s: float = 0.0


class ReviewSession(QObject):
    """Opens pictures ahead of time, and hands every change to the saver at once.

    Signals:
        opened(picture): It can be shown; `painting` is its mask.
        opening_failed(error): The picture cannot be read.
        changed(box): The mask changed inside a box of the picture.
        edited(): The number of steps that can be undone changed.
        saving(): Something is on its way to the disk.
    """

    opened = Signal(object)
    opening_failed = Signal(object)
    changed = Signal(object)
    edited = Signal()
    saving = Signal()

    def __init__(self, project: Project, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self.saver = MaskSaver(project, parent=self)
        self._background = Background("pictures", threads=2, parent=self)
        self._background.done.connect(self._take)
        self._background.failed.connect(self._give_up)
        self._ahead: dict[int, OpenedPicture] = {}
        self._asked: set[int] = set()
        self._wanted: int | None = None
        self.reader: Reader | None = None
        self._desk: _Desk | None = None
        self._recent: dict[int, _Desk] = {}
        self._last_touch = time.monotonic()

    @property
    def picture(self) -> OpenedPicture | None:
        """The picture that is open."""
        return self._desk.picture if self._desk else None

    @property
    def painting(self) -> Painting | None:
        """Its mask, with the steps that can be undone."""
        return self._desk.painting if self._desk else None

    @property
    def can_edit(self) -> bool:
        """Whether there is a picture, a reader, and a project that can be written."""
        return self._desk is not None and self.reader is not None and not self._project.read_only

    @property
    def has_own(self) -> bool:
        """Whether the open mask is the reader's own by now."""
        return self._desk is not None and self._desk.has_own

    def set_reader(self, reader: Reader) -> None:
        """Go on as this reader; pictures are opened anew, for each reader sees only their own work."""
        self.reader = reader
        self._ahead.clear()
        self._asked.clear()
        self._recent.clear()
        desk, self._desk = self._desk, None
        if desk is not None:
            self.open(desk.picture.image.id)

    def open(self, image_id: int, *, ahead: tuple[int, ...] = ()) -> None:
        """Open a picture, and read those ahead that will probably be next."""
        self._wanted = image_id
        if self._desk is not None and self._desk.picture.image.id == image_id:
            self._wanted = None
        elif image_id in self._recent:
            self._lay_out(self._recent.pop(image_id))
        elif image_id in self._ahead:
            self._show(self._ahead.pop(image_id))
        elif image_id not in self._asked:
            self._ask(image_id)
        for other in ahead:
            if other not in (self._ahead.keys() | self._recent.keys() | self._asked | {image_id}):
                self._ask(other)

    def _ask(self, image_id: int) -> None:
        self._asked.add(image_id)
        reader_id = self.reader.id if self.reader else None
        self._background.submit(
            (image_id, reader_id), partial(open_picture, self._project, image_id, reader_id)
        )

    def forget_read(self) -> None:
        """Read pictures anew: a job has brought new masks. What was begun stays as it is."""
        if self._desk is not None and not self._desk.painting.undo_count:
            self._desk = None
        self._ahead.clear()
        self._asked.clear()
        self._recent.clear()

    @Slot(str)
    def stroke_ended(self, tool: str) -> None:
        """Keep the mask after a stroke."""
        self._touch()
        self._save(tool)

    def take_proposal(self, key: int) -> None:
        """Begin from a proposal (1-4), or from nothing (0)."""
        desk = self._desk
        if not self.can_edit or desk is None:
            return
        height, width = desk.painting.shape
        proposal = desk.picture.proposal(key)
        if proposal is None and key:
            return
        mask = np.zeros((height, width), np.bool_)
        if proposal is not None:
            mask = at_size(proposal.mask, height, width)
            desk.parent_id = proposal.record.id
        self._touch()
        if (change := desk.painting.replace(mask)) is not None:
            self.changed.emit(change.box)
            self._save(f"proposal {key}" if key else "empty")

    @Slot()
    def undo(self) -> None:
        """Take back the last step."""
        self._step(self.painting.undo() if self.can_edit and self.painting else None, "undo")

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back."""
        self._step(self.painting.redo() if self.can_edit and self.painting else None, "redo")

    def decide(self, verdict: Verdict) -> bool:
        """Keep a verdict on the open picture; return whether there was one to judge."""
        desk = self._desk
        if not self.can_edit or desk is None:
            return False
        self._touch()
        self.saving.emit()
        self.saver.decide(self._work("accept"), verdict, has_own=desk.has_own)
        desk.has_own = True
        return True

    def shut_down(self) -> None:
        """Finish what is being written, forget what is being read."""
        self.saver.finish()
        self._background.shut_down()

    def _step(self, box: Box | None, tool: str) -> None:
        if box is not None:
            self._touch()
            self.changed.emit(box)
            self._save(tool)

    def _save(self, tool: str) -> None:
        self.edited.emit()
        if self.can_edit and self._desk is not None:
            self._desk.has_own = True
            self.saving.emit()
            self.saver.save(self._work(tool))

    def _work(self, tool: str) -> Work:
        desk = self._desk
        if desk is None or self.reader is None:
            raise RuntimeError("no picture is open")
        return Work(
            image_id=desk.picture.image.id,
            reader_id=self.reader.id,
            mask=desk.painting.mask,
            began_with=desk.picture.mask,
            parent_id=desk.parent_id,
            tool=tool,
            active_s=round(desk.active_s, 1),
        )

    def _touch(self) -> None:
        now = time.monotonic()
        if self._desk is not None:
            self._desk.active_s += min(_IDLE_S, now - self._last_touch)
        self._last_touch = now

    def _show(self, picture: OpenedPicture) -> None:
        parent_id = picture.parent.id if picture.parent else None
        self._lay_out(_Desk(picture, Painting(picture.mask), picture.is_own, parent_id))

    def _lay_out(self, desk: _Desk) -> None:
        # What was just left is kept as it is: its last stroke may not be on the disk yet.
        if self._desk is not None:
            self._recent[self._desk.picture.image.id] = self._desk
            while len(self._recent) > _RECENT:
                del self._recent[next(iter(self._recent))]
        self._wanted = None
        self._desk = desk
        self._last_touch = time.monotonic()
        self.opened.emit(desk.picture)
        self.edited.emit()

    @Slot(object, object)
    def _take(self, key: tuple[int, int | None], picture: OpenedPicture) -> None:
        image_id, reader_id = key
        if reader_id != (self.reader.id if self.reader else None):
            return
        self._asked.discard(image_id)
        if image_id == self._wanted:
            self._show(picture)
        else:
            self._ahead[image_id] = picture
            while len(self._ahead) > _AHEAD:
                del self._ahead[next(iter(self._ahead))]

    @Slot(object, object)
    def _give_up(self, key: tuple[int, int | None], error: BaseException) -> None:
        self._asked.discard(key[0])
        if key[0] == self._wanted:
            self._wanted = None
            self._desk = None
            self.opening_failed.emit(error)
