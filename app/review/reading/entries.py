"""What is on its way to the disk, and how each kind of it is written."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from app.review.reading.sizes import at_size
from gsal.arrays import Mask
from gsal.errors import NotFoundError
from gsal.images.geometry import ink_px
from gsal.masks import codec
from gsal.project import Project
from gsal.records import (
    Decision,
    MaskRecord,
    MaskSource,
    NewMask,
    NewReading,
    NewStep,
    Purpose,
    Reading,
    Step,
)

__all__ = [
    "Entry",
    "NewDecision",
    "Origin",
    "Revision",
    "Scribe",
    "Written",
    "changes",
    "names",
    "needs",
    "reading_of",
]


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a reader's whole mask before its pixels are encoded; see `gsal.records.NewMask`."""

    uuid: str
    image_id: int
    reader_id: int | None
    purpose: Purpose
    parent_id: int | None
    active_s: float
    tool: str = ""
    reading_uuid: str | None = None
    step_uuid: str | None = None


class Revision:
    """A whole mask; encoded once, by whoever needs it first: the thread that writes, or copies.

    Args:
        mask: (H, W) bool, a copy.
        began_with: Pixels of the parent at the size it is kept in; None for an empty start.
        origin: Everything else about it.
    """

    def __init__(self, mask: Mask, began_with: Mask | None, origin: Origin) -> None:
        self.image_id = origin.image_id
        self.purpose = origin.purpose
        self.reader_id = origin.reader_id
        self.reading_uuid = origin.reading_uuid
        self.step_uuid = origin.step_uuid
        self.uuid = origin.uuid
        self._origin = origin
        # The pixels until they are encoded.
        self._content: tuple[Mask, Mask | None] | NewMask = (mask, began_with)
        self._encoding = threading.Lock()

    def new_mask(self) -> NewMask:
        """Return it as it is written."""
        with self._encoding:
            if not isinstance(self._content, NewMask):
                mask, began_with = self._content
                self._content = _encoded(self._origin, mask, began_with)
            return self._content


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A verdict.

    Attributes:
        decision: Its revision_id is None when the revision is on its way too.
        revision_uuid: Of that revision; "" when decision.revision_id says it.
    """

    decision: Decision
    revision_uuid: str

    @property
    def uuid(self) -> str:
        """Made by the client, so that a repeated write is no duplicate."""
        return self.decision.uuid


Entry = NewReading | NewStep | Revision | NewMask | NewDecision
Written = Reading | Step | MaskRecord | Decision


class Scribe:
    """Writes entries, each of which may be written again without a duplicate."""

    def __init__(self, project: Project) -> None:
        self._store = project.store

    def write(self, entry: Entry) -> Written:
        """Write an entry and wait for its COMMIT; whatever the database raises is passed on."""
        match entry:
            case NewReading():
                return self._store.readings.add(entry).result()
            case NewStep():
                return self._store.readings.add_step(entry).result()
            case Revision():
                return self._store.masks.add(entry.new_mask()).result()
            case NewMask():
                return self._store.masks.add(entry).result()
            case NewDecision():
                return self._decide(entry)

    def _decide(self, entry: NewDecision) -> Decision:
        decision = entry.decision
        if entry.revision_uuid:
            # It may have been written long before, by another process.
            revision = self._store.masks.find(entry.revision_uuid)
            if revision is None:
                raise NotFoundError("The mask that a verdict is about is not in this project.")
            decision = replace(decision, revision_id=revision.id)
        return self._store.decisions.add(decision).result()


def changes(entries: Iterable[Entry]) -> int:
    """Return how many changes of the reader's these are."""
    # A reading is no change by itself: it is written with the first.
    return sum(not isinstance(entry, NewReading) for entry in entries)


def reading_of(entry: Entry) -> str:
    """Return the UUID of the reading an entry belongs to; "" for none."""
    match entry:
        case NewReading():
            return entry.uuid
        case NewDecision():
            return entry.decision.reading_uuid
        case _:
            return entry.reading_uuid or ""


def names(entry: Entry) -> frozenset[str]:
    """Return what later entries may need, and will not find if this one is not written."""
    match entry:
        case NewStep():
            # A step stands on all steps before it: without one, the rest of the reading is another mask.
            return frozenset({entry.uuid, entry.reading_uuid})
        case NewDecision():
            return frozenset()
        case _:
            return frozenset({entry.uuid})


def needs(entry: Entry) -> frozenset[str]:
    """Return the UUIDs of what must have been written before this."""
    match entry:
        case NewReading():
            wanted: tuple[str | None, ...] = ()
        case NewStep():
            wanted = (entry.reading_uuid,)
        case NewDecision():
            wanted = (entry.revision_uuid, entry.decision.reading_uuid)
        case _:
            wanted = (entry.reading_uuid, entry.step_uuid)
    return frozenset(uuid for uuid in wanted if uuid)


def _encoded(origin: Origin, mask: Mask, began_with: Mask | None) -> NewMask:
    before = np.zeros_like(mask) if began_with is None else at_size(began_with, *mask.shape)
    is_third = origin.purpose is Purpose.ADJUDICATION
    return NewMask(
        uuid=origin.uuid,
        image_id=origin.image_id,
        encoded=codec.encode(mask),
        source=MaskSource.ADJUDICATED if is_third else MaskSource.HUMAN,
        ink_px=ink_px(mask),
        reader_id=origin.reader_id,
        purpose=origin.purpose,
        parent_id=origin.parent_id,
        tool=origin.tool,
        active_s=origin.active_s,
        reading_uuid=origin.reading_uuid,
        step_uuid=origin.step_uuid,
        pixels_added=int(np.count_nonzero(mask & ~before)),
        pixels_removed=int(np.count_nonzero(before & ~mask)),
    )
