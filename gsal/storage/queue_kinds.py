"""What each queue holds: its pictures, and the decisions that take them off it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from gsal.records import Purpose, QueueKind, Verdict
from gsal.storage.schema import DecisionRow, ImageRow, ValidationMemberRow

__all__ = ["Kind", "decided_by", "kind_of"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A queue as SQL.

    Attributes:
        purpose: What its pictures are opened for.
        condition: Which pictures it holds.
        decided: Which decisions take a picture off it, and say for what it was opened.
        has_repeats: Whether its reader may see a picture of it again.
    """

    purpose: Purpose
    condition: ColumnElement[bool]
    decided: ColumnElement[bool]
    has_repeats: bool = False


def kind_of(kind: QueueKind, reader_id: int) -> Kind:
    """Return a queue as one reader has it."""
    match kind:
        case QueueKind.REVIEW:
            return Kind(Purpose.REVIEW, ~_is_member(), decided_by(reader_id, Purpose.REVIEW))
        case QueueKind.FLAGGED:
            is_flagged = ImageRow.id.in_(_flagged(true(), DecisionRow.image_id))
            return Kind(Purpose.REVIEW, ~_is_member() & is_flagged, decided_by(reader_id, Purpose.REVIEW))
        case QueueKind.ADJUDICATION:
            anyones = DecisionRow.purpose == str(Purpose.ADJUDICATION)
            return Kind(Purpose.ADJUDICATION, ImageRow.id.in_(_read_twice()), anyones)
        case QueueKind.VALIDATION:
            # Who has read a picture as its second reader is not asked to read it once more.
            own = decided_by(reader_id, Purpose.VALIDATION, Purpose.SECOND_READING)
            return Kind(Purpose.VALIDATION, _is_member(), own, has_repeats=True)
        case QueueKind.SECOND_READING:
            own = decided_by(reader_id, Purpose.SECOND_READING)
            return Kind(Purpose.SECOND_READING, _waits_for(reader_id), own, has_repeats=True)


def decided_by(reader_id: int, *purposes: Purpose) -> ColumnElement[bool]:
    """Return which decisions are a reader's for some purposes."""
    return (DecisionRow.reader_id == reader_id) & DecisionRow.purpose.in_([str(p) for p in purposes])


def _read(condition: ColumnElement[bool]) -> Select[int]:
    return select(DecisionRow.image_id).where(condition)


def _is_member() -> ColumnElement[bool]:
    return ImageRow.id.in_(select(ValidationMemberRow.image_id))


def _flagged(condition: ColumnElement[bool], *per: InstrumentedAttribute[int]) -> Select[int]:
    """Return the pictures whose last review, or that of some reader, asks for another look."""
    is_review = DecisionRow.purpose == str(Purpose.REVIEW)
    last = select(func.max(DecisionRow.id)).where(is_review, condition).group_by(*per)
    return _read(DecisionRow.id.in_(last) & (DecisionRow.verdict == str(Verdict.FLAGGED)))


def _waits_for(reader_id: int) -> ColumnElement[bool]:
    """Return whether a picture needs this reader as its second: others read it, this one never did."""
    is_theirs = DecisionRow.reader_id != reader_id
    was_read = ImageRow.id.in_(_read(is_theirs & (DecisionRow.purpose == str(Purpose.VALIDATION))))
    was_flagged = ImageRow.id.in_(_flagged(is_theirs, DecisionRow.image_id, DecisionRow.reader_id))
    is_known = ImageRow.id.in_(_read(decided_by(reader_id, Purpose.REVIEW)))
    is_done = ImageRow.id.in_(_read(decided_by(reader_id, Purpose.VALIDATION)))
    return ~is_done & (was_read | (was_flagged & ~is_known))


def _read_twice() -> Select[int]:
    blind = [str(Purpose.VALIDATION), str(Purpose.SECOND_READING)]
    query = select(DecisionRow.image_id).where(DecisionRow.purpose.in_(blind))
    return query.group_by(DecisionRow.image_id).having(func.count(DecisionRow.reader_id.distinct()) >= 2)
