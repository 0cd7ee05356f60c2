"""What training again brought, from a job's result to what the window shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from app.segmenter.measured import Figure, figures_of
from app.segmenter.words import compared, signed_text

__all__ = ["Retrained"]


_NOTHING = "No picture that neither network has seen has a person's mask, so nothing is compared."


@dataclass(frozen=True, slots=True)
class Retrained:
    """A network, the one that was trained after it, and both on the same unseen pictures.

    Attributes:
        before, after: Figures by metric.
        difference: After minus before, by metric.
        pictures: How many both were measured on.
        judged_on: Which those are, in words; "" when there were none.
        is_masking: Whether the new network masks the project's pictures now.
    """

    old: str
    new: str
    before: dict[str, Figure]
    after: dict[str, Figure]
    difference: dict[str, Figure]
    reviews_since: int
    pictures: int
    judged_on: str
    is_masking: bool

    @classmethod
    def from_json(cls, result: Mapping[str, Any]) -> Self:
        """Return what a job's result says."""
        return cls(
            old=str(result["old"]),
            new=str(result["model"]),
            before=figures_of(result.get("before") or {}),
            after=figures_of(result.get("after") or {}),
            difference=figures_of(result.get("difference") or {}),
            reviews_since=int(result["reviews_since"]),
            pictures=int(result.get("pictures") or 0),
            judged_on=str(result.get("judged_on") or ""),
            is_masking=bool(result.get("is_masking")),
        )

    @property
    def sentence(self) -> str:
        """What it brought, in words."""
        reviewed = f"{self.reviews_since:,} picture{'' if self.reviews_since == 1 else 's'} reviewed since."
        masking = f" {self.new if self.is_masking else self.old} masks the project."
        if not self.judged_on:
            return f"{reviewed} {_NOTHING}{masking}"
        dice = self.difference.get("dice")
        change = f": Dice {signed_text(dice)}" if dice is not None and dice.is_known else ""
        said = f"{self.new} is {compared(dice)} {self.old}{change}, on {self.judged_on}."
        return f"{said} {reviewed}{masking}"
