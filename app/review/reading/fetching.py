"""Everything the review of one picture needs, read in one go off the window's thread."""

import time
from dataclasses import dataclass

from app.review.canvas.pyramid import Pyramid
from app.review.reading.desk import Desk
from app.review.reading.opening import OpenedPicture
from app.review.reading.proposals import read_proposals
from app.review.reading.resuming import Start, from_nothing, from_revision, resume
from gsal.arrays import RgbImage
from gsal.errors import ImageError, ProjectDamaged
from gsal.jobs.masks.making import read_picture
from gsal.project import Project
from gsal.records import Decision, ImageRecord, MaskRecord, MaskSet, MaskSource, Purpose, QueueItem, Reading

__all__ = ["open_desk"]

_DAMAGED = "Strokes of yours are damaged. This is your mask as it was last kept whole."
_BEGINNINGS = (MaskSet.EXACT, MaskSet.NETWORK, MaskSet.RULE)
"""What a review begins from, the first there is: never what another person made of the picture."""
_LOST = "Your mask is damaged. Begin anew, or restore the project's database from a backup."


@dataclass(frozen=True, slots=True)
class _Own:
    """What one reader left of a picture for one purpose."""

    reading: Reading | None = None
    head: MaskRecord | None = None
    decision: Decision | None = None

    @property
    def resumable(self) -> Reading | None:
        """The reading, unless a later mask took its place: one that was imported, say."""
        reading, head = self.reading, self.head
        is_last = (
            reading is None or head is None or head.id == reading.start_id or head.reading_id == reading.id
        )
        return reading if is_last else None


def open_desk(project: Project, item: QueueItem, reader_id: int | None) -> Desk:
    """Read picture, proposals and the reader's last state, with every step that can be undone.

    A REVIEW goes on with the reader's own work, else begins from the exact mask, the network's, the rule's,
    or empty. Readings for any other purpose are blind: they begin empty, see unnamed rules and no network.

    Raises:
        ImageError: The picture is gone, was changed, or cannot be read.
    """
    read_at = time.monotonic()
    image = project.store.images.get(item.image_id)
    own = _own(project, item, reader_id)
    picture = _picture(project, image, has_own=own.head is not None or own.reading is not None)
    is_blind = item.purpose is not Purpose.REVIEW
    is_blank = not is_blind and _is_blank(project, image)
    start, notices, origin = _start(project, item, own, picture.shape[:2], is_blank=is_blank)
    proposals, damaged = read_proposals(project, image.id, has_network=not is_blind)
    opened = OpenedPicture(
        image=image,
        item=item,
        pyramid=Pyramid(picture),
        proposals=proposals,
        is_blind=is_blind,
        is_blank_start=is_blank,
        verdict=own.decision.verdict if own.decision else None,
        origin=origin,
        seen_id=None if is_blind else project.store.decisions.last_review(image.id),
        notice=" ".join((*notices, *damaged)),
    )
    return Desk(opened, start, reader_id=reader_id, head=own.head, read_at=read_at)


def _own(project: Project, item: QueueItem, reader_id: int | None) -> _Own:
    if reader_id is None:
        return _Own()
    key = item.image_id, reader_id, item.purpose
    store = project.store
    return _Own(store.readings.latest(*key), store.masks.head(*key), store.decisions.latest(*key))


def _picture(project: Project, image: ImageRecord, *, has_own: bool) -> RgbImage:
    try:
        return read_picture(project, image)
    except ImageError as error:
        if not has_own:
            raise
        kept = f"{error.remedy} Your mask of it is kept.".strip()
        raise ImageError(error.path, error.reason, kept) from error


def _is_blank(project: Project, image: ImageRecord) -> bool:
    # A fixed share by content: the same pictures for every reader, and none chosen by anybody.
    return int(image.sha256[12:16], 16) / 65536 < project.store.review_settings().blank_share


def _start(
    project: Project, item: QueueItem, own: _Own, shape: tuple[int, int], *, is_blank: bool
) -> tuple[Start, tuple[str, ...], str]:
    """Return the state to open in, what is to be said about it, and where it comes from in words."""
    notices: tuple[str, ...] = ()
    if own.resumable is not None:
        try:
            return resume(project, own.resumable, own.head), notices, "your mask"
        except ProjectDamaged:
            notices = (_DAMAGED if own.head else _LOST,)
    if own.head is not None:
        try:
            return from_revision(project, own.head, shape), notices, "your mask"
        except ProjectDamaged:
            notices = (_LOST,)
    if item.purpose is not Purpose.REVIEW or is_blank:
        return from_nothing(shape), notices, "empty to begin with"
    for mask_set in _BEGINNINGS:
        record = project.store.masks.best([item.image_id], mask_set).get(item.image_id)
        if record is None:
            continue
        try:
            return from_revision(project, record, shape), notices, f"from: {_source_text(record)}"
        except ProjectDamaged:
            notices = (*notices, f"The mask to begin with ({_source_text(record)}) is damaged.")
    return from_nothing(shape), notices, "no mask yet"


def _source_text(record: MaskRecord) -> str:
    match record.source:
        case MaskSource.RULE:
            return f"rule {record.rule}"
        case MaskSource.AUTOMATIC_PICK:
            return f"automatic pick {record.rule}".rstrip()
        case MaskSource.MODEL:
            return "BiSeNet"
        case _:
            return f"{record.source} mask"
