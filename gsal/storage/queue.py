"""Queues: which pictures a reader sees, in which order, and for what; all from SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from gsal.records import Purpose, QueueItem, QueueRequest, Verdict
from gsal.storage.database import Database
from gsal.storage.heads import with_ink
from gsal.storage.queue_kinds import Kind, decided_by, kind_of
from gsal.storage.queue_order import is_in_share, order_of
from gsal.storage.schema import DecisionRow, ImageRow

__all__ = ["REPEAT_AFTER", "Queue"]

REPEAT_AFTER = 10
"""Decisions a reader makes in between before a picture may come again."""

_NOBODY = -1
_QueueRow = Row[int, str, str | None, str]


class Queue:
    """Repository of queues. None shows a reader what another one decided, except to adjudicate it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def items(self, request: QueueRequest) -> list[QueueItem]:
        """Return the whole queue in its order; a picture is in it once."""
        with self._database.read() as session:
            rows: Sequence[_QueueRow] = session.execute(_query(request, order_of(request))).all()
        rows = _spread(rows)
        if request.is_pending_only:
            rows = [row for row in rows if row[2] is None]
        purposes = {str(purpose): purpose for purpose in Purpose}
        verdicts: dict[str | None, Verdict | None] = {None: None} | {str(v): v for v in Verdict}
        return [QueueItem(number, purposes[purpose], verdicts[v]) for number, purpose, v, _ in rows]

    def count(self, request: QueueRequest) -> tuple[int, int]:
        """Return how many pictures of a queue are pending for its reader, and how many it has."""
        rows = _query(request, ()).subquery()
        query = select(func.count(), func.count(rows.c.verdict)).select_from(rows)
        with self._database.read() as session:
            total, decided = session.execute(query).one()
        return total - decided, total


def _query(request: QueueRequest, order: tuple[ColumnElement[Any], ...]) -> Select[int, str, str | None, str]:
    reader_id = _NOBODY if request.reader_id is None else request.reader_id
    kind = kind_of(request.kind, reader_id)
    # The pictures are placed first: sorting them with what was decided takes twice as long.
    pictures = _pictures(kind, request, order).subquery()
    last = aliased(DecisionRow)
    # One look into an index per picture: joined to a table of the last ones, SQLite 3.40 walks that whole
    # table for every picture when the pictures are ordered as well (minutes for 100,000).
    last_id = select(func.max(DecisionRow.id)).where(kind.decided, DecisionRow.image_id == pictures.c.id)
    was_repeated = select(DecisionRow.image_id).where(decided_by(reader_id, Purpose.REPEAT))
    is_repeat = and_(
        pictures.c.may_repeat, last.id < _newest(reader_id, REPEAT_AFTER), pictures.c.id.not_in(was_repeated)
    )
    query = select(
        pictures.c.id,
        case((is_repeat, str(Purpose.REPEAT)), else_=func.coalesce(last.purpose, str(kind.purpose))),
        case((is_repeat, None), else_=last.verdict).label("verdict"),
        pictures.c.luck,
    ).outerjoin(last, last.id == last_id.correlate(pictures).scalar_subquery())
    return query.order_by(*(pictures.c[f"key_{n}"] for n in range(len(order))))


def _pictures(kind: Kind, request: QueueRequest, order: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    may_repeat = is_in_share(request.repeat_share if kind.has_repeats else 0, first=9, digits=4)
    query = select(
        ImageRow.id,
        # What places a repeat is a part of the hash that nothing else looks at.
        func.substr(ImageRow.sha256, 17, 4).label("luck"),
        may_repeat.label("may_repeat"),
        *(key.label(f"key_{n}") for n, key in enumerate(order)),
    ).where(kind.condition)
    if request.label is not None:
        query = query.where(func.coalesce(ImageRow.label, "") == request.label)
    if request.inked is not None:
        is_inked = ImageRow.id.in_(with_ink())
        query = query.where(is_inked if request.inked else ~is_inked)
    if request.name_contains:
        query = query.where(ImageRow.path.icontains(request.name_contains, autoescape=True))
    return query


def _newest(reader_id: int, n: int) -> ColumnElement[int]:
    """Return the number of the reader's n-th newest decision: n of them came after any lower one."""
    own = select(DecisionRow.id).where(DecisionRow.reader_id == reader_id)
    return own.order_by(DecisionRow.id.desc()).limit(1).offset(n - 1).scalar_subquery()


def _spread(rows: Sequence[_QueueRow]) -> list[_QueueRow]:
    """Move repeats from where their pictures stand to between those that are still to come.

    A repeat stays at one place until it is reached: somewhere behind the decisions that had to be made
    first, or right before the first pending picture when the reader has passed that.
    """
    if not any(row[1] == Purpose.REPEAT for row in rows):
        return list(rows)
    n = len(rows)
    pending = (place for place, row in enumerate(rows) if row[2] is None and row[1] != Purpose.REPEAT)
    first = next(pending, n)
    keys: dict[int, float] = {}
    for place, (number, purpose, _, luck) in enumerate(rows):
        keys[number] = place
        if purpose == Purpose.REPEAT:
            earliest = min(place + REPEAT_AFTER, n)
            keys[number] = max(earliest + (n - earliest) * int(luck, 16) / 16**4, first) - 0.5
    return sorted(rows, key=lambda row: keys[row[0]])
