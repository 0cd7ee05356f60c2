"""Keeping what a reader does: every stroke, in order; told only once it is on the disk."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.background import Background
from gsal.arrays import Mask
from gsal.images.geometry import ink_px
from gsal.masks import codec
from gsal.project import Project
from gsal.records import Decision, MaskRecord, MaskSource, NewMask, Purpose, Verdict

__all__ = ["MaskSaver", "Work"]


_HEADS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """What one reader did on one picture.

    Attributes:
        mask: (H, W) bool, a copy.
        began_with: The mask when it was opened.
        parent_id: Revision that the mask comes from, if any.
        tool: Of the last change.
        active_s: Seconds the reader worked on it.
    """

    image_id: int
    reader_id: int
    mask: Mask
    began_with: Mask
    parent_id: int | None
    tool: str
    active_s: float


class MaskSaver(QObject):
    """Writes revisions and decisions one after another.

    Signals:
        saved(record): A mask is on the disk.
        decided(decision): A verdict is on the disk.
        failed(error): It is not; the masks are held and tried again with the next.
    """

    saved = Signal(object)
    decided = Signal(object)
    failed = Signal(object)

    def __init__(self, project: Project, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._background = Background("saver", parent=self)
        self._background.done.connect(self._tell)
        self._background.failed.connect(self._tell_failure)
        # These two belong to the saving thread.
        self._unsaved: list[NewMask] = []
        self._heads: dict[tuple[int, int], tuple[int, Mask]] = {}

    def save(self, work: Work) -> None:
        """Keep a mask as the reader's new revision."""
        self._background.submit("mask", partial(self._save, work))

    def decide(self, work: Work, verdict: Verdict, *, has_own: bool) -> None:
        """Keep a verdict on the last revision; the mask first, when the reader has none yet."""
        self._background.submit("decision", partial(self._decide, work, verdict, has_own=has_own))

    def finish(self) -> None:
        """Wait until everything is written."""
        self._background.finish()

    def _save(self, work: Work) -> MaskRecord | None:
        key = work.image_id, work.reader_id
        parent_id, before = self._heads.get(key, (work.parent_id, work.began_with))
        self._unsaved.append(_revision(work, parent_id, before))
        record = None
        while self._unsaved:
            record = self._project.store.masks.add(self._unsaved[0]).result()
            del self._unsaved[0]
        if record is not None:
            self._heads[key] = record.id, work.mask
            while len(self._heads) > _HEADS:
                del self._heads[next(iter(self._heads))]
        return record

    def _decide(self, work: Work, verdict: Verdict, *, has_own: bool) -> Decision:
        key = work.image_id, work.reader_id
        if self._unsaved or (not has_own and key not in self._heads):
            self._save(work)
        revision_id = self._heads[key][0] if key in self._heads else work.parent_id
        decision = Decision(
            image_id=work.image_id,
            reader_id=work.reader_id,
            purpose=Purpose.REVIEW,
            verdict=verdict,
            revision_id=revision_id,
            active_s=work.active_s,
            created=datetime.now(UTC).isoformat(timespec="milliseconds"),
        )
        self._project.store.decisions.add(decision).result()
        return decision

    @Slot(object, object)
    def _tell(self, what: str, record: object) -> None:
        (self.saved if what == "mask" else self.decided).emit(record)

    @Slot(object, object)
    def _tell_failure(self, what: str, error: BaseException) -> None:
        del what
        self.failed.emit(error)


def _revision(work: Work, parent_id: int | None, before: Mask) -> NewMask:
    return NewMask(
        uuid=str(uuid.uuid4()),
        image_id=work.image_id,
        encoded=codec.encode(work.mask),
        source=MaskSource.HUMAN,
        ink_px=ink_px(work.mask),
        reader_id=work.reader_id,
        purpose=Purpose.REVIEW,
        parent_id=parent_id,
        tool=work.tool,
        pixels_added=int(np.count_nonzero(work.mask & ~before)),
        pixels_removed=int(np.count_nonzero(before & ~work.mask)),
        active_s=work.active_s,
    )
