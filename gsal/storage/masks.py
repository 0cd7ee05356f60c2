"""Ink masks: revisions that are only added, pixels kept once, and the current one per channel."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future

from sqlalchemy import exists, func, select

from gsal.errors import NotFoundError
from gsal.records import (
    EncodedMask,
    EncodedProbabilities,
    MaskRecord,
    MaskSet,
    MaskSource,
    MaskTable,
    NewMask,
    Purpose,
)
from gsal.storage.columns import read_columns
from gsal.storage.database import Database
from gsal.storage.heads import REFUSED, UNDECIDED, reader_channel
from gsal.storage.revisions import add_revisions, mask_record
from gsal.storage.schema import ImageRow, MaskBlobRow, MaskHeadRow, MaskRevisionRow, ProbabilityRow
from gsal.storage.writer import Priority

__all__ = ["Masks"]

_CHUNK = 500


class Masks:
    """Repository of masks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, mask: NewMask) -> "Future[MaskRecord]":
        """Keep a mask; the future resolves once it is on the disk. A UUID is kept once."""
        return self._database.submit(lambda session: add_revisions(session, [mask])[0], Priority.STROKE)

    def add_many(self, masks: Sequence[NewMask]) -> list[MaskRecord]:
        """Keep the masks of one batch of a job in one transaction."""
        return self._database.write(lambda session: add_revisions(session, masks))

    def count(self) -> int:
        """Return the number of revisions."""
        with self._database.read() as session:
            return session.scalar(select(func.count()).select_from(MaskRevisionRow)) or 0

    def missing(self) -> int:
        """Return how many pictures have no mask of any kind."""
        has_mask = exists().where(MaskHeadRow.image_id == ImageRow.id)
        query = select(func.count()).select_from(ImageRow).where(~has_mask)
        with self._database.read() as session:
            return session.scalar(query) or 0

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

    def probabilities(self, revision_id: int) -> EncodedProbabilities | None:
        """Return what a network's mask was cut from, for `gsal.masks.probabilities`; None if not kept."""
        with self._database.read() as session:
            row = session.get(ProbabilityRow, revision_id)
            return (
                None
                if row is None
                else EncodedProbabilities(row.height, row.width, row.levels, row.data, row.sha256)
            )

    def find(self, uuid: str) -> MaskRecord | None:
        """Return the record of the revision that its client gave this UUID."""
        with self._database.read() as session:
            row = session.scalar(select(MaskRevisionRow).where(MaskRevisionRow.uuid == uuid))
            return None if row is None else mask_record(row)

    def get_many(self, revision_ids: Iterable[int]) -> dict[int, MaskRecord]:
        """Return the records of several revisions by their numbers."""
        wanted = list(revision_ids)
        found: dict[int, MaskRecord] = {}
        with self._database.read() as session:
            for start in range(0, len(wanted), _CHUNK):
                query = select(MaskRevisionRow).where(MaskRevisionRow.id.in_(wanted[start : start + _CHUNK]))
                found |= {row.id: mask_record(row) for row in session.scalars(query)}
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
                latest[row.source, row.rule] = mask_record(row)
        order = ["hue", "lab", "dark", ""]
        return sorted(latest.values(), key=lambda m: (m.source != MaskSource.RULE, order.index(m.rule)))

    def by_rule(self, image_ids: Iterable[int] | None = None) -> dict[int, dict[str, MaskRecord]]:
        """Return the latest mask of each rule, by the rule's name, of each picture that has any."""
        query = (
            select(MaskRevisionRow)
            .where(MaskRevisionRow.source == str(MaskSource.RULE))
            .order_by(MaskRevisionRow.id)
        )
        wanted = None if image_ids is None else set(image_ids)
        found: dict[int, dict[str, MaskRecord]] = {}
        with self._database.read() as session:
            for row in session.scalars(query):
                if wanted is None or row.image_id in wanted:
                    found.setdefault(row.image_id, {})[row.rule] = mask_record(row)
        return found

    def refused(self) -> set[int]:
        """Return the pictures whose last review, or adjudication, did not accept a mask."""
        query = select(MaskHeadRow.image_id).where(MaskHeadRow.channel.in_([REFUSED, UNDECIDED]))
        with self._database.read() as session:
            return set(session.scalars(query))

    def head(self, image_id: int, reader_id: int, purpose: Purpose) -> MaskRecord | None:
        """Return what a reader last left for a picture."""
        return self.heads([image_id], reader_id, purpose).get(image_id)

    def heads(self, image_ids: Iterable[int], reader_id: int, purpose: Purpose) -> dict[int, MaskRecord]:
        """Return what a reader last left for each of the pictures; those with nothing left are absent."""
        return self._current(list(image_ids), reader_channel(reader_id, purpose))

    def best(
        self, image_ids: Iterable[int] | None = None, mask_set: MaskSet = MaskSet.BEST
    ) -> dict[int, MaskRecord]:
        """Return the mask of each picture in a mask set; pictures without one are absent."""
        return self._current(None if image_ids is None else list(image_ids), str(mask_set))

    def table(self, mask_set: MaskSet) -> MaskTable:
        """Return the mask of each picture in a mask set, as columns."""
        query = (
            select(MaskHeadRow.image_id, MaskRevisionRow.blob_sha256, MaskRevisionRow.source)
            .join(MaskRevisionRow, MaskHeadRow.revision_id == MaskRevisionRow.id)
            .where(MaskHeadRow.channel == str(mask_set))
        )
        with self._database.read() as session:
            return MaskTable(*map(tuple, read_columns(session, query)))

    def hashes(self, mask_set: MaskSet) -> dict[int, str]:
        """Return the SHA-256 of each picture's mask in a mask set; pictures without one are absent."""
        return self.table(mask_set).hashes

    def by_model(self, model_id: int) -> dict[int, MaskRecord]:
        """Return the latest mask that a network made of each picture, whichever mask is current there."""
        query = select(MaskRevisionRow).where(MaskRevisionRow.model_id == model_id)
        with self._database.read() as session:
            rows = session.scalars(query.order_by(MaskRevisionRow.id))
            return {row.image_id: mask_record(row) for row in rows}

    def _current(self, image_ids: list[int] | None, channel: str) -> dict[int, MaskRecord]:
        query = (
            select(MaskRevisionRow)
            .join(MaskHeadRow, MaskHeadRow.revision_id == MaskRevisionRow.id)
            .where(MaskHeadRow.channel == channel)
        )
        with self._database.read() as session:
            if image_ids is None:
                return {row.image_id: mask_record(row) for row in session.scalars(query)}
            found: dict[int, MaskRecord] = {}
            for start in range(0, len(image_ids), _CHUNK):
                part = query.where(MaskRevisionRow.image_id.in_(image_ids[start : start + _CHUNK]))
                found |= {row.image_id: mask_record(row) for row in session.scalars(part)}
            return found


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
