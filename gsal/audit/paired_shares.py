"""The difference of two shares, on the same pictures or on two kinds of them, with patients as the unit."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from gsal.arrays import FloatArray, IntArray
from gsal.audit.estimate import FEW_PATIENTS, Estimate, mean_estimate, undefined
from gsal.audit.patients import cluster_sums, renumbered

__all__ = ["paired_difference", "two_group_difference"]

_PAIRED = "adjusted Wald interval of paired shares, effective number of pictures by patient"
_TWO_GROUPS = "adjusted Wald interval of two shares, effective number of pictures by patient"


def _effective(n: int, patients: int, *, clustered: float, naive: float) -> float:
    """Pictures over the design effect, which is never below 1; each patient once where it cannot be seen."""
    return n / max(1.0, clustered / naive) if naive > 0 and clustered > 0 else float(patients)


def paired_difference(
    first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_], codes: IntArray, *, none: str = "no picture"
) -> Estimate:
    """Return the share of the first minus the share of the second, of the same pictures.

    Half a picture is added to each of the four cells (Agresti and Min 2005), so that there is an interval
    also where all pairs agree; pictures of one patient count as fewer than they are (Rao and Scott 1992).
    P is under .05 where the interval leaves out 0.

    Args:
        first: (n,) bool.
        second: (n,) bool.
        codes: (n,) int64, the pictures' patients.
        none: The reason when there are no pictures.

    >>> found = paired_difference(np.array([True, True]), np.array([False, True]), np.array([0, 1]))
    >>> found.estimate, found.low < 0 < found.high
    (0.5, True)
    """
    change = first.astype(np.float64) - second.astype(np.float64)
    plain = mean_estimate(change, codes, none=none)
    n, patients = plain.n, plain.n_patients
    if patients < 2:
        return plain
    quantile = float(stats.t.ppf(0.975, patients - 1))
    clustered = ((plain.high - plain.low) / 2 / quantile) ** 2
    effective = _effective(n, patients, clustered=clustered, naive=float(change.var()) / n)
    up, down = (
        (effective * float(cells.mean()) + 0.5) / (effective + 2)
        for cells in (first & ~second, second & ~first)
    )
    centre = up - down
    se = float(np.sqrt((up + down - centre**2) / (effective + 2)))
    return _adjusted(plain.estimate, centre, se, n, patients, _PAIRED)


def two_group_difference(
    cases: npt.NDArray[np.bool_], inside: npt.NDArray[np.bool_], codes: IntArray, *, names: Sequence[str]
) -> Estimate:
    """Return the share of cases among the pictures inside a group minus that among those outside it.

    One case and one other are added to each group (Agresti and Caffo 2000); patients may have pictures in
    both, and theirs count as fewer than they are. P is under .05 where the interval leaves out 0.

    Args:
        cases: (n,) bool.
        inside: (n,) bool.
        codes: (n,) int64, the pictures' patients.
        names: Of the pictures inside and outside, for the reason where one has none.
    """
    n, patients = len(cases), renumbered(codes)[1]
    sizes = [int(inside.sum()), int((~inside).sum())]
    lacking = [name for name, size in zip(names, sizes, strict=True) if not size]
    if lacking:
        return undefined(f"no picture {' nor one '.join(lacking)}", n=n, n_patients=patients)
    shares = [float(cases[rows].mean()) for rows in (inside, ~inside)]
    estimate = shares[0] - shares[1]
    if patients < 2:
        return undefined(FEW_PATIENTS, n=n, n_patients=patients, value=estimate)
    residuals = np.where(inside, (cases - shares[0]) / sizes[0], -(cases - shares[1]) / sizes[1])
    clustered = _clustered_variance(residuals, codes)
    naive = sum(share * (1 - share) / size for share, size in zip(shares, sizes, strict=True))
    # As if all pictures were fewer by one factor.
    factor = _effective(n, patients, clustered=clustered, naive=naive) / n
    ends = [(share * size * factor + 1, size * factor + 2) for share, size in zip(shares, sizes, strict=True)]
    centre = ends[0][0] / ends[0][1] - ends[1][0] / ends[1][1]
    variance = sum(hits / total * (1 - hits / total) / total for hits, total in ends)
    return _adjusted(estimate, centre, float(np.sqrt(variance)), n, patients, _TWO_GROUPS)


def _clustered_variance(residuals: FloatArray, codes: IntArray) -> float:
    sums = cluster_sums(residuals, renumbered(codes)[0])
    return float(len(sums) / (len(sums) - 1) * np.sum(sums**2))


def _adjusted(value: float, centre: float, se: float, n: int, patients: int, method: str) -> Estimate:
    """Return the estimate with the interval about the adjusted one, within -1 to 1."""
    reach = float(stats.t.ppf(0.975, patients - 1)) * se
    p_value = 2 * float(stats.t.sf(abs(centre) / se, patients - 1))
    return Estimate(
        value, max(-1.0, centre - reach), min(1.0, centre + reach), n, patients, p_value, "", method
    )
