"""Work of an earlier session on its way into the project: as it was done, or beside what was done since."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from app.review.reading.entries import Entry, NewDecision, Scribe, Written, changes, reading_of
from app.review.reading.sizes import at_size
from gsal.editing.replay import replay
from gsal.errors import ProjectDamaged
from gsal.masks import codec
from gsal.project import Project
from gsal.records import Decision, EncodedDelta, NewMask, NewReading, NewStep, Purpose, Reading, Step

__all__ = ["Key", "Return", "Returned", "Returning"]

Key = tuple[int, Purpose, int | None]
"""Which picture, for what, by whom."""


@dataclass(frozen=True, slots=True, eq=False)
class Return:
    """What a spare copy holds of one reading.

    Attributes:
        entries: In their order.
        state: The whole mask after all of them; None when the copy has none.
    """

    entries: tuple[Entry, ...]
    state: NewMask | None = None

    @property
    def reading_uuid(self) -> str:
        """Of the reading; "" for masks and verdicts without strokes."""
        return next((uuid for entry in self.entries if (uuid := reading_of(entry))), "")

    @property
    def new_reading(self) -> NewReading | None:
        """The reading itself, if it had not been written."""
        return next((entry for entry in self.entries if isinstance(entry, NewReading)), None)

    @property
    def changes(self) -> int:
        """How many changes it is."""
        return changes(self.entries)


@dataclass(frozen=True, slots=True, eq=False)
class Returned:
    """What was written of it.

    Attributes:
        written: Entries, and what the project made of them.
        is_whole: Whether it is all as it was done; otherwise what was done since stands.
    """

    written: tuple[tuple[Entry, Written], ...]
    is_whole: bool


class Returning:
    """Writes what comes back; nothing that was done since is cancelled or taken over by it.

    Attributes:
        returned_at: When strokes came back last, by what they are of (`time.monotonic`): a stroke made on a
            mask that was read before does not know of them.
    """

    def __init__(self, project: Project, scribe: Scribe) -> None:
        self._store = project.store
        self._scribe = scribe
        self.returned_at: dict[Key, float] = {}

    def write(self, work: Return) -> Returned:
        """Write it and wait for each COMMIT; it may be written again without a duplicate.

        Strokes say what they change, so that they mean something else on another mask. They are written
        only if they lead to the mask they led to; otherwise that mask is kept beside the reader's own.
        """
        reading = self._store.readings.find(work.reading_uuid) if work.reading_uuid else None
        known = set(self._store.readings.step_uuids(reading.id)) | {reading.uuid} if reading else set()
        is_whole = self._fits(work, reading)
        entries = work.entries if is_whole else _beside(work, is_known=reading is not None)
        written = []
        for entry in entries:
            if isinstance(entry, NewDecision) and self._is_outdated(entry.decision):
                is_whole = False
            else:
                written.append((entry, self._scribe.write(entry)))
                if isinstance(entry, NewReading | NewStep) and entry.uuid not in known:
                    self._note(work.new_reading or reading)
        return Returned(tuple(written), is_whole)

    def _note(self, of: Reading | NewReading | None) -> None:
        if of is not None:
            self.returned_at[of.image_id, of.purpose, of.reader_id] = time.monotonic()

    def _fits(self, work: Return, reading: Reading | None) -> bool:
        """Whether nothing was done since, or only what leads to the same mask."""
        steps = [entry for entry in work.entries if isinstance(entry, NewStep)]
        masks = [entry for entry in work.entries if isinstance(entry, NewMask)]
        if reading is None:
            if (new := work.new_reading) is not None:
                return not self._has_begun(new.image_id, new.reader_id, new.purpose, new.start_id)
            return bool(steps) or all(self._is_first(mask) for mask in masks)
        known = self._store.readings.step_uuids(reading.id)
        last = steps[-1].uuid if steps else next((mask.step_uuid for mask in reversed(masks)), None)
        missing = [step for step in steps if step.uuid not in set(known)]
        if not missing:
            # A verdict alone is about a mask that is there; a mask is the last if no stroke came after it.
            return not (steps or masks) or last == (known[-1] if known else None)
        return work.state is not None and self._leads_to(reading, missing, work.state)

    def _is_first(self, mask: NewMask) -> bool:
        if mask.reader_id is None or self._store.masks.find(mask.uuid) is not None:
            return True
        return not self._has_begun(mask.image_id, mask.reader_id, mask.purpose, None)

    def _has_begun(self, image_id: int, reader_id: int, purpose: Purpose, start_id: int | None) -> bool:
        """Whether the reader has a state of this picture that such a beginning did not know."""
        latest = self._store.readings.latest(image_id, reader_id, purpose)
        head = self._store.masks.head(image_id, reader_id, purpose)
        if head is None:
            return latest is not None
        goes_on = latest is not None and (head.id == latest.start_id or head.reading_id == latest.id)
        return goes_on or head.id != start_id

    def _leads_to(self, reading: Reading, missing: list[NewStep], state: NewMask) -> bool:
        """Whether the strokes, on top of those in the project, make the mask they made."""
        shape = reading.height, reading.width
        known = self._store.readings.steps(reading.id)
        added = [_numbered(-number, step) for number, step in enumerate(missing, start=1)]
        deltas = self._store.readings.deltas([step.id for step in known])
        for step, new in zip(added, missing, strict=True):
            deltas[step.id] = EncodedDelta(new.delta, new.delta_sha256)
        try:
            start = np.zeros(shape, np.bool_)
            if reading.start_id is not None:
                start = at_size(codec.decode(self._store.masks.load(reading.start_id)), *shape)
            mask = replay(start, [*known, *added], deltas).mask
        except ProjectDamaged:
            return False
        return codec.encode(mask).sha256 == state.encoded.sha256

    def _is_outdated(self, decision: Decision) -> bool:
        """Whether a newer verdict stands: the reader's, or anybody's where all share one mask."""
        is_shared = decision.purpose in {Purpose.REVIEW, Purpose.ADJUDICATION}
        return any(
            other.purpose is decision.purpose
            and (is_shared or other.reader_id == decision.reader_id)
            and other.created > decision.created
            for other in self._store.decisions.latest_by_reader(decision.image_id)
        )


def _beside(work: Return, *, is_known: bool) -> tuple[Entry, ...]:
    """Return the masks and verdicts without the strokes; the masks are nobody's to go on with."""
    masks = [entry for entry in work.entries if isinstance(entry, NewMask)]
    if work.state is not None and work.state.encoded.sha256 not in {m.encoded.sha256 for m in masks}:
        masks.append(work.state)
    reading_uuid = work.reading_uuid if is_known else ""
    return (
        *(replace(m, is_current=False, reading_uuid=reading_uuid or None, step_uuid=None) for m in masks),
        *_verdicts(work.entries, reading_uuid),
    )


def _verdicts(entries: Iterable[Entry], reading_uuid: str) -> Iterable[NewDecision]:
    for entry in entries:
        if isinstance(entry, NewDecision):
            yield replace(entry, decision=replace(entry.decision, reading_uuid=reading_uuid))


def _numbered(number: int, step: NewStep) -> Step:
    return Step(
        id=number,
        kind=step.kind,
        tool=step.tool,
        pixels_added=step.pixels_added,
        pixels_removed=step.pixels_removed,
        proposal_id=step.proposal_id,
        is_begin=step.is_begin,
        active_s=step.active_s,
        created="",
    )
