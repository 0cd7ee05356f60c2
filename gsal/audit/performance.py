"""How well a model does on all, inked and uninked validation pictures (SPEC 9; Table 2 of the paper)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray
from gsal.audit.answers import Answers
from gsal.audit.data import AuditData
from gsal.audit.estimate import Figure, resampled, undefined
from gsal.audit.influence import macro_and_influence
from gsal.resampling import renumbered, weighted_auroc

__all__ = ["Answered", "Performance", "Subset", "macro_auroc", "performance"]

_NAN = float("nan")


class Subset(StrEnum):
    """Which validation pictures a figure is over."""

    ALL = "all"
    INKED = "inked"
    UNINKED = "uninked"


Answered: TypeAlias = AuditData | Answers
"""What a model said of pictures whose class is known."""


@dataclass(frozen=True, slots=True)
class Performance:
    """Accuracy and macro-mean AUROC of a model on a subset, with 95 % intervals.

    The intervals are percentiles of a bootstrap of whole patients; with many pictures, of the normal
    distribution that it tends to.

    Attributes:
        n: Pictures.
        n_patients: Patients they are of.
        auroc: Mean over classes of the one-against-rest AUROC of the softmax probability.
        method: How the intervals were made, in words.
        absent: Classes left out of that mean, for want of a picture of the class or outside it.
    """

    model: str
    subset: Subset
    n: int
    n_patients: int
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    auroc: float
    auroc_low: float
    auroc_high: float
    absent: tuple[str, ...]
    method: str = ""


def _macro(
    probabilities: FloatArray, true_class: IntArray, present: list[int], weights: FloatArray
) -> FloatArray:
    columns = [weighted_auroc(probabilities[:, index], true_class == index, weights) for index in present]
    return np.asarray(np.mean(columns, axis=0), dtype=np.float64)


def _present(true_class: IntArray, classes: int) -> list[int]:
    counts = np.bincount(true_class, minlength=classes)
    return np.flatnonzero((counts > 0) & (counts < len(true_class))).tolist()


def macro_auroc(probabilities: FloatArray, true_class: IntArray) -> float:
    """Return the mean one-against-rest AUROC over the classes that have pictures inside and outside them.

    Args:
        probabilities: (N, C) float64.
        true_class: (N,) int64.

    >>> macro_auroc(np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]]), np.array([0, 1, 0]))
    1.0
    """
    present = _present(true_class, probabilities.shape[1])
    if not present or np.isnan(probabilities).any():
        return _NAN
    return macro_and_influence(probabilities, true_class, present)[0]


def _on(
    data: Answered, subset: Subset, rows: npt.NDArray[np.bool_], rng: np.random.Generator, draws: int
) -> Performance:
    probabilities, true_class, correct = data.probabilities[rows], data.true_class[rows], data.correct[rows]
    codes, patients = renumbered(data.codes[rows])
    n = int(rows.sum())
    present = _present(true_class, len(data.classes))
    auroc, influence = _NAN, np.zeros(0)
    if present and not np.isnan(probabilities).any():
        auroc, influence = macro_and_influence(probabilities, true_class, present)
    right = Figure(
        float(correct.mean()) if n else _NAN,
        lambda weights: weights @ correct / weights.sum(axis=1),
        lambda: correct - correct.mean(),
    )
    ranking = Figure(
        auroc,
        lambda weights: _macro(probabilities, true_class, present, weights),
        lambda: influence,
    )
    found = undefined("") if np.isnan(auroc) else resampled(ranking, codes, rng=rng, draws=draws)
    accuracy = resampled(right, codes, rng=rng, draws=draws)
    return Performance(
        model=data.model,
        subset=subset,
        n=n,
        n_patients=patients,
        accuracy=accuracy.estimate,
        accuracy_low=accuracy.low,
        accuracy_high=accuracy.high,
        auroc=auroc,
        auroc_low=found.low,
        auroc_high=found.high,
        absent=tuple(name for index, name in enumerate(data.classes) if index not in present),
        method=accuracy.method,
    )


def performance(data: Answered, *, rng: np.random.Generator, draws: int = 1000) -> tuple[Performance, ...]:
    """Return accuracy and macro AUROC on all, inked and uninked pictures.

    With more than MOST_RESAMPLED pictures nothing is drawn (gsal.audit.estimate). An interval is undefined
    when over 5 % of the draws miss a class.

    Args:
        data: All validation pictures.
        rng: Draws the patients.
        draws: Of the bootstrap.
    """
    everything = np.ones(data.n, dtype=np.bool_)
    subsets = {Subset.ALL: everything, Subset.INKED: data.inked, Subset.UNINKED: data.uninked}
    return tuple(_on(data, subset, rows, rng, draws) for subset, rows in subsets.items())
