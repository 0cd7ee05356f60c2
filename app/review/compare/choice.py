"""The masks a reader may choose among, as they are named to this reader."""

from dataclasses import dataclass

from app.review.reading.opening import OpenedPicture
from app.review.reading.proposals import Proposal
from app.review.reading.sizes import at_size
from gsal.editing.painting import Painting

__all__ = ["NOW", "Choice", "choices_of", "painting_of"]

NOW = 0
"""Key of the mask as it is; on the review page the same key empties it."""


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A mask to begin from.

    Attributes:
        key: 1-4 as on the keyboard; `NOW` for the mask as it is.
        title: What this reader may know of it.
        note: How much ink it has; empty where a reader must not know.
        proposal: Its pixels; None for the mask as it is.
    """

    key: int
    title: str
    note: str = ""
    proposal: Proposal | None = None


def choices_of(picture: OpenedPicture) -> tuple[Choice, ...]:
    """Return the mask as it is, and every proposal; a blind reader learns their numbers only (SPEC 4)."""
    return Choice(NOW, "Now"), *(_choice(p, is_blind=picture.is_blind) for p in picture.proposals)


def painting_of(choice: Choice, shape: tuple[int, int]) -> Painting | None:
    """Lay a proposal out at the picture's size, (height, width), for a canvas; may take a while."""
    return None if choice.proposal is None else Painting(at_size(choice.proposal.mask, *shape), depth=1)


def _choice(proposal: Proposal, *, is_blind: bool) -> Choice:
    if is_blind:
        return Choice(proposal.key, str(proposal.key), proposal=proposal)
    name = proposal.record.rule or "BiSeNet"
    note = f"{100 * proposal.ink_share:.1f} % ink"
    return Choice(proposal.key, f"{proposal.key}  {name}", note, proposal)
