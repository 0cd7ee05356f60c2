"""Two sets of masks of the same pictures: how far one is better than the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from gsal.masks.evaluation import PictureScore
from gsal.masks.figures import DRAWS, METRICS, Resampled, resample
from gsal.resampling import percentile_interval

__all__ = ["COMPARED", "Difference", "compare", "difference"]

COMPARED = tuple(metric for metric in METRICS if metric not in {"precision", "recall", "hd95"})
"""Metrics that two sets of masks are compared by."""

_METHOD = "paired bootstrap of patients, percentiles, 95 %"


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of two sets of masks, the first minus the second.

    It is the difference of the two figures as each is shown: a mean leaves out what is undefined for its own
    masks, so false ink on an ink-free picture counts as 0 against the one that sees it. The metric
    "dice_inked" is over the same pictures for both.

    Attributes:
        estimate: NaN where either figure is undefined.
        low, high: Of the 95 % interval; NaN as in `gsal.masks.figures.Estimate`.
        n: Pictures that the figure over more of them rests on.
        n_patients: The same of patients.
        method: Of the interval.
    """

    estimate: float
    low: float
    high: float
    n: int
    n_patients: int
    method: str = _METHOD


def compare(
    before: Sequence[PictureScore],
    after: Sequence[PictureScore],
    patients: Sequence[str],
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, Difference]:
    """Say how far masks became better: by metric, after minus before.

    Args:
        before: One score per picture.
        after: Of the same pictures in the same order.
        patients: Whose each picture is; "" for a patient of its own.
        draws: Of the bootstrap.
        seed: Of the draws.

    Raises:
        ValueError: The pictures are not the same.
    """
    if [one.image for one in before] != [one.image for one in after] or len(patients) != len(after):
        raise ValueError("a paired comparison needs both scores of the same pictures, and their patients")
    first, second = (resample(one, patients, draws=draws, seed=seed) for one in (after, before))
    return difference(first, second)


def difference(first: Resampled, second: Resampled) -> dict[str, Difference]:
    """Give the first's figures minus the second's; both of the same pictures, draws and seed."""
    found = {}
    for metric in COMPARED:
        low, high = percentile_interval(first.draws[metric] - second.draws[metric])
        found[metric] = Difference(
            estimate=first.values[metric] - second.values[metric],
            low=low,
            high=high,
            n=max(first.n[metric], second.n[metric]),
            n_patients=max(first.n_patients[metric], second.n_patients[metric]),
        )
    return found
