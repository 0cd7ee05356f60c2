"""A share with its confidence interval."""

from dataclasses import dataclass
from statistics import NormalDist

__all__ = ["Proportion", "score_interval", "wilson"]


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share of n cases.

    Attributes:
        estimate: successes / n; NaN for n = 0.
        low, high: Of the interval; NaN for n = 0.
        n: Cases.
        method: Of the interval.
    """

    estimate: float
    low: float
    high: float
    n: int
    method: str


def wilson(successes: int, n: int, *, level: float = 0.95) -> Proportion:
    """Give a share with Wilson's score interval (1927), which holds also for few cases and near 0 or 1.

    >>> share = wilson(9, 10)
    >>> f"{share.estimate} {share.low:.3f} {share.high:.3f}"
    '0.9 0.596 0.982'
    """
    method = f"Wilson {100 * level:g} %"
    if not 0 <= successes <= n:
        raise ValueError(f"expected 0 <= successes <= n, got {successes} and {n}")
    if n == 0:
        nan = float("nan")
        return Proportion(nan, nan, nan, 0, method)
    share = successes / n
    low, high = score_interval(share, n, quantile=NormalDist().inv_cdf((1 + level) / 2))
    return Proportion(share, low, high, n, method)


def score_interval(share: float, n: float, *, quantile: float) -> tuple[float, float]:
    """Return the ends of Wilson's interval of a share of `n` cases, which need not be a whole number.

    Args:
        share: From 0 to 1; its end of the interval is exact at both.
        n: Over 0; fewer than were counted where they are not independent.
        quantile: Of the normal distribution, or of t.
    """
    z = quantile
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    low = 0.0 if share == 0 else max(0.0, centre - half)
    high = 1.0 if share == 1 else min(1.0, centre + half)
    return low, high
