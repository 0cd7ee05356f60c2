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
from gsal.records import Decision, MaskRecord, NewMask, NewReading, NewStep, Reading, Step

__all__ = ["Entry", "NewDecision", "Revision", "Scribe", "Written", "changes", "names", "needs", "reading_of"]


class Revision:
    """A whole mask; encoded once, by whoever needs it first: the thread that writes, or copies.

    Args:
        mask: (H, W) bool, a copy.
        began_with: Pixels of the parent at the size it is kept in; None for an empty start.
        made: Everything else about it; what depends on the pixels is filled in.
    """

    def __init__(self, mask: Mask, began_with: Mask | None, made: NewMask) -> None:
        self.image_id = made.image_id
        self.purpose = made.purpose
        self.reader_id = made.reader_id
        self.reading_uuid = made.reading_uuid
        self.step_uuid = made.step_uuid
        self.uuid = made.uuid
        self._mask: Mask | None = mask
        self._began_with = began_with
        self._made = made
        self._encoding = threading.Lock()

    def new_mask(self) -> NewMask:
        """Return it as it is written."""
        with self._encoding:
            if self._mask is not None:
                self._made = _counted(self._made, self._mask, self._began_with)
                self._mask = self._began_with = None
            return self._made


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


def _counted(made: NewMask, mask: Mask, began_with: Mask | None) -> NewMask:
    before = np.zeros_like(mask) if began_with is None else at_size(began_with, *mask.shape)
    return replace(
        made,
        encoded=codec.encode(mask),
        ink_px=ink_px(mask),
        pixels_added=int(np.count_nonzero(mask & ~before)),
        pixels_removed=int(np.count_nonzero(before & ~mask)),
    )
