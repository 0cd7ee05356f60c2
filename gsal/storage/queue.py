"""Queues: which pictures a reader sees, in which order, and for what; all from SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select
from sqlalchemy.orm import aliased

from gsal.records import Purpose, QueueItem, QueueRequest, Verdict
from gsal.storage.blind import NOBODY, decided_by, is_member
from gsal.storage.database import Database
from gsal.storage.heads import with_ink
from gsal.storage.letters import holds
from gsal.storage.queue_kinds import Kind, kind_of
from gsal.storage.queue_order import is_in_share, order_of
from gsal.storage.schema import DecisionRow, ImageRow

__all__ = ["REPEAT_AFTER", "REPEAT_WITHIN", "Queue"]

REPEAT_AFTER = 10
"""Decisions a reader makes in between before a picture may come again."""

REPEAT_WITHIN = 4
"""Among so many next pictures one comes that is due again; a list read anew this often misses none."""


class Queue:
    """Repository of queues.

    To review shows whose work it is not any more; the validation set and the second reading show a reader
    nothing of what others decided.
    """

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

    def reviewed(self) -> tuple[int, int]:
        """Return how many pictures anyone has reviewed, and of how many, the validation set left out."""
        is_review = DecisionRow.purpose == str(Purpose.REVIEW)
        reviewed = select(func.count(DecisionRow.image_id.distinct()))
        every = select(func.count()).select_from(ImageRow).where(~is_member(ImageRow.id))
        with self._database.read() as session:
            return (
                session.scalar(reviewed.where(is_review, ~is_member(DecisionRow.image_id))) or 0,
                session.scalar(every) or 0,
            )

    def count_read(self, request: QueueRequest) -> int:
        """Return how many pictures of a queue its reader has read; one read again counts twice.

        Unlike what is pending, it grows by one with each decision, whether that is a repeat or not.
        """
        kind = kind_of(request.kind, _reader(request))
        pictures = select(_pictures(kind, request, ()).subquery().c.id)
        again = decided_by(_reader(request), Purpose.REPEAT)
        n_read = func.count(DecisionRow.image_id.distinct())
        with self._database.read() as session:
            counts = [
                session.scalar(select(n_read).where(decided, DecisionRow.image_id.in_(pictures))) or 0
                for decided in (kind.decided, again)
            ]
        return sum(counts)


def _reader(request: QueueRequest) -> int:
    return NOBODY if request.reader_id is None else request.reader_id


def _query(kind: Kind, request: QueueRequest, order: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    """Return the query of (number, verdict), and of (purpose, luck) where pictures come again."""
    # The pictures are placed first: sorting them with what was decided takes longer.
    pictures = _pictures(kind, request, order).subquery()
    last = aliased(DecisionRow)
    # One look into an index per picture: joined to a table of the last ones, SQLite 3.40 walks that whole
    # table for every picture when the pictures are ordered as well.
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
        query = query.where(ImageRow.id.in_(with_ink(request.reader_id, inked=request.inked)))
    if request.name_contains:
        query = query.where(holds(ImageRow.path.expression, request.name_contains))
    return query


def _spread(rows: Sequence[Any]) -> list[Any]:
    """Move repeats from where their pictures stand to among the next pictures to come.

    The k-th that is due comes within the k-th few pending pictures, at a place of its own; never right
    after the first, which may have been decided while the list was read.
    """
    is_due = [row[2] == Purpose.REPEAT for row in rows]
    pending = [n for n, row in enumerate(rows) if row[1] is None and not is_due[n]] or [len(rows)]
    keys = {row[0]: float(place) for place, row in enumerate(rows)}
    due = [row for row, is_repeat in zip(rows, is_due, strict=True) if is_repeat]
    for k, (number, _, _, luck) in enumerate(due):
        behind = REPEAT_WITHIN * k + 1 + (REPEAT_WITHIN - 1) * int(luck, 16) // 16**4
        keys[number] = pending[min(behind, len(pending) - 1)] + 0.5
    return sorted(rows, key=lambda row: keys[row[0]])
