"""Queues: which pictures a reader sees, in which order, and for what; all from SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select
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


class Queue:
    """Repository of queues. None shows a reader what another one decided, except to adjudicate it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def items(self, request: QueueRequest) -> list[QueueItem]:
        """Return the whole queue in its order; a picture is in it once."""
        kind = kind_of(request.kind, _reader(request))
        with self._database.read() as session:
            rows: Sequence[Any] = session.execute(_query(kind, request, order_of(request))).all()
        if kind.has_repeats:
            rows = _spread(rows)
        if request.is_pending_only:
            rows = [row for row in rows if row[1] is None]
        verdicts: dict[str | None, Verdict | None] = {None: None} | {str(v): v for v in Verdict}
        if kind.has_repeats:
            return [QueueItem(number, Purpose(purpose), verdicts[v]) for number, v, purpose, _ in rows]
        return [QueueItem(number, kind.purpose, verdicts[v]) for number, v in rows]

    def count(self, request: QueueRequest) -> tuple[int, int]:
        """Return how many pictures of a queue are pending for its reader, and how many it has."""
        rows = _query(kind_of(request.kind, _reader(request)), request, ()).subquery()
        query = select(func.count(), func.count(rows.c.verdict)).select_from(rows)
        with self._database.read() as session:
            total, decided = session.execute(query).one()
        return total - decided, total


def _reader(request: QueueRequest) -> int:
    return _NOBODY if request.reader_id is None else request.reader_id


def _query(kind: Kind, request: QueueRequest, order: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    """Return the query of (number, verdict), and of (purpose, luck) where pictures come again."""
    # The pictures are placed first: sorting them with what was decided takes twice as long.
    pictures = _pictures(kind, request, order).subquery()
    last = aliased(DecisionRow)
    # One look into an index per picture: joined to a table of the last ones, SQLite 3.40 walks that whole
    # table for every picture when the pictures are ordered as well (minutes for 100,000).
    last_id = select(func.max(DecisionRow.id)).where(kind.decided, DecisionRow.image_id == pictures.c.id)
    query = select(pictures.c.id).outerjoin(last, last.id == last_id.correlate(pictures).scalar_subquery())
    if kind.has_repeats:
        is_repeat = _is_repeat(pictures, last, _reader(request))
        purpose = func.coalesce(last.purpose, str(kind.purpose))
        query = query.add_columns(
            case((is_repeat, None), else_=last.verdict).label("verdict"),
            case((is_repeat, str(Purpose.REPEAT)), else_=purpose),
            pictures.c.luck,
        )
    else:
        query = query.add_columns(last.verdict.label("verdict"))
    return query.order_by(*(pictures.c[f"key_{n}"] for n in range(len(order))))


def _is_repeat(pictures: Subquery, last: type[DecisionRow], reader_id: int) -> ColumnElement[bool]:
    # The reader's n-th newest decision: n came after any lower one.
    newest = select(DecisionRow.id).where(DecisionRow.reader_id == reader_id).order_by(DecisionRow.id.desc())
    nth_newest = newest.limit(1).offset(REPEAT_AFTER - 1).scalar_subquery()
    was_repeated = select(DecisionRow.image_id).where(decided_by(reader_id, Purpose.REPEAT))
    return and_(pictures.c.may_repeat, last.id < nth_newest, pictures.c.id.not_in(was_repeated))


def _pictures(kind: Kind, request: QueueRequest, order: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    may_repeat = is_in_share(request.repeat_share, first=9, digits=4)
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


def _spread(rows: Sequence[Any]) -> list[Any]:
    """Move repeats from where their pictures stand to between those that are still to come.

    A repeat stays at one place until it is reached: somewhere behind the decisions that had to be made
    first, or right before the first pending picture when the reader has passed that.
    """
    n = len(rows)
    pending = (place for place, row in enumerate(rows) if row[1] is None and row[2] != Purpose.REPEAT)
    first = next(pending, n)
    keys: dict[int, float] = {}
    for place, (number, _, purpose, luck) in enumerate(rows):
        keys[number] = place
        if purpose == Purpose.REPEAT:
            earliest = min(place + REPEAT_AFTER, n)
            keys[number] = max(earliest + (n - earliest) * int(luck, 16) / 16**4, first) - 0.5
    return sorted(rows, key=lambda row: keys[row[0]])
