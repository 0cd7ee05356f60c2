"""What a study could have missed: the smallest effect that it would have found, most likely."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from gsal.audit.estimate import Estimate
from gsal.audit.global_saliency import ClassSaliency

__all__ = ["LEVEL", "POWER", "MissedEffect", "missed_class", "missed_effect", "smallest_found"]

POWER = 0.8
LEVEL = 0.05

_QUANTILES = 1000
"""Of the distribution of the estimated standard error, over which the power is averaged."""


@dataclass(frozen=True, slots=True)
class MissedEffect:
    """The smallest true effect, in either direction, that is found with the power at the level.

    Attributes:
        effect: In the unit of the estimate; NaN where undefined.
        power: Probability that an effect of this size is significant.
        level: Two-sided, of the test.
        n: Pictures.
        n_patients: Patients they are of.
        reason: Why it is undefined, else "".
        method: How it was reckoned, in words.
    """

    effect: float
    power: float
    level: float
    n: int
    n_patients: int
    reason: str
    method: str = "power of the two-sided t test with the standard error at hand"


def smallest_found(se: float, df: int, *, power: float = POWER, level: float = LEVEL) -> float:
    """Return the effect that a two-sided t test with this standard error finds with the power.

    Args:
        se: Standard error of the estimate, over 0.
        df: Degrees of freedom, at least 1.
        power: Wanted.
        level: Of the test.

    >>> round(smallest_found(1.0, 1_000_000), 2)
    2.8
    """
    ranks = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
    threshold = float(stats.t.isf(level / 2, df)) * np.sqrt(stats.chi2.ppf(ranks, df) / df)

    def lacking(shift: float) -> float:
        # scipy's noncentral t, which is this mean, is NaN far out.
        found = special.ndtr(shift - threshold) + special.ndtr(-shift - threshold)
        return float(found.mean()) - power

    return se * float(optimize.brentq(lacking, 0.0, float(threshold[-1]) + 10))


def missed_effect(estimate: Estimate, *, power: float = POWER, level: float = LEVEL) -> MissedEffect:
    """Return what would have been found by a study like the one behind an estimate.

    Half the interval's width is taken for the t quantile times the standard error.

    Args:
        estimate: With its 95 % interval; what it found does not matter, only how precisely.
        power: Wanted.
        level: Of the test.
    """
    n, patients = estimate.n, estimate.n_patients
    width = estimate.high - estimate.low
    if not (np.isfinite(width) and width > 0 and patients > 1):
        reason = estimate.reason or "no interval tells how precise the study was"
        return MissedEffect(float("nan"), power, level, n, patients, reason)
    se = width / 2 / float(stats.t.isf(0.025, patients - 1))
    effect = smallest_found(se, patients - 1, power=power, level=level)
    return MissedEffect(effect, power, level, n, patients, "")


def missed_class(
    classes: Sequence[ClassSaliency], *, power: float = POWER, level: float = LEVEL
) -> MissedEffect:
    """Return how far one class must lie from all others for the test of class means to find it.

    The largest over the classes, so that it holds whichever class it is. The test is taken for the F test
    with the standard errors at hand, clustered by patient, as weights.

    Args:
        classes: Of one model; those without a standard error are left out.
        power: Wanted.
        level: Of the test.
    """
    known = [one for one in classes if one.n and one.se > 0]
    n, patients = sum(one.n for one in known), sum(one.n_patients for one in known)
    if len(known) < 2 or patients <= len(known):
        reason = "fewer than two classes have a standard error"
        return MissedEffect(float("nan"), power, level, n, patients, reason)
    dof = len(known) - 1, patients - len(known)
    threshold = float(stats.f.isf(level, *dof))

    def lacking(noncentrality: float) -> float:
        return float(stats.ncf.sf(threshold, *dof, noncentrality)) - power

    most = 1.0
    while lacking(most) < 0:
        most *= 2
    needed = float(optimize.brentq(lacking, 0.0, most))
    weights = np.array([one.se for one in known]) ** -2.0
    effects = np.sqrt(needed * weights.sum() / (weights * (weights.sum() - weights)))
    method = "power of the F test with the standard errors at hand"
    return MissedEffect(float(effects.max()), power, level, n, patients, "", method)
