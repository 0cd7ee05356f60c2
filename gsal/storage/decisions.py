"""What readers decided, and which mask a decision makes the picture's."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from gsal.records import Decision, MaskRecord, MaskSet, NewMask, Purpose, Verdict
from gsal.storage.blind import NOBODY, READ_BLIND, decided_by, is_blind, read
from gsal.storage.database import Database, now
from gsal.storage.heads import REFUSED, UNDECIDED, Head, set_heads
from gsal.storage.readings import numbers
from gsal.storage.revisions import add_revisions
from gsal.storage.schema import DecisionRow, ImageRow, MaskHeadRow, MaskRevisionRow, ReaderRow, ReadingRow
from gsal.storage.sharing import hold_pictures
from gsal.storage.writer import Priority

__all__ = ["Decisions"]


class Decisions:
    """Repository of verdicts: all are kept, the last one counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, decision: Decision) -> "Future[Decision]":
        """Keep a verdict, and settle the picture's masks; a UUID is kept once.

        - REVIEW: accepting makes the mask the picture's human one; any other verdict takes that back if
          the human mask is the same reader's. Where the last reader did not accept, no mask of a rule or
          network is the picture's best: nobody knows whether it is inked.
        - VALIDATION: likewise, but only where no other reader's mask stands, and only a mask made for
          validation is taken back.
        - ADJUDICATION: accepting makes the mask the adjudicated one; any other verdict takes that back, and
          leaves the picture without a best mask: the readers' own stay what they are.
        - SECOND_READING, REPEAT: the picture's masks stay as they are.

        Where two reviewed one picture at the same time, on two workstations, the later verdict settles it;
        all verdicts and masks are kept, and whoever was later is told whom they overtook.
        """

        def change(session: Session) -> Decision:
            # Numbers of verdicts on one picture are then in the order in which they settled its masks.
            hold_pictures(session, [decision.image_id])
            known = select(DecisionRow).where(DecisionRow.uuid == decision.uuid)
            row = session.scalar(known) if decision.uuid else None
            if row is not None:
                return _decision(row)
            overtook = _overtaken(session, decision)
            row = _row(decision, _reading_id(session, decision))
            session.add(row)
            session.flush()
            _settle(session, decision)
            return replace(_decision(row), overtook=overtook)

        return self._database.submit(change, Priority.STROKE)

    def accept_many(
        self, new: Sequence[NewMask], *, reader_id: int, known: Sequence[MaskRecord] = ()
    ) -> list[MaskRecord]:
        """Keep a reader's masks of one batch of a job and accept them in review, all in one transaction.

        Args:
            new: At most one of each picture.
            reader_id: Whose they are.
            known: Masks that are kept already and were not accepted yet, of other pictures.

        Returns:
            The records of the new ones in their order.
        """

        def change(session: Session) -> list[MaskRecord]:
            hold_pictures(session, [*(m.image_id for m in new), *(r.image_id for r in known)])
            records = add_revisions(session, new)
            accepted = [*records, *known]
            review, verdict = Purpose.REVIEW, Verdict.ACCEPTED
            decisions = (Decision(r.image_id, reader_id, review, verdict, r.id, 0.0, "") for r in accepted)
            session.add_all(_row(decision, None) for decision in decisions)
            heads: list[Head] = [(r.image_id, REFUSED, None) for r in accepted]
            set_heads(session, [*heads, *((r.image_id, str(MaskSet.HUMAN), r.id) for r in accepted)])
            return records

        return self._database.write(change)

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

    def last_review(self, image_id: int) -> int:
        """Return the number of the last review of a picture, by anyone; 0 if there is none."""
        query = select(func.max(DecisionRow.id)).where(_is_review(image_id))
        with self._database.read() as session:
            return session.scalar(query) or 0

    def latest_by_reader(self, image_id: int) -> list[Decision]:
        """Return the last verdict of each reader for each purpose on a picture, the oldest first."""
        last = (
            select(func.max(DecisionRow.id))
            .where(DecisionRow.image_id == image_id)
            .group_by(DecisionRow.reader_id, DecisionRow.purpose)
        )
        return self._list(DecisionRow.id.in_(last))

    def latest_for(self, purposes: Iterable[Purpose]) -> list[Decision]:
        """Return the last verdict per picture, reader and purpose, for some purposes; the oldest first."""
        last = (
            select(func.max(DecisionRow.id))
            .where(DecisionRow.purpose.in_([str(purpose) for purpose in purposes]))
            .group_by(DecisionRow.image_id, DecisionRow.reader_id, DecisionRow.purpose)
        )
        return self._list(DecisionRow.id.in_(last))

    def _list(self, condition: ColumnElement[bool]) -> list[Decision]:
        with self._database.read() as session:
            rows = session.scalars(select(DecisionRow).where(condition).order_by(DecisionRow.id))
            return [_decision(row) for row in rows]

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

    def read_blind(self, reader_id: int) -> set[int]:
        """Return what a reader has read blind, first or second: of the validation set, what is read."""
        with self._database.read() as session:
            return set(session.scalars(read(decided_by(reader_id, *READ_BLIND))))

    def to_read_blind(self, reader_id: int | None) -> set[int]:
        """Return the pictures a reader has still to read without knowing what others found in them."""
        reader = NOBODY if reader_id is None else reader_id
        is_read = ImageRow.id.in_(read(decided_by(reader, *READ_BLIND)))
        query = select(ImageRow.id).where(is_blind(reader, ImageRow.id), ~is_read)
        with self._database.read() as session:
            return set(session.scalars(query))


