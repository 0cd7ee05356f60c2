"""Queues: which pictures a reader sees, in which order, and for what; all from SQL."""

from collections.abc import Sequence

from sqlalchemy import Row, Select, func, select

from gsal.records import Purpose, QueueItem, QueueRequest, Verdict
from gsal.storage.database import Database
from gsal.storage.heads import with_ink
from gsal.storage.queue_kinds import Kind, kind_of
from gsal.storage.queue_order import order_of
from gsal.storage.schema import ImageRow

__all__ = ["REPEAT_AFTER", "Queue"]

REPEAT_AFTER = 10
"""Decisions a reader makes in between before a picture may come again."""

_QueueRow = Row[int, str, str | None, str]


class Queue:
    """Repository of queues. None shows a reader what another one decided, except to adjudicate it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def items(self, request: QueueRequest) -> list[QueueItem]:
        """Return the whole queue in its order; a picture is in it once."""
        kind = kind_of(request, repeat_after=REPEAT_AFTER)
        query = _filtered(kind, request).order_by(*order_of(request))
        with self._database.read() as session:
            rows: Sequence[_QueueRow] = session.execute(query).all()
        if kind.has_repeats:
            rows = _spread(rows)
        if request.is_pending_only:
            rows = [row for row in rows if row[2] is None]
        purposes = {str(purpose): purpose for purpose in Purpose}
        verdicts: dict[str | None, Verdict | None] = {None: None} | {str(v): v for v in Verdict}
        return [QueueItem(number, purposes[purpose], verdicts[v]) for number, purpose, v, _ in rows]

    def count(self, request: QueueRequest) -> tuple[int, int]:
        """Return how many pictures of a queue are pending for its reader, and how many it has."""
        rows = _filtered(kind_of(request, repeat_after=REPEAT_AFTER), request).subquery()
        query = select(func.count(), func.count(rows.c.verdict)).select_from(rows)
        with self._database.read() as session:
            total, decided = session.execute(query).one()
        return total - decided, total


def _filtered(kind: Kind, request: QueueRequest) -> Select[int, str, str | None, str]:
    # What places a repeat is a part of the hash that nothing else looks at.
    luck = func.substr(ImageRow.sha256, 17, 4)
    columns = (ImageRow.id, kind.purpose.label("purpose"), kind.verdict.label("verdict"), luck.label("luck"))
    query = select(*columns)
    for joined, condition in kind.joins:
        query = query.outerjoin(joined, condition)
    conditions = [kind.condition]
    if request.label is not None:
        conditions.append(func.coalesce(ImageRow.label, "") == request.label)
    if request.inked is not None:
        is_inked = ImageRow.id.in_(with_ink())
        conditions.append(is_inked if request.inked else ~is_inked)
    if request.name_contains:
        conditions.append(ImageRow.path.icontains(request.name_contains, autoescape=True))
    return query.where(*conditions)


def _spread(rows: Sequence[_QueueRow]) -> list[_QueueRow]:
    """Move repeats from where their pictures stand to between those that are still to come.

    A repeat stays at one place until it is reached: somewhere behind the decisions that had to be made
    first, or right before the first pending picture when the reader has passed that.
    """
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
