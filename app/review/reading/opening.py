"""A picture as it is shown to its reader."""

from dataclasses import dataclass

from app.review.canvas.pyramid import Pyramid
from app.review.reading.proposals import Proposal
from app.review.reading.sizes import at_size
from gsal.arrays import RgbImage
from gsal.records import ImageRecord, QueueItem, Verdict

__all__ = ["OpenedPicture", "Proposal", "at_size"]


@dataclass(frozen=True, slots=True, eq=False)
class OpenedPicture:
    """A picture ready to be looked at.

    Attributes:
        item: What it was opened for.
        proposals: Those that may be seen.
        is_blind: Whether no names, scores or networks may be shown: the reading is for judging them.
        is_blank_start: Whether it belongs to the share that begins empty.
        verdict: The reader's last one.
        origin: Where the mask came from, in words.
        seen_id: The last review of it when it was opened; None where a reader must not know of any.
        notice: What is damaged, in words; "" when nothing is.
    """

    image: ImageRecord
    item: QueueItem
    pyramid: Pyramid
    proposals: tuple[Proposal, ...]
    is_blind: bool
    is_blank_start: bool
    verdict: Verdict | None
    origin: str
    seen_id: int | None = None
    notice: str = ""

    @property
    def rgb(self) -> RgbImage:
        """(H, W, 3) uint8, for tools that look at colours; a view."""
        return self.pyramid.rgb

    def proposal(self, key: int) -> Proposal | None:
        """Return the proposal on a key."""
        return next((p for p in self.proposals if p.key == key), None)
