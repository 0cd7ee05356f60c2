"""A sentence of an audit, and how strong it is."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Finding", "Key", "Strength", "strength_of"]

Key = tuple[str, str, str]
"""Model, method and aggregator."""

_LEVEL, _STRONG = 0.05, 0.001


class Strength(StrEnum):
    """How far a sentence goes: never further than its test.

    STRONG and CLEAR claim an effect, at P < .001 and P < .05; NONE says that none was found; UNDEFINED that
    nothing can be said, and why; NOTE tells what the figures rest on.
    """

    STRONG = "strong"
    CLEAR = "clear"
    NONE = "none"
    UNDEFINED = "undefined"
    NOTE = "note"

    @property
    def is_claim(self) -> bool:
        """Whether an effect is claimed."""
        return self in {Strength.STRONG, Strength.CLEAR}

    @property
    def words(self) -> str:
        """What a claim of this strength is called; "" where the sentence says it itself."""
        return {Strength.STRONG: "Strong evidence", Strength.CLEAR: "Evidence"}.get(self, "")


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence or two under a heading.

    Attributes:
        topic: The heading.
        text: The sentences.
        strength: How strong they are.
        model: That they are about; "" for several.
    """

    topic: str
    text: str
    strength: Strength = Strength.NOTE
    model: str = ""


def strength_of(p_value: float) -> Strength:
    """Return how strong a claim with this P is, adjusted for the others beside it.

    >>> [strength_of(p).value for p in (0.0001, 0.02, 0.2, float("nan"))]
    ['strong', 'clear', 'none', 'undefined']
    """
    if p_value != p_value:
        return Strength.UNDEFINED
    if p_value < _STRONG:
        return Strength.STRONG
    return Strength.CLEAR if p_value < _LEVEL else Strength.NONE
