"""What each queue holds: its pictures, and what its reader decided about them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Subquery, case, false, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from gsal.records import Purpose, QueueKind, QueueRequest, Verdict
from gsal.storage.queue_order import is_in_share
from gsal.storage.schema import DecisionRow, ImageRow, ValidationMemberRow

__all__ = ["Kind", "kind_of"]

_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Kind:
    """A queue as SQL.

    Attributes:
        joins: What its columns need, each with what joins it to the pictures, which it may leave without.
        condition: Which pictures it holds.
        purpose, verdict: Columns of its rows.
        has_repeats: Whether a reader may see a picture of it again.
    """

    joins: tuple[tuple[Subquery, ColumnElement[bool]], ...]
    condition: ColumnElement[bool]
    purpose: ColumnElement[str]
    verdict: ColumnElement[str | None]
    has_repeats: bool = False


def kind_of(request: QueueRequest, *, repeat_after: int) -> Kind:
    """Return the queue that is asked for.

    Args:
        request: What is asked for.
        repeat_after: A picture may come again when its reader made so many decisions since.
    """
    reader_id = _reader(request)
    match request.kind:
        case QueueKind.REVIEW:
            own = _last(_by(reader_id, Purpose.REVIEW), DecisionRow.image_id)
            return _plain(Purpose.REVIEW, ~_is_member(), own)
        case QueueKind.FLAGGED:
            own = _last(_by(reader_id, Purpose.REVIEW), DecisionRow.image_id)
            return _plain(Purpose.REVIEW, ~_is_member() & ImageRow.id.in_(_flagged()), own)
        case QueueKind.ADJUDICATION:
            anyones = _last(DecisionRow.purpose == str(Purpose.ADJUDICATION), DecisionRow.image_id)
            return _plain(Purpose.ADJUDICATION, ImageRow.id.in_(_read_twice()), anyones)
        case QueueKind.VALIDATION:
            # Who has read a picture as its second reader is not asked to read it once more.
            own = _last(_by(reader_id, Purpose.VALIDATION, Purpose.SECOND_READING), DecisionRow.image_id)
            return _repeated(Purpose.VALIDATION, _is_member(), own, request, repeat_after)
        case QueueKind.SECOND_READING:
            own = _last(_by(reader_id, Purpose.SECOND_READING), DecisionRow.image_id)
            return _repeated(Purpose.SECOND_READING, _waits_for(reader_id), own, request, repeat_after)


def _plain(purpose: Purpose, condition: ColumnElement[bool], last: Subquery) -> Kind:
    join = (last, last.c.image_id == ImageRow.id)
    return Kind((join,), condition, literal(str(purpose)), last.c.verdict)


def _repeated(
    purpose: Purpose, condition: ColumnElement[bool], last: Subquery, request: QueueRequest, after: int
) -> Kind:
    """Return a blind queue in which some decided pictures wait again: would they be decided the same way?"""
    reader_id = _reader(request)
    since = _decisions_since(reader_id)
    is_repeat = (
        (since.c.n >= after)
        & is_in_share(request.repeat_share, first=9, digits=4)
        & ImageRow.id.not_in(_read(_by(reader_id, Purpose.REPEAT)))
    )
    return Kind(
        joins=((last, last.c.image_id == ImageRow.id), (since, since.c.id == last.c.id)),
        condition=condition,
        purpose=case((is_repeat, str(Purpose.REPEAT)), else_=func.coalesce(last.c.purpose, str(purpose))),
        verdict=case((~func.coalesce(is_repeat, false()), last.c.verdict)),
        has_repeats=True,
    )


def _reader(request: QueueRequest) -> int:
    return _NOBODY if request.reader_id is None else request.reader_id


def _by(reader_id: int, *purposes: Purpose) -> ColumnElement[bool]:
    return (DecisionRow.reader_id == reader_id) & DecisionRow.purpose.in_([str(p) for p in purposes])


def _read(condition: ColumnElement[bool]) -> Select[int]:
    return select(DecisionRow.image_id).where(condition)


def _last(condition: ColumnElement[bool], *per: InstrumentedAttribute[int]) -> Subquery:
    """Return the last decision per picture, or per picture and reader, among those meant."""
    numbers = select(func.max(DecisionRow.id)).where(condition).group_by(*per)
    columns = (DecisionRow.id, DecisionRow.image_id, DecisionRow.reader_id, DecisionRow.purpose)
    return select(*columns, DecisionRow.verdict).where(DecisionRow.id.in_(numbers)).subquery()


def _decisions_since(reader_id: int) -> Subquery:
    newest_first = func.row_number().over(order_by=DecisionRow.id.desc())
    own = select(DecisionRow.id, (newest_first - 1).label("n")).where(DecisionRow.reader_id == reader_id)
    return own.subquery()


def _is_member() -> ColumnElement[bool]:
    return ImageRow.id.in_(select(ValidationMemberRow.image_id))


def _flagged() -> Select[int]:
    last = _last(DecisionRow.purpose == str(Purpose.REVIEW), DecisionRow.image_id)
    return select(last.c.image_id).where(last.c.verdict == str(Verdict.FLAGGED))


def _flagged_by_others(reader_id: int) -> Select[int]:
    is_theirs = (DecisionRow.purpose == str(Purpose.REVIEW)) & (DecisionRow.reader_id != reader_id)
    last = _last(is_theirs, DecisionRow.image_id, DecisionRow.reader_id)
    return select(last.c.image_id).where(last.c.verdict == str(Verdict.FLAGGED))


def _waits_for(reader_id: int) -> ColumnElement[bool]:
    """Return whether a picture needs this reader as its second: others read it, this one never did."""
    theirs = (DecisionRow.purpose == str(Purpose.VALIDATION)) & (DecisionRow.reader_id != reader_id)
    was_read = ImageRow.id.in_(_read(theirs))
    was_flagged = ImageRow.id.in_(_flagged_by_others(reader_id))
    is_known = ImageRow.id.in_(_read(_by(reader_id, Purpose.REVIEW)))
    is_done = ImageRow.id.in_(_read(_by(reader_id, Purpose.VALIDATION)))
    return ~is_done & (was_read | (was_flagged & ~is_known))


def _read_twice() -> Select[int]:
    blind = [str(Purpose.VALIDATION), str(Purpose.SECOND_READING)]
    query = select(DecisionRow.image_id).where(DecisionRow.purpose.in_(blind))
    return query.group_by(DecisionRow.image_id).having(func.count(DecisionRow.reader_id.distinct()) >= 2)
