"""The masks that changes on their way to the disk lead to, to be kept with them."""

import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path

from app.review.reading.desk import Desk
from app.review.reading.entries import Entry, Origin, Revision, reading_of
from app.review.reading.returning import Return
from gsal.records import NewMask, Purpose

__all__ = ["snapshots"]


def snapshots(
    entries: Iterable[Entry], desks: Mapping[str, Desk], works: Iterable[Return]
) -> dict[str, Revision | NewMask]:
    """Return the masks as they are now, by a name that is each picture's own.

    Args:
        entries: What is on its way.
        desks: Where each was made, by its UUID.
        works: What came back from a copy, with the masks that lay in it.
    """
    found: dict[str, Revision | NewMask] = {}
    readings: dict[Desk, str] = {}
    for entry in entries:
        if (desk := desks.get(entry.uuid)) is not None:
            readings[desk] = reading_of(entry) or readings.get(desk, "")
    for desk, reading_uuid in readings.items():
        found[_name(desk.key, desk.picture.image.name)] = _snapshot(desk, reading_uuid)
    for number, work in enumerate(works, start=1):
        if work.state is not None:
            found[f"{number}-returned-{work.state.image_id}-{work.state.purpose}"] = work.state
    return found


def _name(key: tuple[int, Purpose, int | None], picture: str) -> str:
    image_id, purpose, reader_id = key
    return f"{image_id}-{purpose}-reader{reader_id}-{Path(picture).stem}"


def _snapshot(desk: Desk, reading_uuid: str) -> Revision:
    image_id, purpose, reader_id = desk.key
    origin = Origin(
        uuid=str(uuid.uuid4()),
        image_id=image_id,
        reader_id=reader_id,
        purpose=purpose,
        parent_id=desk.begin_id,
        active_s=desk.active.seconds,
        reading_uuid=reading_uuid or None,
    )
    return Revision(desk.painting.mask, desk.begin_mask() if desk.begin_id else None, origin)
