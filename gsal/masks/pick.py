"""Choosing among the three rules without a reader, and how far they disagree."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from gsal.arrays import Mask
from gsal.masks.agreement import dice
from gsal.masks.area import MIN_INK_PX, is_inked
from gsal.records import InkRule

__all__ = ["automatic_pick", "disagreement"]

_VOTES = 2


def automatic_pick(
    proposals: Mapping[InkRule, Mask], *, min_ink_px: float = MIN_INK_PX
) -> tuple[InkRule | None, Mask]:
    """Pick the proposal to go on with where no reader has looked.

    Where two of the three rules say "inked", it is the inked one whose mean Dice with all others is largest
    (ties: the earlier rule); otherwise the picture counts as ink-free.

    Args:
        proposals: (H, W) bool for each rule, all of one shape; at least one.
        min_ink_px: See `gsal.masks.area.is_inked`.

    Returns:
        The rule and its mask, or None and an empty mask.
    """
    inked = [rule for rule, mask in proposals.items() if is_inked(mask, min_ink_px=min_ink_px)]
    if len(inked) < _VOTES:
        return None, np.zeros_like(next(iter(proposals.values())))
    score = {rule: sum(_likeness(proposals[rule], mask) for mask in proposals.values()) for rule in inked}
    best = max(inked, key=lambda rule: score[rule])
    return best, proposals[best]


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
