"""A figure with its interval, P, counts and why it is undefined; patients are what chance draws."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from gsal.arrays import FloatArray, IntArray
from gsal.audit.patients import cluster_mean, percentile_interval, renumbered, resampled_weights

__all__ = ["FEW_PATIENTS", "MOST_RESAMPLED", "Estimate", "Figure", "mean_estimate", "resampled", "undefined"]

FEW_PATIENTS = "fewer than two patients: no interval"

MOST_RESAMPLED = 2000
"""Of more pictures a figure's error is normal, and its linear part tells the interval at once."""

_ALIKE = "the same on every picture: chance cannot be judged"
_NAN = float("nan")
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; NaN where undefined.

    Attributes:
        n: Pictures.
        n_patients: Patients they are of.
        p_value: Two-sided, of a true value of 0.
        reason: Why something is undefined, else "".
        method: How the interval was made, in words.
    """

    estimate: float
    low: float
    high: float
    n: int
    n_patients: int
    p_value: float
    reason: str
    method: str


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure of n pictures, and how it moves with what is drawn.

    Attributes:
        value: Of the pictures at hand.
        drawn: From (b, n) float64, how often each picture was drawn, to the figure (b,) of each draw.
        influence: Returns (n,) float64: to first order the figure changes by the mean of weight x influence.
    """

    value: float
    drawn: Callable[[FloatArray], FloatArray]
    influence: Callable[[], FloatArray]


def undefined(reason: str, *, n: int = 0, n_patients: int = 0, value: float = _NAN) -> Estimate:
    """Return an estimate without an interval, and perhaps without a value."""
    return Estimate(value, _NAN, _NAN, n, n_patients, _NAN, reason, "")


def mean_estimate(values: FloatArray, codes: IntArray, *, none: str = "no picture") -> Estimate:
    """Return the mean of (n,) values with the interval and the t test of SPEC 9.

    Args:
        values: Without NaN.
        codes: (n,) int64, the pictures' patients.
        none: The reason when there are none.
    """
    found = cluster_mean(values, codes)
    if found.n_patients < 2:
        reason = FEW_PATIENTS if found.n else none
        return undefined(reason, n=found.n, n_patients=found.n_patients, value=found.mean)
    reason = "" if found.se > 0 else _ALIKE
    p_value = (
        2 * float(stats.t.sf(abs(found.mean) / found.se, found.n_patients - 1)) if found.se > 0 else _NAN
    )
    method = "t interval, standard error clustered by patient"
    return Estimate(found.mean, found.low, found.high, found.n, found.n_patients, p_value, reason, method)


def resampled(figure: Figure, codes: IntArray, *, rng: np.random.Generator, draws: int) -> Estimate:
    """Return a figure's percentile interval over resamples of whole patients, and the P that goes with it.

    P is twice the smaller share of draws on one side of 0, (1 + #) / (draws + 1) (Davison and Hinkley 1997).
    Of more than MOST_RESAMPLED pictures the interval is the t interval of the figure's linear part, which is
    what resampling tends to.

    Args:
        figure: Of n pictures.
        codes: (n,) int64, the pictures' patients.
        rng: Draws the patients.
        draws: Of the bootstrap.
    """
    codes, patients = renumbered(codes)
    n = len(codes)
    if patients < 2:
        return undefined(FEW_PATIENTS, n=n, n_patients=patients, value=figure.value)
    if n > MOST_RESAMPLED:
        return _linear(figure, codes)
    blocks = resampled_weights(patients, draws=draws, rng=rng)
    values = np.concatenate([figure.drawn(block[:, codes]) for block in blocks])
    low, high = percentile_interval(values)
    if np.isnan(low):
        return undefined(
            "too few patients of a kind for an interval", n=n, n_patients=patients, value=figure.value
        )
    values = values[np.isfinite(values)]
    side = min(int((values <= _ROUNDING).sum()), int((values >= -_ROUNDING).sum()))
    spread = high - low > _ROUNDING
    p_value = min(1.0, 2 * (1 + side) / (len(values) + 1)) if spread else _NAN
    method = "percentile bootstrap of whole patients"
    return Estimate(figure.value, low, high, n, patients, p_value, "" if spread else _ALIKE, method)


def _linear(figure: Figure, codes: IntArray) -> Estimate:
    found = mean_estimate(figure.value + figure.influence(), codes)
    return Estimate(
        figure.value,
        found.low,
        found.high,
        found.n,
        found.n_patients,
        found.p_value,
        found.reason,
        "t interval of the linear part, clustered by patient",
    )
