"""Two groups of trainings compared, the training seed as unit: what a claim about training data rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt
from scipy import stats

from gsal.arrays import FloatArray
from gsal.audit.seeds import Column, SeedFigures, columns, defined_in, strength_of

__all__ = ["SeedDifference", "compare_replicates"]

_MOST_DIVISIONS = 200_000
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class SeedDifference:
    """How two groups of trainings differ in a figure.

    Attributes:
        name: Field of `SeedFigures`, or the class.
        scale: "difference", first minus second; or "ratio", first over second, of geometric means.
        estimate, low, high: On that scale, with the 95 % interval; NaN where undefined.
        n_first, n_second: Trainings in which it is defined.
        p_value: Of Welch's t test; for a ratio, on the logarithms.
        permutation_p: Exact, of all ways to divide the trainings; NaN where they are too many.
        reason: Why something is undefined, else "".
        strength: What the numbers of seeds allow to say.
        method: How the interval was made, in words.
    """

    name: str
    scale: str
    estimate: float
    low: float
    high: float
    n_first: int
    n_second: int
    p_value: float
    permutation_p: float
    reason: str
    strength: str
    method: str


def compare_replicates(
    first: Mapping[int, SeedFigures], second: Mapping[int, SeedFigures]
) -> tuple[SeedDifference, ...]:
    """Compare two groups of trainings in every figure, the training as unit.

    The inter-class variance is compared by its logarithm, whose spread does not grow with it.

    Args:
        first: By seed; of one cohort, recipe and fold scheme.
        second: Of another cohort, or another recipe.

    Raises:
        ValueError: Trainings with different classes.
    """
    sides = columns(first), columns(second)
    if first and second and list(sides[0][1]) != list(sides[1][1]):
        raise ValueError("the groups of trainings have different classes")
    figures, classes = zip(*sides, strict=True)
    found = [
        _difference(name, figures[0][name], figures[1][name], ratio=name == "variance") for name in figures[0]
    ]
    found += [
        _difference(name, classes[0][name], classes[1][name]) for name in classes[0] if name in classes[1]
    ]
    return tuple(found)


def _difference(name: str, first: Column, second: Column, *, ratio: bool = False) -> SeedDifference:
    sides = [np.array(list(defined_in(column).values())) for column in (first, second)]
    n_first, n_second = (len(side) for side in sides)
    scale = "ratio" if ratio else "difference"
    method = f"Welch's t interval over training seeds{', of the logarithm' if ratio else ''}"

    def result(
        figures: tuple[float, float, float], p_values: tuple[float, float], reason: str
    ) -> SeedDifference:
        strength = strength_of(min(n_first, n_second))
        return SeedDifference(name, scale, *figures, n_first, n_second, *p_values, reason, strength, method)

    nothing = (_NAN, _NAN)
    if not (n_first and n_second):
        return result((_NAN, *nothing), nothing, "undefined in every training of one group")
    if ratio:
        if min(side.min() for side in sides) <= 0:
            return result((_NAN, *nothing), nothing, "a variance of 0 has no logarithm")
        sides = [np.log(side) for side in sides]
    estimate = float(sides[0].mean() - sides[1].mean())
    value = float(np.exp(estimate)) if ratio else estimate
    if min(n_first, n_second) < 2:
        return result((value, *nothing), nothing, "one training seed in a group: no interval")
    if all(np.ptp(side) <= 1e-12 * max(1e-300, float(np.abs(side).max())) for side in sides):
        return result((value, *nothing), nothing, "the trainings of each group are all the same")
    low, high, p_value = _welch(sides[0], sides[1])
    if ratio:
        low, high = float(np.exp(low)), float(np.exp(high))
    return result((value, low, high), (p_value, _permuted(sides[0], sides[1])), "")


def _welch(first: FloatArray, second: FloatArray) -> tuple[float, float, float]:
    """Return the interval of the difference in means and its P; one group may be all the same."""
    parts = np.array([side.var(ddof=1) / len(side) for side in (first, second)])
    df = parts.sum() ** 2 / np.sum(parts**2 / [len(first) - 1, len(second) - 1])
    estimate, se = float(first.mean() - second.mean()), float(np.sqrt(parts.sum()))
    reach = float(stats.t.ppf(0.975, df)) * se
    return estimate - reach, estimate + reach, 2 * float(stats.t.sf(abs(estimate) / se, df))


def _permuted(first: FloatArray, second: FloatArray) -> float:
    """P of the difference in means over all ways to divide the values in groups of these sizes.

    Twice the smaller share of divisions with as small, or as large, a mean of the first group.
    """
    if comb(len(first) + len(second), len(first)) > _MOST_DIVISIONS:
        return _NAN
    values = np.concatenate([first, second])
    means = values[_divisions(len(values), len(first))].mean(axis=1)
    # Sums of the same numbers in another order differ in their last digits.
    slack = 1e-12 * float(np.abs(values).max())
    sides = (means <= means[0] + slack).mean(), (means >= means[0] - slack).mean()
    return min(1.0, 2 * float(min(sides)))


@lru_cache(maxsize=1)
def _divisions(n: int, size: int) -> npt.NDArray[np.uint8]:
    """Return the members of the first group in every division, one a row; the one at hand comes first."""
    return np.array(list(combinations(range(n), size)), dtype=np.uint8)
