"""On how many pictures a network's mask is as good as a second person's (SPEC 4)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from statistics import fmean

from gsal.masks.proportions import Proportion, wilson
from gsal.masks.reader_agreement import Measured, figures

__all__ = ["MARGIN", "HumanLevel", "Read", "Standing", "human_level", "majority", "read"]

MARGIN = 0.05
"""How far below the readers' own Dice a network's may lie."""


class Standing(StrEnum):
    """How a picture enters the share at human level."""

    JUDGED = "judged"
    TIED = "tied"
    """The readers are tied on ink and no adjudicated mask decides."""


@dataclass(frozen=True, slots=True)
class Read:
    """A network's mask of one picture beside those of its readers.

    Attributes:
        standing: Whether it counts.
        is_inked: What the readers' majority says, or the adjudicated mask where they are tied.
        is_decided_alike: Whether the network says the same.
        is_unanimous: Whether all readers say the same.
        is_by_adjudication: Whether the adjudicated mask had to decide.
        model_dice, model_nsd: The network with each reader, the mean; NaN where no pair has ink.
        human_dice, human_nsd: Each two readers, the mean.
        is_at_human_level: The decision is the readers' and, on an inked picture, the network's Dice is not
            more than `MARGIN` below theirs.
    """

    standing: Standing
    is_inked: bool
    is_decided_alike: bool
    is_unanimous: bool
    is_by_adjudication: bool
    model_dice: float
    model_nsd: float
    human_dice: float
    human_nsd: float
    is_at_human_level: bool


@dataclass(frozen=True, slots=True)
class HumanLevel:
    """Shares of the pictures with two readers or more that are at human level, with Wilson's intervals.

    Attributes:
        inked, ink_free: Apart by what the readers say.
        all: Both.
        tied: Pictures left out: their readers are tied on ink, and nobody adjudicated.
        by_adjudication: Pictures that counted as their adjudicated mask says.
    """

    inked: Proportion
    ink_free: Proportion
    all: Proportion
    tied: int
    by_adjudication: int


def majority(decisions: Iterable[bool]) -> bool | None:
    """Return what more than half of the readers say of ink; None when they are tied.

    >>> majority([True, True, False]), majority([True, False])
    (True, None)
    """
    counts = Counter(decisions)
    return None if counts[True] == counts[False] else counts[True] > counts[False]


def read(model: Measured, readers: Sequence[Measured], *, adjudicated: bool | None = None) -> Read:
    """Judge a network's mask of one picture by those of its readers, all of one size.

    Args:
        model: The network's.
        readers: Two or more.
        adjudicated: Whether the adjudicated mask is inked; None where there is none. Only a tie asks it.

    Raises:
        ValueError: There are fewer than two readers.
    """
    if len(readers) < 2:
        raise ValueError(f"human level needs two readers, got {len(readers)}")
    agreed = majority(one.is_inked for one in readers)
    is_inked = adjudicated if agreed is None else agreed
    with_model = [figures(model, one) for one in readers]
    between = [figures(one, other) for one, other in combinations(readers, 2)]
    model_dice = _mean([one.dice for one in with_model])
    human_dice = _mean([one.dice for one in between])
    is_alike = is_inked is not None and model.is_inked == is_inked
    return Read(
        standing=Standing.TIED if is_inked is None else Standing.JUDGED,
        is_inked=bool(is_inked),
        is_decided_alike=is_alike,
        is_unanimous=len({one.is_inked for one in readers}) == 1,
        is_by_adjudication=agreed is None and is_inked is not None,
        model_dice=model_dice,
        model_nsd=_mean([one.nsd for one in with_model]),
        human_dice=human_dice,
        human_nsd=_mean([one.nsd for one in between]),
        is_at_human_level=is_alike and (not is_inked or model_dice >= human_dice - MARGIN),
    )


def human_level(pictures: Sequence[Read]) -> HumanLevel | None:
    """Give the shares at human level; None when there is no picture with two readers."""
    if not pictures:
        return None
    judged = [one for one in pictures if one.standing is Standing.JUDGED]
    inked = [one for one in judged if one.is_inked]
    free = [one for one in judged if not one.is_inked]
    return HumanLevel(
        inked=_share(inked),
        ink_free=_share(free),
        all=_share(judged),
        tied=len(pictures) - len(judged),
        by_adjudication=sum(one.is_by_adjudication for one in judged),
    )


def _share(pictures: Sequence[Read]) -> Proportion:
    return wilson(sum(one.is_at_human_level for one in pictures), len(pictures))


def _mean(values: Sequence[float]) -> float:
    defined = [value for value in values if value == value]
    return fmean(defined) if defined else float("nan")
