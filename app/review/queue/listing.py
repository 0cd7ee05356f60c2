"""What the queue lists, read off the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.review.queue.kinds import BLIND_KINDS
from gsal.project import Project
from gsal.records import ImageRecord, QueueItem, QueueRequest

__all__ = ["QueueListing", "read_queue", "read_records"]


@dataclass(frozen=True, slots=True)
class QueueListing:
    """A queue as it was read.

    Attributes:
        n_pending: Of them, those without a verdict.
        n_pictures: In the whole project.
        n_read: How often its reader has read pictures of it, with those that came again; of blind ones.
        has_uncertainties: Whether it is known of any picture how unsure the network is.
    """

    items: Sequence[QueueItem]
    n_pending: int
    n_pictures: int
    n_read: int
    has_uncertainties: bool = False


def read_queue(project: Project, request: QueueRequest) -> QueueListing:
    """Read a queue with the project's shares."""
    store = project.store
    shares = store.review_settings()
    shared = replace(request, random_share=shares.random_share, repeat_share=shares.repeat_share)
    # Counted first: what is decided in between is then counted once too few, and the next time right.
    n_read = store.queue.count_read(shared) if request.kind in BLIND_KINDS else 0
    items = store.queue.items(shared)
    n_pending = sum(item.verdict is None for item in items)
    is_known = store.images.has_uncertainties()
    return QueueListing(items, n_pending, store.images.count(), n_read, is_known)


def read_records(project: Project, image_ids: Sequence[int]) -> dict[int, ImageRecord]:
    """Read some pictures."""
    return {image.id: image for image in project.store.images.get_many(image_ids)}
