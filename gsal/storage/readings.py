"""What readers did to masks, step by step: kept at once, never changed."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gsal.errors import NotFoundError
from gsal.records import EncodedDelta, NewReading, NewStep, Purpose, Reading, Step, StepKind
from gsal.storage.database import Database, now
from gsal.storage.schema import ReadingRow, StepRow
from gsal.storage.writer import Priority
from gsal.version import __version__

__all__ = ["Readings", "numbers"]

_CHUNK = 500


class Readings:
    """Repository of readings and their steps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, reading: NewReading) -> "Future[Reading]":
        """Keep a reading; the future resolves once it is on the disk. A UUID is kept once."""

        def change(session: Session) -> Reading:
            row = session.scalar(select(ReadingRow).where(ReadingRow.uuid == reading.uuid))
            if row is None:
                row = _reading_row(reading)
                session.add(row)
                session.flush()
            return _reading(row)

        return self._database.submit(change, Priority.STROKE)

    def add_step(self, step: NewStep) -> "Future[Step]":
        """Keep a step; the future resolves once it is on the disk. A UUID is kept once.

        The future raises NotFoundError when the reading was never kept.
        """

        def change(session: Session) -> Step:
            row = session.execute(_STEPS.where(StepRow.uuid == step.uuid)).one_or_none()
            if row is None:
                reading_id = numbers(session, ReadingRow, [step.reading_uuid])[step.reading_uuid]
                session.add(_step_row(step, reading_id))
                session.flush()
                row = session.execute(_STEPS.where(StepRow.uuid == step.uuid)).one()
            return _step(row)

        return self._database.submit(change, Priority.STROKE)

    def latest(self, image_id: int, reader_id: int, purpose: Purpose) -> Reading | None:
        """Return a reader's last reading of a picture for one purpose."""
        query = (
            select(ReadingRow)
            .where(ReadingRow.image_id == image_id, ReadingRow.reader_id == reader_id)
            .where(ReadingRow.purpose == str(purpose))
            .order_by(ReadingRow.id.desc())
            .limit(1)
        )
        with self._database.read() as session:
            row = session.scalar(query)
            return None if row is None else _reading(row)

    def find(self, uuid: str) -> Reading | None:
        """Return the reading that its client gave this UUID."""
        with self._database.read() as session:
            row = session.scalar(select(ReadingRow).where(ReadingRow.uuid == uuid))
            return None if row is None else _reading(row)

    def step_uuids(self, reading_id: int) -> list[str]:
        """Return the UUIDs of the steps of a reading, in the steps' order."""
        query = select(StepRow.uuid).where(StepRow.reading_id == reading_id).order_by(StepRow.id)
        with self._database.read() as session:
            return list(session.scalars(query))

    def steps(self, reading_id: int) -> list[Step]:
        """Return the steps of a reading in their order, without their deltas."""
        query = _STEPS.where(StepRow.reading_id == reading_id).order_by(StepRow.id)
        with self._database.read() as session:
            return [_step(row) for row in session.execute(query)]

    def deltas(self, step_ids: Iterable[int]) -> dict[int, EncodedDelta]:
        """Return what steps changed, by their numbers."""
        wanted = list(step_ids)
        found: dict[int, EncodedDelta] = {}
        query = select(StepRow.id, StepRow.delta, StepRow.delta_sha256)
        with self._database.read() as session:
            for start in range(0, len(wanted), _CHUNK):
                part = query.where(StepRow.id.in_(wanted[start : start + _CHUNK]))
                rows = session.execute(part)
                found |= {number: EncodedDelta(data, sha256) for number, data, sha256 in rows}
        return found


def numbers(
    session: Session, table: type[ReadingRow] | type[StepRow], uuids: Iterable[str | None]
) -> dict[str, int]:
    """Return the numbers of readings or steps by the UUIDs their client gave them.

    Raises:
        NotFoundError: One of them was never kept.
    """
    wanted = {uuid for uuid in uuids if uuid}
    if not wanted:
        return {}
    query = select(table.uuid, table.id).where(table.uuid.in_(wanted))
    found = {row.uuid: row.id for row in session.execute(query)}
    if wanted - set(found):
        what = "reading" if table is ReadingRow else "step"
        raise NotFoundError(
            f"A {what} that this belongs to is not in this project: it was never saved, or came after the "
            "backup that was restored. Restore a later backup."
        )
    return found


_STEPS = select(
    StepRow.id,
    StepRow.kind,
    StepRow.tool,
    StepRow.pixels_added,
    StepRow.pixels_removed,
    StepRow.proposal_id,
    StepRow.is_begin,
    StepRow.active_s,
    StepRow.created,
)


def _step(row: Sequence[Any]) -> Step:
    # _STEPS lists the columns in the order of the record's fields.
    number, kind, *rest = row
    return Step(number, StepKind(kind), *rest)


def _reading(row: ReadingRow) -> Reading:
    return Reading(
        id=row.id,
        uuid=row.uuid,
        image_id=row.image_id,
        reader_id=row.reader_id,
        purpose=Purpose(row.purpose),
        start_id=row.start_id,
        height=row.height,
        width=row.width,
        is_blank_start=row.is_blank_start,
        created=row.created,
    )


def _reading_row(reading: NewReading) -> ReadingRow:
    return ReadingRow(
        uuid=reading.uuid,
        image_id=reading.image_id,
        reader_id=reading.reader_id,
        purpose=str(reading.purpose),
        start_id=reading.start_id,
        height=reading.height,
        width=reading.width,
        is_blank_start=reading.is_blank_start,
        app_version=__version__,
        created=now(),
    )


def _step_row(step: NewStep, reading_id: int) -> StepRow:
    return StepRow(
        uuid=step.uuid,
        reading_id=reading_id,
        kind=str(step.kind),
        tool=step.tool,
        delta=step.delta,
        delta_sha256=step.delta_sha256,
        pixels_added=step.pixels_added,
        pixels_removed=step.pixels_removed,
        proposal_id=step.proposal_id,
        is_begin=step.is_begin,
        active_s=step.active_s,
        created=now(),
    )