def _settle(session: Session, decision: Decision) -> None:
    image_id, is_accepted = decision.image_id, decision.verdict is Verdict.ACCEPTED
    revision_id = decision.revision_id if is_accepted else None
    heads: list[Head] = []
    if decision.purpose is Purpose.ADJUDICATION:
        heads.append((image_id, str(MaskSet.ADJUDICATED), revision_id))
        heads.append((image_id, UNDECIDED, None if is_accepted else _any_mask(session, decision)))
    elif decision.purpose in {Purpose.REVIEW, Purpose.VALIDATION}:
        is_review = decision.purpose is Purpose.REVIEW
        stands = _human(session, image_id)
        is_own = stands is not None and stands[0] == decision.reader_id
        if is_accepted:
            is_moved = is_review or is_own or stands is None
        else:
            is_moved = is_own and (is_review or stands == (decision.reader_id, str(Purpose.VALIDATION)))
        if is_moved:
            heads.append((image_id, str(MaskSet.HUMAN), revision_id))
        if is_review:
            heads.append((image_id, REFUSED, None if is_accepted else _any_mask(session, decision)))
    set_heads(session, heads)


def _is_review(image_id: int) -> ColumnElement[bool]:
    return (DecisionRow.image_id == image_id) & (DecisionRow.purpose == str(Purpose.REVIEW))


def _overtaken(session: Session, decision: Decision) -> str:
    """Return who else reviewed the picture since its reader last looked; "" for nobody."""
    if decision.purpose is not Purpose.REVIEW or decision.seen_id is None:
        return ""
    is_news = (DecisionRow.id > decision.seen_id) & (DecisionRow.reader_id != decision.reader_id)
    query = (
        select(ReaderRow.name)
        .join(DecisionRow, DecisionRow.reader_id == ReaderRow.id)
        .where(_is_review(decision.image_id), is_news)
    )
    return session.scalar(query.order_by(DecisionRow.id.desc()).limit(1)) or ""


def _any_mask(session: Session, decision: Decision) -> int | None:
    """Return the mask a verdict was given on, or else one that it keeps from being the best."""
    if decision.revision_id is not None:
        return decision.revision_id
    query = select(MaskHeadRow.revision_id).where(MaskHeadRow.image_id == decision.image_id)
    return session.scalar(query.order_by(MaskHeadRow.channel).limit(1))


def _human(session: Session, image_id: int) -> tuple[int | None, str] | None:
    """Return who made the picture's human mask, and for what; None if there is none."""
    query = (
        select(MaskRevisionRow.reader_id, MaskRevisionRow.purpose)
        .join(MaskHeadRow, MaskHeadRow.revision_id == MaskRevisionRow.id)
        .where(MaskHeadRow.image_id == image_id, MaskHeadRow.channel == str(MaskSet.HUMAN))
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (row.reader_id, row.purpose)


def _reading_id(session: Session, decision: Decision) -> int | None:
    if not decision.reading_uuid:
        return decision.reading_id
    return numbers(session, ReadingRow, [decision.reading_uuid])[decision.reading_uuid]


def _row(decision: Decision, reading_id: int | None) -> DecisionRow:
    return DecisionRow(
        image_id=decision.image_id,
        reader_id=decision.reader_id,
        purpose=str(decision.purpose),
        verdict=str(decision.verdict),
        revision_id=decision.revision_id,
        active_s=decision.active_s,
        created=decision.created or now(),
        uuid=decision.uuid or None,
        reading_id=reading_id,
    )


def _decision(row: DecisionRow) -> Decision:
    return Decision(
        image_id=row.image_id,
        reader_id=row.reader_id,
        purpose=Purpose(row.purpose),
        verdict=Verdict(row.verdict),
        revision_id=row.revision_id,
        active_s=row.active_s,
        created=row.created,
        uuid=row.uuid or "",
        id=row.id,
        reading_id=row.reading_id,
    )
