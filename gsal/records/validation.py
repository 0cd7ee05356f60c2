"""The set of pictures that networks are judged on and never trained on."""

from dataclasses import dataclass

__all__ = ["ValidationMember", "ValidationSet"]


@dataclass(frozen=True, slots=True)
class ValidationSet:
    """The project's validation set.

    Attributes:
        n_wanted: Pictures it should have.
        seed: It was chosen with.
        locked: When it was locked; None while it can change.
        locked_by: The reader who locked it.
    """

    n_wanted: int
    seed: int
    created: str
    locked: str | None
    locked_by: int | None


@dataclass(frozen=True, slots=True)
class ValidationMember:
    """A picture of it.

    Attributes:
        stratum: What it stands for, e.g. "ink, MEL, high"; "" when added by hand.
        position: Its place in the order of reading.
    """

    image_id: int
    stratum: str
    position: int
