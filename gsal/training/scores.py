"""How well a classifier does on pictures whose class is known."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray
from gsal.resampling import weighted_auroc

__all__ = [
    "ReliabilityBin",
    "accuracy",
    "calibration_error",
    "class_aurocs",
    "confusion_matrix",
    "macro_auroc",
    "reliability",
]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Pictures of which the network was about equally sure.

    Attributes:
        low, high: Of the largest probability; low < p <= high.
        n: Pictures.
        confidence: Mean of the largest probability.
        accuracy: Share of them that are of the class it names.
    """

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def accuracy(logits: FloatArray, labels: IntArray) -> float:
    """Return the share of pictures whose largest logit is that of their class."""
    return float((logits.argmax(axis=1) == labels).mean())


def class_aurocs(scores: FloatArray, labels: IntArray) -> FloatArray:
    """Return each class's one-against-rest area under the ROC curve, (classes,); NaN where undefined.

    See `gsal.resampling.weighted_auroc`. Classes without pictures, or with all of them, have none.

    Args:
        scores: (N, classes), comparable across pictures: probabilities rather than logits.
        labels: (N,) index of the class.
    """
    once = np.ones((1, len(labels)))
    areas = [weighted_auroc(scores[:, index], labels == index, once) for index in range(scores.shape[1])]
    return np.concatenate(areas)


def macro_auroc(scores: FloatArray, labels: IntArray) -> float:
    """Return the mean of the `class_aurocs` that are defined; NaN if none is.

    >>> macro_auroc(np.array([[0.9, 0.1], [0.4, 0.6], [0.6, 0.4], [0.2, 0.8]]), np.array([0, 0, 1, 1]))
    0.75
    """
    areas = class_aurocs(scores, labels)
    return float("nan") if np.isnan(areas).all() else float(np.nanmean(areas))


def confusion_matrix(logits: FloatArray, labels: IntArray) -> npt.NDArray[np.int64]:
    """Count the pictures of each class (row) by the class that the largest logit names (column).

    >>> confusion_matrix(np.array([[2.0, 1.0], [0.0, 3.0], [5.0, 0.0]]), np.array([0, 0, 1])).tolist()
    [[1, 1], [1, 0]]
    """
    n = logits.shape[1]
    return np.bincount(n * labels + logits.argmax(axis=1), minlength=n * n).reshape(n, n)


def reliability(probabilities: FloatArray, labels: IntArray, *, bins: int = 10) -> list[ReliabilityBin]:
    """Group pictures by the largest probability, in bins of equal width; empty ones are left out.

    Args:
        probabilities: (N, classes) that sum to 1.
        labels: (N,) index of the class.
        bins: From 0 to 1.
    """
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    edges = np.linspace(0, 1, bins + 1)
    of = np.clip(np.searchsorted(edges, sure, side="left") - 1, 0, bins - 1)
    found = []
    for index in np.unique(of):
        own = of == index
        low, high = float(edges[index]), float(edges[index + 1])
        found.append(
            ReliabilityBin(low, high, int(own.sum()), float(sure[own].mean()), float(right[own].mean()))
        )
    return found


def calibration_error(bins: list[ReliabilityBin]) -> float:
    """Return the expected calibration error: the mean |accuracy - confidence| over pictures, bin by bin.

    (Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian Binning", 2015.) It is biased
    upward where bins are small.
    """
    n = sum(one.n for one in bins)
    return sum(one.n * abs(one.accuracy - one.confidence) for one in bins) / n if n else float("nan")
