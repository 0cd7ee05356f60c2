"""What each queue holds: its pictures, and the decisions that take them off it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select

from gsal.records import Purpose, QueueKind, Verdict
from gsal.storage.blind import READ_BLIND, decided_by, flagged, is_blind, is_member, read, waits_for
from gsal.storage.schema import DecisionRow, ImageRow

__all__ = ["Kind", "kind_of"]


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
    """Return a queue as one reader has it.

    To review is work that the readers share: whoever decided a picture decided it for all, but what waits
    for this reader's second reading is read there, blind. Only the two blind queues have repeats: those
    measure how well a reader agrees with themselves, while a review corrects masks and measures nothing.
    """
    number = ImageRow.id
    match kind:
        case QueueKind.REVIEW:
            is_shared = ~is_member(number) & ~waits_for(reader_id, number)
            return Kind(Purpose.REVIEW, is_shared, DecisionRow.purpose == str(Purpose.REVIEW))
        case QueueKind.FLAGGED:
            # What another reader flagged is for this one to read a second time, blind.
            is_open = number.in_(flagged()) & ~number.in_(
                read(DecisionRow.purpose == str(Purpose.ADJUDICATION))
            )
            is_flagged = ~is_blind(reader_id, number) & is_open
            return Kind(Purpose.REVIEW, is_flagged, decided_by(reader_id, Purpose.REVIEW))
        case QueueKind.ADJUDICATION:
            anyones = DecisionRow.purpose == str(Purpose.ADJUDICATION)
            return Kind(Purpose.ADJUDICATION, number.in_(_read_twice()), anyones)
        case QueueKind.VALIDATION:
            # Who has read a picture as its second reader is not asked to read it once more.
            own = decided_by(reader_id, *READ_BLIND)
            return Kind(Purpose.VALIDATION, is_member(number), own, has_repeats=True)
        case QueueKind.SECOND_READING:
            own = decided_by(reader_id, Purpose.SECOND_READING)
            waiting = waits_for(reader_id, number)
            return Kind(Purpose.SECOND_READING, waiting, own, has_repeats=True)


def _read_twice() -> Select[int]:
    # Who flagged a picture in a review has read it as its first reader.
    is_flag = (DecisionRow.purpose == str(Purpose.REVIEW)) & (DecisionRow.verdict == str(Verdict.FLAGGED))
    is_reading = DecisionRow.purpose.in_([str(purpose) for purpose in READ_BLIND]) | is_flag
    query = select(DecisionRow.image_id).where(is_reading)
    return query.group_by(DecisionRow.image_id).having(func.count(DecisionRow.reader_id.distinct()) >= 2)
