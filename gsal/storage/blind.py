"""Which pictures a reader reads without knowing what others found, and who has read what that way."""

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from gsal.records import Purpose, Verdict
from gsal.storage.schema import DecisionRow, ValidationMemberRow

__all__ = ["NOBODY", "READ_BLIND", "decided_by", "flagged", "is_blind", "is_member", "read", "waits_for"]

NOBODY = -1
"""Stands for the reader before anyone said who reads."""

READ_BLIND = (Purpose.VALIDATION, Purpose.SECOND_READING)
"""A picture of the validation set is read once a reader decided it for one of these."""

Number = InstrumentedAttribute[int]


def decided_by(reader_id: int, *purposes: Purpose) -> ColumnElement[bool]:
    """Return which decisions are a reader's for some purposes."""
    return (DecisionRow.reader_id == reader_id) & DecisionRow.purpose.in_([str(p) for p in purposes])


def read(condition: ColumnElement[bool]) -> Select[int]:
    """Return the pictures with such a decision."""
    return select(DecisionRow.image_id).where(condition)


def is_member(image_id: Number) -> ColumnElement[bool]:
    """Return whether a picture is of the validation set, locked or not."""
    return image_id.in_(select(ValidationMemberRow.image_id))


def flagged(*conditions: ColumnElement[bool]) -> Select[int]:
    """Return the pictures whose last review, by anyone, asks for another look; conditions are on that."""
    is_review = DecisionRow.purpose == str(Purpose.REVIEW)
    last = select(func.max(DecisionRow.id)).where(is_review).group_by(DecisionRow.image_id)
    is_flag = DecisionRow.verdict == str(Verdict.FLAGGED)
    return select(DecisionRow.image_id).where(DecisionRow.id.in_(last), is_flag, *conditions)


def waits_for(reader_id: int, image_id: Number) -> ColumnElement[bool]:
    """Return whether a picture is for this reader to read as its second.

    Others read it for the validation set, or another's flag stands; this reader never read it before. It
    stays so once the second reading is done: what the others found is still nothing for this reader.
    """
    is_theirs = DecisionRow.reader_id != reader_id
    was_read = image_id.in_(read(is_theirs & (DecisionRow.purpose == str(Purpose.VALIDATION))))
    was_flagged = image_id.in_(flagged(is_theirs))
    is_known = image_id.in_(read(decided_by(reader_id, Purpose.REVIEW)))
    is_done = image_id.in_(read(decided_by(reader_id, Purpose.VALIDATION)))
    return ~is_done & or_(was_read, was_flagged & ~is_known)


def is_blind(reader_id: int, image_id: Number) -> ColumnElement[bool]:
    """Return whether a reader must not be told what others found in a picture."""
    return or_(is_member(image_id), waits_for(reader_id, image_id))
