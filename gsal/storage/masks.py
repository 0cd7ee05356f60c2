"""Ink masks: revisions that are only added, pixels kept once, and the current one per channel."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future

from sqlalchemy import select
from sqlalchemy.orm import Session

from gsal.errors import NotFoundError
from gsal.records import EncodedMask, MaskRecord, MaskSet, MaskSource, NewMask, Purpose
from gsal.storage.database import Database, now
from gsal.storage.schema import MaskBlobRow, MaskHeadRow, MaskRevisionRow
from gsal.storage.writer import Priority
from gsal.version import __version__

__all__ = ["Masks", "reader_channel", "set_head"]

_CHUNK = 500

_CHANNEL_OF_SOURCE = {
    MaskSource.EXACT: MaskSet.EXACT,
    MaskSource.ADJUDICATED: MaskSet.ADJUDICATED,
    MaskSource.MODEL: MaskSet.NETWORK,
    MaskSource.AUTOMATIC_PICK: MaskSet.RULE,
}
_TRUST = (MaskSet.EXACT, MaskSet.ADJUDICATED, MaskSet.HUMAN, MaskSet.NETWORK, MaskSet.RULE)
"""Which mask set goes before which where a picture has several."""


def reader_channel(reader_id: int, purpose: Purpose) -> str:
    """Return the channel of one reader's work for one purpose; blind readers never meet."""
    return f"reader:{reader_id}:{purpose}"


