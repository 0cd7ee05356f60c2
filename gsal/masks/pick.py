"""What the three rules come to without a reader, and how far they disagree."""

from collections.abc import Collection, Mapping
from itertools import combinations

import numpy as np

from gsal.arrays import Mask
from gsal.masks.agreement import dice
from gsal.masks.area import MIN_INK_PX, is_inked
from gsal.masks.strokes import joined
from gsal.records import InkRule

__all__ = ["VOTES", "automatic_pick", "decision_px", "disagreement", "is_inked_by_vote"]

VOTES = 2
"""Of three rules, so many make a majority."""


def is_inked_by_vote(proposals: Mapping[InkRule, Mask], *, min_ink_px: float = MIN_INK_PX) -> bool:
    """Whether two of the three rules say "inked" (see `gsal.masks.area.is_inked`)."""
    return sum(is_inked(mask, min_ink_px=min_ink_px) for mask in proposals.values()) >= VOTES


def decision_px(ink_px: Collection[float]) -> float:
    """Give what the vote is cut from: two rules find more ink than any bound below this, and not above it.

    Args:
        ink_px: Of each rule's mask, at the reference size; two at least.

    >>> decision_px([0.0, 250.0, 120.0])
    120.0
    """
    return sorted(ink_px)[-VOTES]


def automatic_pick(proposals: Mapping[InkRule, Mask], *, min_ink_px: float = MIN_INK_PX) -> Mask:
    """Pick the strokes to go on with where no reader has looked.

    Where two of the three rules say "inked", they are the regions that any rule finds and two rules find part
    of; otherwise the picture counts as ink-free. Each rule sees another kind of ink and another part of a
    faint stroke, so what two agree on is too little; what one alone finds is often lesion, hair or cloth.

    Args:
        proposals: (H, W) bool for each rule, all of one shape; at least one.
        min_ink_px: See `gsal.masks.area.is_inked`.

    Returns:
        (H, W) bool.

    >>> from gsal.records import InkRule
    >>> row = lambda text: np.array([[c == "x" for c in text]])
    >>> found = {InkRule.HUE: row("xx...x"), InkRule.LAB: row(".xx..."), InkRule.DARK: row("......")}
    >>> automatic_pick(found, min_ink_px=0).astype(int).tolist()
    [[1, 1, 1, 0, 0, 0]]
    """
    votes = np.asarray(np.sum(list(proposals.values()), axis=0, dtype=np.uint8))
    if not is_inked_by_vote(proposals, min_ink_px=min_ink_px):
        return np.zeros(votes.shape, np.bool_)
    return joined(votes >= VOTES, votes > 0)


def disagreement(proposals: Mapping[InkRule, Mask]) -> float:
    """Give 1 - mean pairwise Dice of the proposals; two empty masks agree fully.

    The queue of the review begins where this is largest: there a reader's look is worth most.

    Returns:
        In [0, 1]; 0 for fewer than two proposals.
    """
    pairs = list(combinations(proposals.values(), 2))
    if not pairs:
        return 0.0
    return 1.0 - sum(_likeness(first, second) for first, second in pairs) / len(pairs)


def _likeness(first: Mask, second: Mask) -> float:
    value = dice(first, second)
    return 1.0 if np.isnan(value) else value
