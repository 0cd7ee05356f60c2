"""The normalised AURRAC of many resamples at once."""

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray

__all__ = ["drawn_normalised"]


def drawn_normalised(saliency: FloatArray, correct: npt.NDArray[np.bool_], weights: FloatArray) -> FloatArray:
    """Return (b,) float64, the normalised AURRAC when each picture is there as often as its weight says.

    Between the ends of a group of ties the curve's numerator is a straight line, so that the sum of A_k over
    the group is a difference of harmonic numbers: no draw is spelt out picture by picture.

    Args:
        saliency: (n,) float64 without NaN.
        correct: (n,) bool.
        weights: (b, n) float64, whole numbers.

    Returns:
        NaN where all drawn answers are right, or all wrong.

    >>> drawn_normalised(np.array([1.0, 2.0]), np.array([True, False]), np.array([[1.0, 1.0], [2.0, 0.0]]))
    array([ 1., nan])
    """
    order = np.argsort(saliency, kind="stable")
    begins = np.concatenate([[0], np.flatnonzero(np.diff(saliency[order])) + 1])
    sizes = np.add.reduceat(weights[:, order], begins, axis=1)
    hits = np.add.reduceat(weights[:, order] * correct[order], begins, axis=1)
    ends = np.cumsum(sizes, axis=1)
    n, total = ends[:, -1:].astype(np.int64), hits.sum(axis=1, keepdims=True)
    skipped = (n + 9) // 10 - 1
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, int(n.max(initial=0)) + 1))])

    def steps(first: IntArray, last: IntArray) -> tuple[IntArray, FloatArray]:
        first, last = np.maximum(first, skipped), np.maximum(last, skipped)
        return last - first, harmonic[last] - harmonic[first]

    slope = np.divide(hits, sizes, out=np.zeros(sizes.shape), where=sizes > 0)
    count, inverse = steps((ends - sizes).astype(np.int64), ends.astype(np.int64))
    offset = np.cumsum(hits, axis=1) - hits - slope * (ends - sizes)
    kept = (n - skipped)[:, 0]
    area = (slope * count + offset * inverse).sum(axis=1) / kept
    above = steps(total.astype(np.int64), n)[1][:, 0]
    best = (np.maximum(total - skipped, 0) + total * above[:, np.newaxis])[:, 0] / kept
    accuracy = (total / n)[:, 0]
    some = (accuracy > 0) & (accuracy < 1)
    undefined = np.full(len(weights), np.nan)
    return np.asarray(
        np.divide(area - accuracy, best - accuracy, out=undefined, where=some), dtype=np.float64
    )
