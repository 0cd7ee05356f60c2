"""Response rate accuracy: how accuracy changes as pictures with more ink saliency are let in (SPEC 10)."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import stats

from gsal.arrays import FloatArray, IntArray

__all__ = [
    "Curve",
    "ResponseRate",
    "aurrac",
    "curve",
    "failure_auroc",
    "kendall_tau",
    "normalised",
    "oracle",
    "rank_loss",
    "summarise",
]

BoolArray = npt.NDArray[np.bool_]
_NAN = float("nan")
_FIGURES = ("accuracy", "aurrac", "oracle", "aurrac_normalised", "failure_auroc", "rank_loss", "kendall_tau")


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Accuracy A_k of the k pictures of least ink saliency, k = k0..N.

    Attributes:
        k: (K,) int64.
        share: (K,) float64, k / N.
        accuracy: (K,) float64; inside a group of ties the expected accuracy when its order is random.
        threshold: (K,) float64, the largest saliency among the k.
        n: N, the pictures with a defined saliency.
        k0: ceil(N / 10).
        left_out: Pictures left out because their saliency is undefined.
    """

    k: IntArray
    share: FloatArray
    accuracy: FloatArray
    threshold: FloatArray
    n: int
    k0: int
    left_out: int


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """The figures of one curve; NaN where undefined, with the reason by the field's name.

    Attributes:
        n: Pictures with a defined saliency.
        n_patients: Patients they are of, 0 when not told.
        left_out: Pictures without one.
        accuracy: Of the n pictures; what AURRAC is when their order is random.
        aurrac: Mean of A_k.
        oracle: AURRAC when every wrong answer has more saliency than every right one.
        aurrac_normalised: (aurrac - accuracy) / (oracle - accuracy): 1 = oracle, 0 = random.
        failure_auroc: AUROC of saliency as a detector of wrong answers.
        rank_loss: Mean of loss x rank / N, the paper's wording; a rescaled AUROC, not separate evidence.
        kendall_tau: tau-b of threshold and accuracy; nested subsets make it extreme by construction.
    """

    n: int
    n_patients: int
    left_out: int
    accuracy: float
    aurrac: float
    oracle: float
    aurrac_normalised: float
    failure_auroc: float
    rank_loss: float
    kendall_tau: float
    reasons: dict[str, str] = field(default_factory=dict)


def _defined(saliency: npt.ArrayLike, correct: npt.ArrayLike) -> tuple[FloatArray, BoolArray, int]:
    values = np.asarray(saliency, dtype=np.float64)
    right = np.asarray(correct, dtype=np.bool_)
    if values.ndim != 1 or values.shape != right.shape:
        raise ValueError(f"saliency {values.shape} and correct {right.shape} must be vectors of one length")
    kept = ~np.isnan(values)
    return values[kept], right[kept], int((~kept).sum())


def _first(n: int) -> int:
    return (n + 9) // 10


def curve(saliency: npt.ArrayLike, correct: npt.ArrayLike) -> Curve:
    """Return the response rate accuracy curve.

    Args:
        saliency: (n,) ink saliency; pictures with NaN are left out and counted.
        correct: (n,) bool, whether the prediction was right.

    >>> curve([0.1, 0.3, 0.2], [True, False, True]).accuracy.round(2).tolist()
    [1.0, 1.0, 0.67]
    """
    values, right, left_out = _defined(saliency, correct)
    n = len(values)
    k = np.arange(_first(n) or 1, n + 1, dtype=np.int64)
    if not n:
        return Curve(k, k.astype(np.float64), k.astype(np.float64), k.astype(np.float64), 0, 0, left_out)
    groups, inverse, sizes = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    hits = np.concatenate([[0], np.cumsum(np.bincount(inverse, weights=right))])
    # Sharing a group's mean is a straight line between its ends; at the ends the counts are exact integers.
    accuracy = np.interp(k, ends, hits) / k
    threshold = groups[np.searchsorted(ends[1:], k)]
    return Curve(k, k / n, accuracy, threshold, n, int(k[0]), left_out)


