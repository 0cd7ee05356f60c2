"""What covers some of the audited pictures only, and by how many."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Kind", "Shortfall"]


class Kind(StrEnum):
    """What is not complete.

    SALIENCY is left out of an audit until it is; of PLACEBO and ANSWERS the part there is counts.
    """

    SALIENCY = "saliency"
    PLACEBO = "placebo"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Something of one model that covers fewer pictures than it should.

    Attributes:
        kind: What it is.
        model: Whose.
        of: Slug of the saliency method, or of the variant that was answered; "" for all methods.
        n: Pictures covered, over their present masks.
        expected: All that judge the model, or, of a placebo and of answers, those of them with ink.
    """

    kind: Kind
    model: str
    of: str
    n: int
    expected: int
