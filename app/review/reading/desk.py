"""An open picture with what one reader did to it, and every change as it is to be kept."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from app.review.reading.activity import ActiveTime
from app.review.reading.entries import Entry, NewDecision, Origin, Revision
from app.review.reading.opening import OpenedPicture, Proposal, at_size
from app.review.reading.resuming import Start
from app.review.reading.trail import Mark
from gsal.arrays import Mask
from gsal.editing.history import Change
from gsal.editing.painting import Painting
from gsal.records import (
    Decision,
    MaskRecord,
    NewReading,
    NewStep,
    Purpose,
    StepKind,
    Verdict,
)

__all__ = ["Desk"]


class Desk:
    """Turns changes into entries for the saver, in the order they are to be written.

    Attributes:
        picture: As it was opened.
        painting: Its mask, with the steps that can be undone.
        active: The time spent on it.
        read_at: When it began to be read (`time.monotonic`): what was written later is not in it.
        unsaved: UUIDs of what is not on the disk yet; a desk that has any must not be read anew.
        verdict: The reader's last one.
    """

    def __init__(
        self,
        picture: OpenedPicture,
        start: Start,
        *,
        reader_id: int | None,
        head: MaskRecord | None,
        read_at: float,
    ) -> None:
        self.picture = picture
        self.read_at = read_at
        self.painting = Painting(start.mask)
        self.painting.restore(undo=start.undo, redo=start.redo)
        self.active = ActiveTime(start.active_s)
        self.unsaved: set[str] = set()
        self.verdict = picture.verdict
        self._reader_id = reader_id
        self._trail = start.trail
        self._begins = {p.record.id: p.mask for p in picture.proposals} | start.begins
        self._start_id = start.trail.begin_id
        self._reading_uuid = start.reading.uuid if start.reading else ""
        self._step_uuid: str | None = None
        self._head_id = head.id if head else None
        self._revision_uuid = ""
        self._is_dirty = start.is_dirty
        self._tool = start.tool

    @property
    def key(self) -> tuple[int, Purpose, int | None]:
        """Which picture, for what, by whom."""
        return self.picture.item.image_id, self.picture.item.purpose, self._reader_id

    @property
    def has_own(self) -> bool:
        """Whether the mask is the reader's own by now."""
        return self._is_dirty or self._head_id is not None or bool(self._revision_uuid)

    @property
    def begin_id(self) -> int | None:
        """The revision the mask comes from; None for an empty start."""
        return self._trail.begin_id

    @property
    def is_at_begin(self) -> bool:
        """Whether no stroke was made since the mask began."""
        return self._trail.is_at_begin

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was ever done to it."""
        return not self._reading_uuid and not self._revision_uuid

    def rest(self) -> None:
        """Let the photograph's pixels go; what was done stays, and `wake` brings the pixels again."""
        self.picture = replace(self.picture, pyramid=self.picture.pyramid.coarsest())

    def wake(self, picture: OpenedPicture) -> None:
        """Go on with the same photograph, read anew."""
        self.picture = replace(self.picture, pyramid=picture.pyramid)

    def renew(self, proposals: tuple[Proposal, ...]) -> None:
        """Offer other proposals; what was begun from earlier ones stays as it is."""
        self.picture = replace(self.picture, proposals=proposals)
        self._begins |= {p.record.id: p.mask for p in proposals}

    def begin_mask(self) -> Mask:
        """Return (H, W) bool: the mask before the reader changed it."""
        kept, shape = self._begun_with(), self.painting.shape
        return np.zeros(shape, np.bool_) if kept is None else at_size(kept, *shape)

    def stroke(self, tool: str, change: Change) -> tuple[Entry, ...]:
        """Note a step that goes on from what was there."""
        return self._step(StepKind.DO, tool, change, self._trail.stroke())

    def begin(self, tool: str, change: Change | None, *, revision_id: int | None) -> tuple[Entry, ...]:
        """Note that the mask began anew; without a change nothing can be undone, but that it was is kept."""
        if change is not None:
            return self._step(StepKind.DO, tool, change, self._trail.begin(revision_id))
        self._is_dirty = self._is_dirty or revision_id != self.begin_id
        return self._step(StepKind.NOTE, tool, None, self._trail.note(revision_id))

    def remember(self, revision_id: int, mask: Mask) -> None:
        """Know the pixels of a revision that the mask may begin from."""
        self._begins[revision_id] = mask

    def undone(self) -> tuple[Entry, ...]:
        """Note that the last step was taken back."""
        self._trail.undo()
        return self._step(StepKind.UNDO, "undo", None, Mark())

    def redone(self) -> tuple[Entry, ...]:
        """Note that the step taken back was done again."""
        self._trail.redo()
        return self._step(StepKind.REDO, "redo", None, Mark())

    def give_up(self) -> None:
        """Keep no whole mask of what was set aside: it lies in the same file."""
        self._is_dirty = False

    def leave(self) -> tuple[Entry, ...]:
        """Return the whole mask to be kept, if it changed since it last was.

        A mask that was accepted and then corrected is accepted as it is now: else the correction would be
        seen here and count nowhere.
        """
        if not self._is_dirty:
            return ()
        return self.decide(Verdict.ACCEPTED) if self.verdict is Verdict.ACCEPTED else (self._revision(),)

    def decide(self, verdict: Verdict) -> tuple[Entry, ...]:
        """Return a verdict to be kept; the whole mask first, if it is not kept yet."""
        self.verdict = verdict
        entries: tuple[Entry, ...] = self._begun_reading()
        if self._is_dirty or not (self._head_id is not None or self._revision_uuid):
            entries = (*entries, self._revision())
        image_id, purpose, reader_id = self.key
        decision = Decision(
            image_id=image_id,
            reader_id=_known(reader_id),
            purpose=purpose,
            verdict=verdict,
            revision_id=None if self._revision_uuid else self._head_id,
            active_s=self.active.seconds,
            created=datetime.now(UTC).isoformat(timespec="milliseconds"),
            uuid=_new_uuid(),
            reading_uuid=self._reading_uuid,
            seen_id=self.picture.seen_id,
        )
        return (*entries, NewDecision(decision, self._revision_uuid))

    def _step(self, kind: StepKind, tool: str, change: Change | None, mark: Mark) -> tuple[Entry, ...]:
        reading = self._begun_reading()
        step = NewStep(
            uuid=_new_uuid(),
            reading_uuid=self._reading_uuid,
            kind=kind,
            tool=tool,
            delta=change.delta.data if change else b"",
            delta_sha256=change.delta.sha256 if change else "",
            pixels_added=change.pixels_added if change else 0,
            pixels_removed=change.pixels_removed if change else 0,
            proposal_id=mark.proposal_id,
            is_begin=mark.is_begin,
            active_s=self.active.seconds,
        )
        self._step_uuid, self._tool = step.uuid, tool
        self._is_dirty = self._is_dirty or kind is not StepKind.NOTE
        return (*reading, step)

    def _begun_reading(self) -> tuple[NewReading, ...]:
        """Return the reading to be kept before what belongs to it, once."""
        if self._reading_uuid:
            return ()
        image_id, purpose, reader_id = self.key
        height, width = self.painting.shape
        self._reading_uuid = _new_uuid()
        reading = NewReading(
            uuid=self._reading_uuid,
            image_id=image_id,
            reader_id=_known(reader_id),
            purpose=purpose,
            start_id=self._start_id,
            height=height,
            width=width,
            is_blank_start=self.picture.is_blank_start and self._start_id is None,
        )
        return (reading,)

    def _revision(self) -> Revision:
        image_id, purpose, reader_id = self.key
        origin = Origin(
            uuid=_new_uuid(),
            image_id=image_id,
            reader_id=_known(reader_id),
            purpose=purpose,
            parent_id=self.begin_id,
            tool=self._tool,
            active_s=self.active.seconds,
            reading_uuid=self._reading_uuid or None,
            step_uuid=self._step_uuid,
        )
        self._revision_uuid, self._is_dirty = origin.uuid, False
        return Revision(self.painting.mask, self._begun_with(), origin)

    def _begun_with(self) -> Mask | None:
        return self._begins.get(self.begin_id) if self.begin_id is not None else None


def _known(reader_id: int | None) -> int:
    if reader_id is None:
        raise RuntimeError("nobody is reading")
    return reader_id


def _new_uuid() -> str:
    return str(uuid.uuid4())