def aurrac(saliency: npt.ArrayLike, correct: npt.ArrayLike) -> float:
    """Area under the response rate accuracy curve: the mean of A_k over k = k0..N; NaN without pictures.

    >>> aurrac([1, 2, 3, 4], [True, True, False, False])
    0.7916666666666666
    """
    points = curve(saliency, correct).accuracy
    return float(points.mean()) if len(points) else _NAN


def oracle(n: int, *, hits: int) -> float:
    """AURRAC of `n` pictures when all `hits` right answers come first; NaN without pictures."""
    k = np.arange(_first(n) or 1, n + 1)
    return float(np.minimum(1.0, hits / k).mean()) if n else _NAN


def normalised(saliency: npt.ArrayLike, correct: npt.ArrayLike) -> float:
    """(AURRAC - accuracy) / (oracle - accuracy); NaN when all answers are right, or all wrong."""
    values, right, _ = _defined(saliency, correct)
    n, hits = len(values), int(right.sum())
    if hits in (0, n):
        return _NAN
    return (aurrac(values, right) - hits / n) / (oracle(n, hits=hits) - hits / n)


def failure_auroc(saliency: npt.ArrayLike, correct: npt.ArrayLike) -> float:
    """Return the probability that a wrong answer has more saliency than a right one, ties one half.

    NaN when all answers are right, or all wrong.

    >>> failure_auroc([1, 2, 2], [True, True, False])
    0.75
    """
    values, right, _ = _defined(saliency, correct)
    wrong = int((~right).sum())
    if wrong in (0, len(values)):
        return _NAN
    rank_sum = float(stats.rankdata(values)[~right].sum())
    return (rank_sum - wrong * (wrong + 1) / 2) / (wrong * (len(values) - wrong))


def rank_loss(saliency: npt.ArrayLike, correct: npt.ArrayLike) -> float:
    """Return the mean of loss x mid-rank / N; NaN without pictures.

    It equals e (1 - e) AUROC + e^2 / 2 + e / (2 N), e the error rate.
    """
    values, right, _ = _defined(saliency, correct)
    n = len(values)
    return float(stats.rankdata(values)[~right].sum() / n**2) if n else _NAN


def kendall_tau(saliency: npt.ArrayLike, correct: npt.ArrayLike) -> float:
    """tau-b of k and A_k over the distinct thresholds from k0 on: the ends of the groups of ties.

    NaN with fewer than two distinct thresholds, or when accuracy is the same at all of them.
    """
    line = curve(saliency, correct)
    last = np.append(line.threshold[1:] != line.threshold[:-1], True)[: len(line.k)]
    accuracy = line.accuracy[last]
    if len(np.unique(accuracy)) < 2:
        return _NAN
    return float(stats.kendalltau(line.k[last], accuracy).statistic)


def summarise(saliency: npt.ArrayLike, correct: npt.ArrayLike, *, n_patients: int = 0) -> ResponseRate:
    """Return all figures of SPEC 10 for one set of pictures.

    Args:
        saliency: (n,) ink saliency; pictures with NaN are left out and counted.
        correct: (n,) bool.
        n_patients: Kept with the figures.
    """
    values, right, left_out = _defined(saliency, correct)
    n, hits = len(values), int(right.sum())
    tau = kendall_tau(values, right)
    reasons: dict[str, str] = {}
    if not n:
        reasons = dict.fromkeys(_FIGURES, "no picture with a defined ink saliency")
    elif hits in (0, n):
        reason = "all answers are right" if hits else "all answers are wrong"
        reasons = dict.fromkeys(("aurrac_normalised", "failure_auroc", "kendall_tau"), reason)
    elif np.isnan(tau):
        reasons = {"kendall_tau": "accuracy is the same at every threshold, or there is only one"}
    return ResponseRate(
        n=n,
        n_patients=n_patients,
        left_out=left_out,
        accuracy=hits / n if n else _NAN,
        aurrac=aurrac(values, right),
        oracle=oracle(n, hits=hits),
        aurrac_normalised=normalised(values, right),
        failure_auroc=failure_auroc(values, right),
        rank_loss=rank_loss(values, right),
        kendall_tau=tau,
        reasons=reasons,
    )
