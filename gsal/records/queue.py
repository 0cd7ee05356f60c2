"""Which pictures a reader sees, in which order, and for what."""

from dataclasses import dataclass
from enum import StrEnum

from gsal.records.masks import Purpose, Verdict

__all__ = ["QueueItem", "QueueKind", "QueueOrder", "QueueRequest", "ReviewSettings"]


class QueueKind(StrEnum):
    """What waits to be read."""

    REVIEW = "review"
    VALIDATION = "validation"
    FLAGGED = "flagged"
    SECOND_READING = "second-reading"
    ADJUDICATION = "adjudication"


class QueueOrder(StrEnum):
    """DISAGREEMENT puts first where the rules differ most, UNCERTAINTY where the network is least certain.

    Both have a random share in between.
    """

    DISAGREEMENT = "disagreement"
    UNCERTAINTY = "uncertainty"
    NAME = "name"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class QueueRequest:
    """Asks for a queue.

    Attributes:
        reader_id: Whose; None before anyone said who reads.
        random_share: Of the pictures, placed at random between those ordered by disagreement or uncertainty.
        repeat_share: Of the pictures this reader has read, shown again without saying so.
        label: Only pictures of this class.
        inked: Only pictures with (True) or without (False) ink, as this reader may know it; those without
            any mask are neither.
        name_contains: Only pictures whose path has this in it, whatever the case.
        is_pending_only: Only what is still to decide.
    """

    kind: QueueKind
    reader_id: int | None
    order: QueueOrder = QueueOrder.DISAGREEMENT
    random_share: float = 0.2
    repeat_share: float = 0.05
    label: str | None = None
    inked: bool | None = None
    name_contains: str = ""
    is_pending_only: bool = False


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A picture in a queue.

    Attributes:
        purpose: What this reader opens it for; a REPEAT hides among the others.
        verdict: What was decided so far; None while it is pending.
    """

    image_id: int
    purpose: Purpose
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """How a project is reviewed, each a share from 0 to 1.

    Attributes:
        random_share: Of the pictures, placed at random in a queue by disagreement or uncertainty.
        blank_share: Of the pictures, begun empty instead of with a proposal.
        repeat_share: Of the pictures read blind, shown to their reader again.
    """

    random_share: float = 0.2
    blank_share: float = 0.1
    repeat_share: float = 0.05
