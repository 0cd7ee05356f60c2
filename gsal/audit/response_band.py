"""How far chance moves a response rate accuracy curve: a bootstrap of whole patients (SPEC 10)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray
from gsal.audit.patients import clusters, percentile_interval, resampled_weights
from gsal.audit.response_rate import curve

__all__ = ["Interval", "ResponseBand", "band"]

SHARES: FloatArray = np.arange(10, 101) / 100
"""k / N = .10, .11 ... 1, where curves are shown and compared."""

_NAN = float("nan")


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
    method: str = "percentile bootstrap of whole patients"


_NO_BAND = ResponseBand((), (), (), (), Interval(), Interval(), Interval(), Interval(), 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Pictures sorted by saliency: where groups of ties start, and each picture's patient and answer."""

    starts: IntArray
    codes: IntArray
    right: FloatArray


def _grouped(values: FloatArray, correct: npt.NDArray[np.bool_], codes: IntArray) -> _Groups:
    order = np.argsort(values, kind="stable")
    starts = np.concatenate([[0], np.flatnonzero(np.diff(values[order])) + 1]).astype(np.int64)
    return _Groups(starts, codes[order], correct[order].astype(np.float64))


def _figures(weights: FloatArray, groups: _Groups) -> tuple[FloatArray, FloatArray]:
    """Return one draw's curve on the grid, and (AURRAC, accuracy, normalised, failure AUROC)."""
    counts = weights[groups.codes]
    sizes = np.add.reduceat(counts, groups.starts)
    hits = np.add.reduceat(counts * groups.right, groups.starts)
    sizes, hits = sizes[sizes > 0], hits[sizes > 0]
    ends, cumulative = np.concatenate([[0.0], np.cumsum(sizes)]), np.concatenate([[0.0], np.cumsum(hits)])
    n, total = ends[-1], cumulative[-1]
    k = np.arange((int(n) + 9) // 10, int(n) + 1)
    accuracy = np.interp(k, ends, cumulative) / k
    area, overall = accuracy.mean(), total / n
    figures = np.array([area, overall, np.nan, np.nan])
    if 0 < total < n:
        best = np.minimum(1.0, total / k).mean()
        wrong = sizes - hits
        below = cumulative[:-1] + hits / 2
        figures[2:] = (area - overall) / (best - overall), np.dot(wrong, below) / (total * (n - total))
    return np.interp(SHARES, k / n, accuracy), figures


def band(
    saliency: FloatArray,
    correct: npt.NDArray[np.bool_],
    patient: npt.NDArray[np.str_],
    *,
    rng: np.random.Generator,
    draws: int = 1000,
) -> ResponseBand:
    """Return the curve with its 95 % band; accuracy between two k is interpolated.

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
    groups = _grouped(saliency[kept], correct[kept], clusters(patient[kept]))
    line, patients = curve(saliency, correct), int(groups.codes.max()) + 1
    lines, figures = np.full((1, len(SHARES)), np.nan), np.full((1, 4), np.nan)
    if patients > 1:
        blocks = resampled_weights(patients, draws=draws, rng=rng)
        drawn = [_figures(row, groups) for block in blocks for row in block]
        lines, figures = np.array([pair[0] for pair in drawn]), np.array([pair[1] for pair in drawn])
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
    )
