"""Adding mask revisions: pixels once, rows only ever added, the current ones settled."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from gsal.records import EncodedMask, EncodedProbabilities, MaskRecord, MaskSet, MaskSource, NewMask, Purpose
from gsal.storage.database import now
from gsal.storage.heads import Head, reader_channel, set_heads
from gsal.storage.readings import numbers
from gsal.storage.schema import MaskBlobRow, MaskRevisionRow, ProbabilityRow, ReadingRow, StepRow
from gsal.storage.sharing import hold_pictures
from gsal.version import __version__

__all__ = ["add_revisions", "mask_record"]

_SET_OF_SOURCE = {
    MaskSource.EXACT: MaskSet.EXACT,
    MaskSource.MODEL: MaskSet.NETWORK,
    MaskSource.AUTOMATIC_PICK: MaskSet.RULE,
}
"""What is current in a mask set as soon as it is kept; a reader's mask waits for the decision."""


def add_revisions(session: Session, masks: Sequence[NewMask]) -> list[MaskRecord]:
    """Add masks, those with a known UUID excepted, and make them current where they are to be at once.

    Returns:
        The records of all of them in their order.

    Raises:
        NotFoundError: A mask names a reading or a step that was never kept.
    """
    hold_pictures(session, (mask.image_id for mask in masks))
    known = {
        row.uuid: row
        for row in session.scalars(
            select(MaskRevisionRow).where(MaskRevisionRow.uuid.in_([m.uuid for m in masks]))
        )
    }
    new = [m for m in masks if m.uuid not in known]
    _add_blobs(session, [m.encoded for m in new])
    readings = numbers(session, ReadingRow, (m.reading_uuid for m in new))
    steps = numbers(session, StepRow, (m.step_uuid for m in new))
    added = {m.uuid: _row(m, readings, steps) for m in new}
    session.add_all(added.values())
    session.flush()
    _add_probabilities(session, [(added[m.uuid].id, m.probabilities) for m in new])
    set_heads(session, [head for m in new for head in _heads(m, added[m.uuid].id)])
    return [mask_record(known.get(m.uuid) or added[m.uuid]) for m in masks]


def _heads(mask: NewMask, revision_id: int) -> Iterator[Head]:
    if mask.source in _SET_OF_SOURCE:
        if mask.is_current:
            yield mask.image_id, str(_SET_OF_SOURCE[mask.source]), revision_id
    elif mask.reader_id is not None and mask.is_current:
        yield mask.image_id, reader_channel(mask.reader_id, mask.purpose), revision_id


def _add_blobs(session: Session, encoded: Sequence[EncodedMask]) -> None:
    new = {e.sha256: e for e in encoded}
    known = session.scalars(select(MaskBlobRow.sha256).where(MaskBlobRow.sha256.in_(new)))
    # In one order: two programs that add the same pixels then wait, and never for each other.
    for sha256 in sorted(set(new) - set(known)):
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


def _add_probabilities(session: Session, new: Sequence[tuple[int, EncodedProbabilities | None]]) -> None:
    for revision_id, encoded in new:
        if encoded is not None:
            session.add(
                ProbabilityRow(
                    revision_id=revision_id,
                    height=encoded.height,
                    width=encoded.width,
                    levels=encoded.levels,
                    sha256=encoded.sha256,
                    data=encoded.data,
                )
            )
    session.flush()


def _row(mask: NewMask, readings: Mapping[str, int], steps: Mapping[str, int]) -> MaskRevisionRow:
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
        reading_id=readings.get(mask.reading_uuid or ""),
        step_id=steps.get(mask.step_uuid or ""),
        settings=mask.settings,
        app_version=__version__,
        created=now(),
    )


def mask_record(row: MaskRevisionRow) -> MaskRecord:
    """Return a revision's row as plain data."""
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
        reading_id=row.reading_id,
        step_id=row.step_id,
        tool=row.tool,
        pixels_added=row.pixels_added,
        pixels_removed=row.pixels_removed,
        active_s=row.active_s,
        settings=row.settings,
    )
