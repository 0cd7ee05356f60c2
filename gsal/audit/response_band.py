"""How far chance moves a response rate accuracy curve: a bootstrap of whole patients (SPEC 10)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray
from gsal.audit.patients import percentile_interval, renumbered
from gsal.audit.response_draws import SHARES, Draws
from gsal.audit.response_rate import curve
from gsal.audit.saliency_groups import MOST_UNITS, SaliencyGroups

__all__ = ["SHARES", "Interval", "ResponseBand", "band"]

MOST_GROUPS = 500
"""A band over more distinct saliencies takes neighbours together, a five-hundredth of the pictures each."""

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


def band(
    saliency: FloatArray,
    correct: npt.NDArray[np.bool_],
    codes: IntArray,
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
        codes: (n,) int64, the pictures' patients.
        rng: Draws the patients.
        draws: Of the bootstrap; a figure undefined in over 5 % of them has no interval.
    """
    kept = ~np.isnan(saliency)
    if not kept.any():
        return _NO_BAND
    groups = SaliencyGroups.of(saliency[kept], correct[kept], renumbered(codes[kept])[0], most=MOST_GROUPS)
    line, patients = curve(saliency, correct), groups.patients
    lines, figures = np.full((1, len(SHARES)), np.nan), np.full((1, 4), np.nan)
    if patients > 1:
        drawn = [Draws.of(*block) for block in groups.resampled(draws=draws, rng=rng)]
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
