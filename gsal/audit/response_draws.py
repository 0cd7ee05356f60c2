"""The response rate accuracy of many resamples at once, from the pictures that each has of every saliency."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray

__all__ = ["SHARES", "Draws", "drawn_normalised"]

SHARES: FloatArray = np.arange(10, 101) / 100
"""k / N = .10, .11 ... 1, where curves are shown and compared."""

_NAN = float("nan")


def _harmonic(most: float) -> FloatArray:
    """Return the harmonic numbers H_0, H_1 ... up to that of `most`."""
    return np.concatenate([[0.0], np.cumsum(1 / np.arange(1, int(most) + 1))])


def _over(numerator: FloatArray, denominator: FloatArray, *, empty: float) -> FloatArray:
    filled = np.full(denominator.shape, empty)
    np.divide(numerator, denominator, out=filled, where=denominator > 0)
    return filled


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """b draws of pictures in K groups, each (b, K).

    Attributes:
        sizes, hits: Pictures and right answers of each group.
        ends, hits_to: The same of all groups up to it.
        rates: Share of right answers; 0 in an empty group.
        offsets: What is c where the right answers among the k first, k within the group, are c + rate k.
    """

    sizes: FloatArray
    hits: FloatArray
    ends: FloatArray
    hits_to: FloatArray
    rates: FloatArray
    offsets: FloatArray

    @classmethod
    def of(cls, sizes: FloatArray, hits: FloatArray) -> "Draws":
        """Return the draws of which each group has so many pictures, and right answers."""
        ends, hits_to = np.cumsum(sizes, axis=1), np.cumsum(hits, axis=1)
        rates = _over(hits, sizes, empty=0.0)
        return cls(sizes, hits, ends, hits_to, rates, hits_to - ends * rates)

    @property
    def n(self) -> FloatArray:
        """(b,) pictures."""
        return self.ends[:, -1]

    @property
    def first(self) -> FloatArray:
        """(b,) k0."""
        return (self.n + 9) // 10

    def accuracy_at(self, k: FloatArray) -> FloatArray:
        """Return A_k of whole numbers k, (b, m), from 1 to n."""
        rows = np.arange(len(k))[:, np.newaxis]
        apart = rows * (self.n.max() + 1)
        places = np.searchsorted((self.ends + apart).ravel(), k + apart)
        hits = self.offsets.ravel()[places] + k * self.rates.ravel()[places]
        return np.asarray(hits / k, dtype=np.float64)

    def lines(self) -> FloatArray:
        """Return (b, 91), the curves on the grid of shares."""
        n, first = self.n[:, np.newaxis], self.first[:, np.newaxis]
        below = np.clip(np.floor(SHARES * n), first, n)
        beyond = np.clip(SHARES * n - below, 0, 1)
        near, next_to = self.accuracy_at(below), self.accuracy_at(np.minimum(below + 1, n))
        return np.asarray(near + beyond * (next_to - near), dtype=np.float64)

    def figures(self) -> FloatArray:
        """Return (b, 4): AURRAC, accuracy, normalised, failure AUROC.

        Over the k within a group, the sum of A_k = c / k + rate takes no more than two harmonic numbers.
        """
        n, hits, first = self.n, self.hits_to[:, -1], self.first
        harmonic = _harmonic(n.max())
        starts = np.clip(self.ends - self.sizes, first[:, np.newaxis] - 1, self.ends)
        spans = harmonic[self.ends.astype(np.int64)] - harmonic[starts.astype(np.int64)]
        count = n - first + 1
        area = (self.rates * (self.ends - starts) + self.offsets * spans).sum(axis=1) / count
        all_right = np.maximum(hits, first - 1)
        rest = harmonic[n.astype(np.int64)] - harmonic[all_right.astype(np.int64)]
        best = (all_right - first + 1 + hits * rest) / count
        overall = hits / n
        defined = (hits > 0) & (hits < n)
        concordant = ((self.sizes - self.hits) * (self.hits_to - self.hits / 2)).sum(axis=1)
        relative = _over(area - overall, np.where(defined, best - overall, 0), empty=_NAN)
        return np.stack([area, overall, relative, _over(concordant, hits * (n - hits), empty=_NAN)], axis=1)


def drawn_normalised(saliency: FloatArray, correct: npt.NDArray[np.bool_], weights: FloatArray) -> FloatArray:
    """Return (b,) float64, the normalised AURRAC when each picture is there as often as its weight says.

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
    return np.asarray(Draws.of(sizes, hits).figures()[:, 2], dtype=np.float64)
