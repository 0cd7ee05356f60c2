"""How much each picture moves a rank figure: what the figure's error consists of when pictures are many."""

import numpy as np
import numpy.typing as npt
from scipy import stats

from gsal.arrays import FloatArray, IntArray
from gsal.audit.response_rate import aurrac

__all__ = ["auroc_influence", "macro_influence", "normalised_influence", "oracle_limit"]

_FIRST = 0.1
"""Share of pictures at which the curve of SPEC 10 starts."""


def auroc_influence(score: FloatArray, positive: npt.NDArray[np.bool_]) -> FloatArray:
    """Return (n,) float64, each picture's influence on the AUROC, ties one half; their mean is 0.

    The placements of DeLong, DeLong and Clarke-Pearson (1988), summed by patient as in Obuchowski (1997).

    Args:
        score: (n,) float64.
        positive: (n,) bool, some of each kind.
    """
    n, hits = len(score), int(positive.sum())
    ranks = stats.rankdata(score)
    placements = np.empty(n)
    placements[positive] = (ranks[positive] - stats.rankdata(score[positive])) / (n - hits)
    placements[~positive] = 1 - (ranks[~positive] - stats.rankdata(score[~positive])) / hits
    auroc = placements[positive].mean()
    return np.asarray((placements - auroc) * n / np.where(positive, hits, n - hits), dtype=np.float64)


def macro_influence(probabilities: FloatArray, true_class: IntArray, present: list[int]) -> FloatArray:
    """Return (n,) float64, each picture's influence on the mean AUROC of the classes present.

    Args:
        probabilities: (n, C) float64.
        true_class: (n,) int64.
        present: Classes with pictures inside and outside them.
    """
    columns = [auroc_influence(probabilities[:, index], true_class == index) for index in present]
    return np.asarray(np.mean(columns, axis=0), dtype=np.float64)


def oracle_limit(accuracy: float) -> float:
    """Return what the oracle's AURRAC tends to with many pictures.

    >>> round(oracle_limit(0.5), 4)
    0.8295
    """
    start = max(accuracy, _FIRST)
    return ((start - _FIRST) - accuracy * float(np.log(start))) / (1 - _FIRST)


def _area_influence(saliency: FloatArray, right: FloatArray) -> FloatArray:
    """Each picture's influence on AURRAC, the integral of h(u) / u from u = .1 to 1 over .9.

    h(u) is the share that is right among the share u of least saliency. A picture of which the curve has
    taken in the part f(u) adds f(u) (right - slope(u)) - h(u) + u slope(u) to it: 1 of it enters, and what
    lies at the threshold leaves. Ties enter together, so the slope is that of their mean.
    """
    groups, sizes = np.unique(saliency, return_inverse=True, return_counts=True)[1:]
    n = len(saliency)
    slope = np.bincount(groups, weights=right) / sizes
    end = np.cumsum(sizes) / n
    start = end - sizes / n
    height = np.concatenate([[0.0], np.cumsum(slope * sizes / n)[:-1]])
    low, high = np.maximum(start, _FIRST), np.maximum(end, _FIRST)
    span = np.log(high / low)
    entering = (high - low - start * span) * n / sizes
    later = np.cumsum((slope * span)[::-1])[::-1] - slope * span
    everywhere = float(np.sum((height - slope * start) * span))
    own = entering - np.log(high)
    moved = right * own[groups] - (slope * entering + later)[groups] - everywhere
    return np.asarray(moved / (1 - _FIRST), dtype=np.float64)


def normalised_influence(saliency: FloatArray, correct: npt.NDArray[np.bool_]) -> FloatArray:
    """Return (n,) float64, each picture's influence on the normalised AURRAC; their mean is 0.

    Args:
        saliency: (n,) float64 without NaN.
        correct: (n,) bool, some of each kind.
    """
    right = correct.astype(np.float64)
    accuracy = float(right.mean())
    room = oracle_limit(accuracy) - accuracy
    relative = (aurrac(saliency, correct) - accuracy) / room
    oracle_slope = -float(np.log(max(accuracy, _FIRST))) / (1 - _FIRST)
    deviation = right - accuracy
    moved = _area_influence(saliency, right) - deviation - relative * (oracle_slope - 1) * deviation
    return np.asarray(moved / room, dtype=np.float64)
