"""How much each picture moves a rank figure: what the figure's error consists of when pictures are many."""

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray
from gsal.audit.response_rate import aurrac

__all__ = ["auroc_and_influence", "macro_and_influence", "normalised_influence", "oracle_limit"]

_FIRST = 0.1
"""Share of pictures at which the curve of SPEC 10 starts."""


def auroc_and_influence(score: FloatArray, positive: npt.NDArray[np.bool_]) -> tuple[float, FloatArray]:
    """Return the AUROC, ties one half, and (n,) float64, each picture's influence on it; their mean is 0.

    The placements of DeLong, DeLong and Clarke-Pearson (1988), summed by patient as in Obuchowski (1997).

    Args:
        score: (n,) float64 without NaN.
        positive: (n,) bool, some of each kind.
    """
    n, hits = len(score), int(positive.sum())
    order = np.argsort(score)
    ordered, is_hit = score[order], positive[order]
    group = np.cumsum(np.concatenate([[0], ordered[1:] > ordered[:-1]]))
    hit, missed = (np.bincount(group, weights=kind, minlength=group[-1] + 1) for kind in (is_hit, ~is_hit))
    misses_below = (np.cumsum(missed) - missed / 2) / (n - hits)
    hits_above = 1 - (np.cumsum(hit) - hit / 2) / hits
    placements = np.empty(n)
    placements[order] = np.where(is_hit, misses_below[group], hits_above[group])
    auroc = float(placements[positive].mean())
    return auroc, (placements - auroc) * n / np.where(positive, hits, n - hits)


def macro_and_influence(
    probabilities: FloatArray, true_class: IntArray, present: list[int]
) -> tuple[float, FloatArray]:
    """Return the mean AUROC of the classes present, and (n,) float64, each picture's influence on it.

    Args:
        probabilities: (n, C) float64 without NaN.
        true_class: (n,) int64.
        present: Classes with pictures inside and outside them.
    """
    found = [auroc_and_influence(probabilities[:, index], true_class == index) for index in present]
    moved = np.mean([influence for _, influence in found], axis=0)
    return float(np.mean([auroc for auroc, _ in found])), np.asarray(moved, dtype=np.float64)


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
