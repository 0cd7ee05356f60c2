"""Two models on the same pictures, picture by picture: Wilcoxon's signed-rank test (SPEC 9)."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from gsal.arrays import FloatArray, IntArray
from gsal.audit.common import common_pictures
from gsal.audit.data import AuditData
from gsal.audit.patients import cluster_sums, renumbered
from gsal.records import Aggregator

__all__ = ["SignedRank", "paired_confidence", "paired_saliency", "signed_rank"]

_NAN = float("nan")
_FEW_PATIENTS = 50
_FLIPS = 9_999
_ROUNDING = 1e-9
_STEPS = 60
_LISTED = 4
"""Once no more pairs than this for each picture are left to choose from, they are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRank:
    """Differences of a figure between two models, first minus second, paired by picture; NaN where undefined.

    Attributes:
        n: Pictures with both figures.
        zeros: Among them, without a difference; they have no rank.
        ties: Among those with one, whose size another has as well.
        n_patients: Patients they are of.
        statistic: W, the smaller of the rank sums of positive and of negative differences.
        p_value: Two-sided, pictures independent: as in the paper.
        p_patients: Two-sided, patients independent: all signs of a patient turn together.
        rank_biserial: Matched-pairs rank-biserial correlation (Kerby 2014), from -1 to 1: the share of the
            rank sum that is for the first model, less that for the second.
        shift: Hodges and Lehmann's estimate, the median of the means of all two differences.
        low, high: Its 95 % interval, patients independent.
        reason: Why something is undefined, else "".
        method: In words.
    """

    n: int
    zeros: int
    ties: int
    n_patients: int
    statistic: float = _NAN
    p_value: float = _NAN
    p_patients: float = _NAN
    rank_biserial: float = _NAN
    shift: float = _NAN
    low: float = _NAN
    high: float = _NAN
    reason: str = ""
    method: str = ""


def signed_rank(
    first: FloatArray, second: FloatArray, codes: IntArray, *, rng: np.random.Generator
) -> SignedRank:
    """Test whether the figures of two models differ on the same pictures.

    With several pictures per patient `p_patients` is that of the sum of signed ranks when the signs of whole
    patients are turned by chance: turned 9,999 times with fewer than 50 patients, else by the normal
    distribution it tends to (Rosner, Glynn and Lee 2006). The interval inverts the same test.

    Args:
        first: (n,) figures of one model; pairs with NaN are left out.
        second: (n,), of the other.
        codes: (n,) int64, the pictures' patients.
        rng: Turns signs.
    """
    kept = ~np.isnan(first) & ~np.isnan(second)
    differences = first[kept] - second[kept]
    codes, patients = renumbered(codes[kept])
    n = len(differences)
    moved = differences != 0
    sizes = np.unique(np.abs(differences[moved]), return_counts=True)[1]
    found = SignedRank(n=n, zeros=n - int(moved.sum()), ties=int(sizes[sizes > 1].sum()), n_patients=patients)
    if not moved.any():
        reason = "the two do not differ on any picture" if n else "no picture has a figure in both"
        return replace(found, shift=0.0 if n else _NAN, reason=reason)
    by_patient = cluster_sums(_signed_ranks(differences), codes)
    test = stats.wilcoxon(differences[moved])
    shift, low, high = _shift(differences, codes)
    ranks = int(moved.sum()) * (int(moved.sum()) + 1) / 2
    several = patients < n
    return replace(
        found,
        statistic=float(test.statistic),
        p_value=float(test.pvalue),
        p_patients=_turned(by_patient, rng) if several else float(test.pvalue),
        rank_biserial=float(by_patient.sum()) / ranks,
        shift=shift,
        low=low,
        high=high,
        reason="" if patients > 1 else "fewer than two patients: no interval and no test by patient",
        method="Wilcoxon's signed-rank test, Hodges-Lehmann shift"
        + (", signs of whole patients turned" if several else ""),
    )


def _signed_ranks(differences: FloatArray) -> FloatArray:
    """Return mid-ranks of the sizes with their signs; 0 where there is no difference, which has no rank."""
    moved = differences != 0
    ranks = np.zeros(len(differences))
    ranks[moved] = stats.rankdata(np.abs(differences[moved]))
    return np.asarray(ranks * np.sign(differences), dtype=np.float64)


