"""The pictures and masks that the figures of one model rest on, so that two audits can be told apart."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

__all__ = ["Footing", "footing_of"]


@dataclass(frozen=True, slots=True)
class Footing:
    """What was audited of one model.

    Attributes:
        n: Pictures that judge it, each with its mask.
        sources: How many of the masks were made by what, by name.
        sha256: Of the pictures' numbers and the masks' hashes: equal for the same pictures and masks.
    """

    model: str
    n: int
    sources: dict[str, int]
    sha256: str


def footing_of(
    model: str, image_ids: Collection[int], *, masks: Mapping[int, str], sources: dict[str, int]
) -> Footing:
    """Return it, whatever the order of the pictures.

    Args:
        model: Whose.
        image_ids: Pictures that judge it.
        masks: SHA-256 of the mask of each.
        sources: How many of them were made by what.
    """
    digest = sha256("\n".join(f"{i} {masks[i]}" for i in sorted(image_ids)).encode()).hexdigest()
    return Footing(model, len(image_ids), sources, digest)
