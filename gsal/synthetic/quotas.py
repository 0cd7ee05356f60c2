"""How many lesions of each class a benchmark holds, and the class of each of its scenes."""

from collections.abc import Mapping

import numpy as np

from gsal.errors import GsalError
from gsal.synthetic.traits import PREVALENCE

__all__ = ["class_counts", "scene_labels"]


def class_counts(n: int, *, prevalence: Mapping[str, float] = PREVALENCE) -> dict[str, int]:
    """Share n lesions out among the classes by the method of largest remainders.

    Args:
        n: Lesions in all.
        prevalence: Weight of each class; they need not sum to 1.

    Returns:
        Lesions per class in the order of `prevalence`; they sum to n, each within 1 of its exact share.

    Raises:
        GsalError: n is negative, or the weights are.

    >>> class_counts(10)
    {'MEL': 1, 'NV': 3, 'BCC': 2, 'SCC': 1, 'AK': 1, 'SK': 1, 'Other': 1}
    """
    weights = np.array(list(prevalence.values()), np.float64)
    if n < 0 or not weights.size or weights.min() < 0 or weights.sum() <= 0:
        raise GsalError(f"{n} lesions cannot be shared out by {dict(prevalence)}. Use positive numbers.")
    exact = weights / weights.sum() * n
    counts = np.floor(exact).astype(int)
    largest = np.argsort(-(exact - counts), kind="stable")
    counts[largest[: n - int(counts.sum())]] += 1
    return dict(zip(prevalence, counts.tolist(), strict=True))


def scene_labels(n: int, seed: int) -> list[str]:
    """Return the class of each of n scenes: exact quotas after `PREVALENCE`, shuffled by the seed."""
    labels = [label for label, count in class_counts(n).items() for _ in range(count)]
    order = np.random.default_rng(seed).permutation(n)
    return [labels[place] for place in order]