def _turned(by_patient: FloatArray, rng: np.random.Generator) -> float:
    """Return the two-sided P of the sum of (G,) signed ranks under random signs; NaN with one patient."""
    observed = abs(float(by_patient.sum()))
    if len(by_patient) < 2:
        return _NAN
    if len(by_patient) >= _FEW_PATIENTS:
        return 2 * float(stats.norm.sf(observed / np.sqrt(float(by_patient @ by_patient))))
    drawn = np.abs((2.0 * rng.integers(2, size=(_FLIPS, len(by_patient))) - 1) @ by_patient)
    return (1 + int((drawn >= observed * (1 - _ROUNDING)).sum())) / (_FLIPS + 1)


def _shift(differences: FloatArray, codes: IntArray) -> tuple[float, float, float]:
    """Return the median of the means of all two differences, each with itself too, and its interval.

    The rank sum of positive differences is the number of such means above 0, so that its standard deviation
    says how many means from the middle the ends lie (Hollander and Wolfe 1999).
    """
    ordered = np.sort(differences)
    pairs = len(ordered) * (len(ordered) + 1) // 2
    shift = (_mean_of_two(ordered, (pairs + 1) // 2) + _mean_of_two(ordered, pairs // 2 + 1)) / 2
    by_patient = cluster_sums(_signed_ranks(differences - shift), codes)
    if len(by_patient) < 2:
        return shift, _NAN, _NAN
    several = len(by_patient) < len(ordered)
    quantile = stats.t.ppf(0.975, len(by_patient) - 1) if several else stats.norm.ppf(0.975)
    reach = float(quantile * np.sqrt(by_patient @ by_patient) / 2)
    below = max(1, round(pairs / 2 - reach))
    return shift, _mean_of_two(ordered, below), _mean_of_two(ordered, pairs + 1 - below)


def _mean_of_two(ordered: FloatArray, rank: int) -> float:
    """Return the `rank`-th smallest (from 1) of the means of all two of (n,) sorted values, each with itself.

    Their number up to a bound is found for all values at once; bounds are narrowed until the means between
    them can be listed (Johnson and Mizoguchi 1978), or are one in all digits.
    """
    itself = np.arange(len(ordered))

    def partners(most: float) -> IntArray:
        """How many values, from each itself on, make a mean of at most this with it."""
        ends = np.searchsorted(ordered, 2 * most - ordered, side="right")
        return np.maximum(ends, itself).astype(np.int64)

    low, high = float(np.nextafter(ordered[0], -np.inf)), float(ordered[-1])
    ends = [itself.astype(np.int64), partners(high)]
    below, up_to = 0, int((ends[1] - itself).sum())
    for step in range(_STEPS):
        if up_to - below <= _LISTED * len(ordered):
            break
        share = (rank - below) / (up_to - below) if step % 2 else 0.5
        middle = low + (high - low) * share
        found = partners(middle)
        count = int((found - itself).sum())
        if count >= rank:
            high, ends[1], up_to = middle, found, count
        else:
            low, ends[0], below = middle, found, count
    else:
        last = ends[1] - 1
        rows = last >= itself
        return float(((ordered[rows] + ordered[last[rows]]) / 2).max())
    counts = ends[1] - ends[0]
    first = np.repeat(itself, counts)
    second = np.arange(len(first)) + np.repeat(ends[0] - (np.cumsum(counts) - counts), counts)
    means = (ordered[first] + ordered[second]) / 2
    return float(np.partition(means, rank - below - 1)[rank - below - 1])


def _pairs(first: AuditData, second: AuditData) -> tuple[IntArray, IntArray]:
    """Return the rows of the pictures that are inked and have a saliency in both."""
    if first.method != second.method:
        raise ValueError(f"methods differ: {first.method} and {second.method}")
    rows, others = common_pictures(first.image_ids, second.image_ids)
    values = first.aggregate(Aggregator.MEAN)[rows], second.aggregate(Aggregator.MEAN)[others]
    kept = ~np.isnan(values[0]) & ~np.isnan(values[1])
    return rows[kept], others[kept]


def paired_saliency(first: AuditData, second: AuditData, *, rng: np.random.Generator) -> SignedRank:
    """Compare raw m of two models on the pictures inked and valid in both (paper: W = 59,967, P < 1e-4).

    Raises:
        ValueError: Different methods.
    """
    rows, others = _pairs(first, second)
    codes = first.codes[rows]
    return signed_rank(first.mean[rows], second.mean[others], codes, rng=rng)


def paired_confidence(first: AuditData, second: AuditData, *, rng: np.random.Generator) -> SignedRank:
    """Compare the largest softmax probability on the same pictures (paper: W = 183,745, P = .67).

    Raises:
        ValueError: Different methods.
    """
    rows, others = _pairs(first, second)
    codes = first.codes[rows]
    return signed_rank(first.confidence[rows], second.confidence[others], codes, rng=rng)
