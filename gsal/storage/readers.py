"""Who reads, and what they decided."""

from concurrent.futures import Future

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gsal.errors import GsalError
from gsal.records import Decision, MaskSet, Purpose, Reader, ReaderKind, Verdict
from gsal.storage.database import Database, now
from gsal.storage.masks import set_head
from gsal.storage.schema import DecisionRow, MaskHeadRow, MaskRevisionRow, ReaderRow
from gsal.storage.writer import Priority

__all__ = ["Decisions", "Readers"]


class Readers:
    """Repository of readers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, kind: ReaderKind) -> Reader:
        """Add a reader, or return the one of that name.

        Raises:
            GsalError: The name is empty, or is taken by a reader of another kind.
        """
        name = name.strip()
        if not name:
            raise GsalError("A reader needs a name.")

        def change(session: Session) -> Reader:
            row = session.scalar(select(ReaderRow).where(ReaderRow.name == name))
            if row is None:
                row = ReaderRow(name=name, kind=str(kind), added=now())
                session.add(row)
                session.flush()
            return Reader(row.id, row.name, ReaderKind(row.kind))

        reader = self._database.write(change)
        if reader.kind is not kind:
            raise GsalError(f"{name} is already known as {reader.kind}; choose another name or that kind.")
        return reader

    def all(self) -> list[Reader]:
        """Return all readers by name."""
        with self._database.read() as session:
            rows = session.scalars(select(ReaderRow).order_by(ReaderRow.name))
            return [Reader(row.id, row.name, ReaderKind(row.kind)) for row in rows]


class Decisions:
    """Repository of verdicts: all are kept, the last one counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, decision: Decision) -> "Future[None]":
        """Keep a verdict; a review that accepts makes its mask the picture's human mask.

        Any other verdict of a review takes that back if the mask is the same reader's. Readings for other
        purposes are blind: they leave the picture's masks as they are.
        """

        def change(session: Session) -> None:
            session.add(
                DecisionRow(
                    image_id=decision.image_id,
                    reader_id=decision.reader_id,
                    purpose=str(decision.purpose),
                    verdict=str(decision.verdict),
                    revision_id=decision.revision_id,
                    active_s=decision.active_s,
                    created=decision.created or now(),
                )
            )
            if decision.purpose is not Purpose.REVIEW:
                return
            if decision.verdict is Verdict.ACCEPTED:
                set_head(session, decision.image_id, MaskSet.HUMAN, decision.revision_id)
            elif _human_reader(session, decision.image_id) == decision.reader_id:
                set_head(session, decision.image_id, MaskSet.HUMAN, None)

        return self._database.submit(change, Priority.STROKE)

    def latest(self, image_id: int, reader_id: int, purpose: Purpose) -> Decision | None:
        """Return a reader's last verdict on a picture."""
        query = (
            select(DecisionRow)
            .where(DecisionRow.image_id == image_id, DecisionRow.reader_id == reader_id)
            .where(DecisionRow.purpose == str(purpose))
            .order_by(DecisionRow.id.desc())
            .limit(1)
        )
        with self._database.read() as session:
            row = session.scalar(query)
            return None if row is None else _decision(row)

    def status_by_image(self, reader_id: int, purpose: Purpose) -> dict[int, Verdict]:
        """Return a reader's last verdict for each picture that has one."""
        last = (
            select(func.max(DecisionRow.id))
            .where(DecisionRow.reader_id == reader_id, DecisionRow.purpose == str(purpose))
            .group_by(DecisionRow.image_id)
        )
        query = select(DecisionRow.image_id, DecisionRow.verdict).where(DecisionRow.id.in_(last))
        with self._database.read() as session:
            return {image_id: Verdict(verdict) for image_id, verdict in session.execute(query)}


def _human_reader(session: Session, image_id: int) -> int | None:
    """Return whose mask the picture's human mask is; None if there is none."""
    query = (
        select(MaskRevisionRow.reader_id)
        .join(MaskHeadRow, MaskHeadRow.revision_id == MaskRevisionRow.id)
        .where(MaskHeadRow.image_id == image_id, MaskHeadRow.channel == str(MaskSet.HUMAN))
    )
    return session.scalar(query)


def _decision(row: DecisionRow) -> Decision:
    return Decision(
        image_id=row.image_id,
        reader_id=row.reader_id,
        purpose=Purpose(row.purpose),
        verdict=Verdict(row.verdict),
        revision_id=row.revision_id,
        active_s=row.active_s,
        created=row.created,
    )