class Masks:
    """Repository of masks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, mask: NewMask) -> "Future[MaskRecord]":
        """Keep a mask; the future resolves once it is on the disk. A UUID is kept once."""
        return self._database.submit(lambda session: _add(session, [mask])[0], Priority.STROKE)

    def add_many(self, masks: Sequence[NewMask]) -> list[MaskRecord]:
        """Keep the masks of one batch of a job in one transaction."""
        return self._database.write(lambda session: _add(session, masks))

    def load(self, revision_id: int) -> EncodedMask:
        """Return the pixels of a revision, for `gsal.masks.codec.decode`.

        Raises:
            NotFoundError: There is no such revision.
        """
        query = select(MaskBlobRow).join(MaskRevisionRow, MaskRevisionRow.blob_sha256 == MaskBlobRow.sha256)
        with self._database.read() as session:
            row = session.scalar(query.where(MaskRevisionRow.id == revision_id))
            if row is None:
                raise NotFoundError(f"This project has no mask number {revision_id}.")
            return _encoded(row)

    def load_many(self, revision_ids: Iterable[int]) -> dict[int, EncodedMask]:
        """Return the pixels of several revisions by their numbers."""
        wanted = list(revision_ids)
        found: dict[int, EncodedMask] = {}
        with self._database.read() as session:
            for start in range(0, len(wanted), _CHUNK):
                query = (
                    select(MaskRevisionRow.id, MaskBlobRow)
                    .join(MaskBlobRow, MaskRevisionRow.blob_sha256 == MaskBlobRow.sha256)
                    .where(MaskRevisionRow.id.in_(wanted[start : start + _CHUNK]))
                )
                found |= {number: _encoded(row) for number, row in session.execute(query)}
        return found

    def get_many(self, revision_ids: Iterable[int]) -> dict[int, MaskRecord]:
        """Return the records of several revisions by their numbers."""
        wanted = list(revision_ids)
        found: dict[int, MaskRecord] = {}
        with self._database.read() as session:
            for start in range(0, len(wanted), _CHUNK):
                query = select(MaskRevisionRow).where(MaskRevisionRow.id.in_(wanted[start : start + _CHUNK]))
                found |= {row.id: _record(row) for row in session.scalars(query)}
        return found

    def proposals(self, image_id: int) -> list[MaskRecord]:
        """Return the latest mask of each rule, then of the network: what a reader may begin from."""
        query = (
            select(MaskRevisionRow)
            .where(MaskRevisionRow.image_id == image_id, MaskRevisionRow.source.in_(["rule", "model"]))
            .order_by(MaskRevisionRow.id)
        )
        latest: dict[tuple[str, str], MaskRecord] = {}
        with self._database.read() as session:
            for row in session.scalars(query):
                latest[row.source, row.rule] = _record(row)
        order = ["hue", "lab", "dark", ""]
        return sorted(latest.values(), key=lambda m: (m.source != MaskSource.RULE, order.index(m.rule)))

    def proposed(self) -> set[int]:
        """Return the pictures that have masks of all three rules and the pick among them."""
        query = select(MaskHeadRow.image_id).where(MaskHeadRow.channel == MaskSet.RULE)
        with self._database.read() as session:
            return set(session.scalars(query))

    def head(self, image_id: int, reader_id: int, purpose: Purpose) -> MaskRecord | None:
        """Return what a reader last left for a picture."""
        return self._heads([image_id], reader_channel(reader_id, purpose)).get(image_id)

    def best(
        self, image_ids: Iterable[int] | None = None, mask_set: MaskSet = MaskSet.BEST
    ) -> dict[int, MaskRecord]:
        """Return the mask of each picture in a mask set; pictures without one are absent."""
        return self._heads(None if image_ids is None else list(image_ids), str(mask_set))

    def _heads(self, image_ids: list[int] | None, channel: str) -> dict[int, MaskRecord]:
        query = (
            select(MaskRevisionRow)
            .join(MaskHeadRow, MaskHeadRow.revision_id == MaskRevisionRow.id)
            .where(MaskHeadRow.channel == channel)
        )
        with self._database.read() as session:
            if image_ids is None:
                return {row.image_id: _record(row) for row in session.scalars(query)}
            found: dict[int, MaskRecord] = {}
            for start in range(0, len(image_ids), _CHUNK):
                part = query.where(MaskRevisionRow.image_id.in_(image_ids[start : start + _CHUNK]))
                found |= {row.image_id: _record(row) for row in session.scalars(part)}
            return found


def _add(session: Session, masks: Sequence[NewMask]) -> list[MaskRecord]:
    known = {
        row.uuid: row
        for row in session.scalars(
            select(MaskRevisionRow).where(MaskRevisionRow.uuid.in_([m.uuid for m in masks]))
        )
    }
    _add_blobs(session, [m.encoded for m in masks if m.uuid not in known])
    rows = [known.get(m.uuid) or _row(m) for m in masks]
    session.add_all(rows)
    session.flush()
    for mask, row in zip(masks, rows, strict=True):
        if mask.uuid not in known:
            if mask.source is MaskSource.HUMAN and mask.reader_id is not None:
                _point(session, row.image_id, reader_channel(mask.reader_id, mask.purpose), row.id)
            elif mask.source in _CHANNEL_OF_SOURCE:
                set_head(session, row.image_id, _CHANNEL_OF_SOURCE[mask.source], row.id)
    return [_record(row) for row in rows]


def _add_blobs(session: Session, encoded: Sequence[EncodedMask]) -> None:
    new = {e.sha256: e for e in encoded}
    known = session.scalars(select(MaskBlobRow.sha256).where(MaskBlobRow.sha256.in_(new)))
    for sha256 in set(new) - set(known):
        e = new[sha256]
        session.add(
            MaskBlobRow(
                sha256=sha256,
                height=e.height,
                width=e.width,
                top=e.top,
                left=e.left,
                box_height=e.box_height,
                box_width=e.box_width,
                data=e.data,
            )
        )
    session.flush()


def set_head(session: Session, image_id: int, mask_set: MaskSet, revision_id: int | None) -> None:
    """Make a revision the current one of a mask set (None: it has none now), and settle which is best."""
    _point(session, image_id, str(mask_set), revision_id)
    best = next((head for s in _TRUST if (head := session.get(MaskHeadRow, (image_id, str(s))))), None)
    _point(session, image_id, str(MaskSet.BEST), best.revision_id if best else None)


def _point(session: Session, image_id: int, channel: str, revision_id: int | None) -> None:
    head = session.get(MaskHeadRow, (image_id, channel))
    if revision_id is None:
        if head is not None:
            session.delete(head)
    elif head is None:
        session.add(MaskHeadRow(image_id=image_id, channel=channel, revision_id=revision_id, version=1))
    elif head.revision_id != revision_id:
        head.revision_id = revision_id
        head.version += 1
    session.flush()


def _row(mask: NewMask) -> MaskRevisionRow:
    return MaskRevisionRow(
        uuid=mask.uuid,
        image_id=mask.image_id,
        blob_sha256=mask.encoded.sha256,
        source=str(mask.source),
        rule=mask.rule,
        model_id=mask.model_id,
        reader_id=mask.reader_id,
        purpose=str(mask.purpose),
        parent_id=mask.parent_id,
        ink_px=mask.ink_px,
        tool=mask.tool,
        pixels_added=mask.pixels_added,
        pixels_removed=mask.pixels_removed,
        active_s=mask.active_s,
        threshold=mask.threshold,
        app_version=__version__,
        created=now(),
    )


def _record(row: MaskRevisionRow) -> MaskRecord:
    return MaskRecord(
        id=row.id,
        uuid=row.uuid,
        image_id=row.image_id,
        source=MaskSource(row.source),
        rule=row.rule,
        model_id=row.model_id,
        reader_id=row.reader_id,
        purpose=Purpose(row.purpose),
        parent_id=row.parent_id,
        ink_px=row.ink_px,
        sha256=row.blob_sha256,
        threshold=row.threshold,
        created=row.created,
    )


def _encoded(row: MaskBlobRow) -> EncodedMask:
    return EncodedMask(
        height=row.height,
        width=row.width,
        top=row.top,
        left=row.left,
        box_height=row.box_height,
        box_width=row.box_width,
        data=row.data,
        sha256=row.sha256,
    )
