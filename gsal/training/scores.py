"""How well a classifier does on pictures whose class is known."""

import numpy as np
from scipy.stats import rankdata

from gsal.arrays import FloatArray, IntArray

__all__ = ["accuracy", "macro_auroc"]


def accuracy(logits: FloatArray, labels: IntArray) -> float:
    """Return the share of pictures whose largest logit is that of their class."""
    return float((logits.argmax(axis=1) == labels).mean())


def macro_auroc(scores: FloatArray, labels: IntArray) -> float:
    """Return the mean over the classes of the one-against-rest area under the ROC curve.

    Each is the Mann-Whitney statistic U / (n_class n_rest); ties count one half. Classes without pictures, or
    with all of them, have none and are left out; NaN if no class is left.

    Args:
        scores: (N, classes), comparable across pictures: probabilities rather than logits.
        labels: (N,) index of the class.

    >>> macro_auroc(np.array([[0.9, 0.1], [0.4, 0.6], [0.6, 0.4], [0.2, 0.8]]), np.array([0, 0, 1, 1]))
    0.75
    """
    areas = []
    for index in range(scores.shape[1]):
        own = labels == index
        n_own, n_rest = int(own.sum()), int((~own).sum())
        if n_own and n_rest:
            rank_sum = rankdata(scores[:, index])[own].sum()
            areas.append((rank_sum - n_own * (n_own + 1) / 2) / (n_own * n_rest))
    return float(np.mean(areas)) if areas else float("nan")
