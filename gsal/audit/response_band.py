"""How far chance moves a response rate accuracy curve: a bootstrap of whole patients (SPEC 10)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray
from gsal.audit.patients import clusters, percentile_interval
from gsal.audit.response_rate import curve
from gsal.audit.saliency_groups import MOST_UNITS, SaliencyGroups

__all__ = ["Interval", "ResponseBand", "band"]

SHARES: FloatArray = np.arange(10, 101) / 100
"""k / N = .10, .11 ... 1, where curves are shown and compared."""

MOST_GROUPS = 1000
"""A band over more distinct saliencies takes neighbours together, a thousandth of the pictures each."""

_NAN = float("nan")
_METHOD = "percentile bootstrap of whole patients"


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval; NaN where undefined."""

    low: float = _NAN
    high: float = _NAN


@dataclass(frozen=True, slots=True)
class ResponseBand:
    """A curve on the common grid of shares with its pointwise 95 % band, and intervals of its figures.

    Attributes:
        share, accuracy, low, high: 91 numbers each; empty without pictures.
        aurrac, accuracy_all, aurrac_normalised, failure_auroc: Intervals of the figures of that name.
        n_patients: Patients that were resampled; with fewer than 2 all intervals are undefined.
        draws: Of the bootstrap.
        method: What made the intervals, in words.
    """

    share: tuple[float, ...]
    accuracy: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    aurrac: Interval
    accuracy_all: Interval
    aurrac_normalised: Interval
    failure_auroc: Interval
    n_patients: int
    draws: int
    method: str = _METHOD


_NO_BAND = ResponseBand((), (), (), (), Interval(), Interval(), Interval(), Interval(), 0, 0)


def _harmonic(most: float) -> FloatArray:
    """Return the harmonic numbers H_0, H_1 ... up to that of `most`."""
    return np.concatenate([[0.0], np.cumsum(1 / np.arange(1, int(most) + 1))])


def _over(numerator: FloatArray, denominator: FloatArray, *, empty: float) -> FloatArray:
    filled = np.full(denominator.shape, empty)
    np.divide(numerator, denominator, out=filled, where=denominator > 0)
    return filled


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
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
    def of(cls, sizes: FloatArray, hits: FloatArray) -> "_Drawn":
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


def band(
    saliency: FloatArray,
    correct: npt.NDArray[np.bool_],
    patient: npt.NDArray[np.str_],
    *,
    rng: np.random.Generator,
    draws: int = 1000,
) -> ResponseBand:
    """Return the curve with its 95 % band; accuracy between two k is interpolated.

    The curve is exact. The band is that of pictures in at most `MOST_GROUPS` groups by saliency, in which
    they count as tied; with no more distinct values than that it is exact as well.

    Args:
        saliency: (n,) ink saliency; NaN is left out.
        correct: (n,) bool.
        patient: (n,) names; "" stands alone.
        rng: Draws the patients.
        draws: Of the bootstrap; a figure undefined in over 5 % of them has no interval.
    """
    kept = ~np.isnan(saliency)
    if not kept.any():
        return _NO_BAND
    groups = SaliencyGroups.of(saliency[kept], correct[kept], clusters(patient[kept]), most=MOST_GROUPS)
    line, patients = curve(saliency, correct), groups.patients
    lines, figures = np.full((1, len(SHARES)), np.nan), np.full((1, 4), np.nan)
    if patients > 1:
        drawn = [_Drawn.of(*block) for block in groups.resampled(draws=draws, rng=rng)]
        lines = np.concatenate([block.lines() for block in drawn])
        figures = np.concatenate([block.figures() for block in drawn])
    low, high = np.percentile(lines, [2.5, 97.5], axis=0)
    area, overall, relative, failure = (Interval(*percentile_interval(column)) for column in figures.T)
    return ResponseBand(
        share=tuple(SHARES.tolist()),
        accuracy=tuple(np.interp(SHARES, line.share, line.accuracy).tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        aurrac=area,
        accuracy_all=overall,
        aurrac_normalised=relative,
        failure_auroc=failure,
        n_patients=patients,
        draws=draws if patients > 1 else 0,
        method=_METHOD if patients <= MOST_UNITS else f"{_METHOD} in {MOST_UNITS:,} lots",
    )
