"""What ink does to a classifier's answers, measured: the same pictures with and without it (SPEC 11)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray
from gsal.audit.patients import cluster_mean, cluster_share, clusters
from gsal.masks.proportions import Proportion
from gsal.records import Variant

__all__ = ["ALL", "ClassEffect", "Counterfactual", "Pairs", "Scale", "Shift", "Turn", "counterfactual_of"]

ALL = "all"
"""Name of the figures over all true classes."""


class Scale(StrEnum):
    """What is compared of a class."""

    LOGIT = "logit"
    PROBABILITY = "probability"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Pairs:
    """One classifier's logits on N pictures as they are and in one variant, C classes.

    Attributes:
        model: Its name.
        classes: In the order of the logits.
        variant: What was done to the pictures.
        image_ids: (N,) int64, each once.
        patient: (N,) strings; pictures of one patient share theirs, "" stands alone.
        true_class: (N,) int64, indices into `classes`.
        before, after: (N, C) float64, logits of the pictures as they are and of the variant.

    Raises:
        ValueError: Arrays that do not fit together.
    """

    model: str
    classes: tuple[str, ...]
    variant: Variant
    image_ids: IntArray
    patient: npt.NDArray[np.str_]
    true_class: IntArray
    before: FloatArray
    after: FloatArray

    def __post_init__(self) -> None:
        n = len(self.image_ids)
        if self.patient.shape != (n,) or self.true_class.shape != (n,):
            raise ValueError(f"expected a patient and a true class for each of {n} pictures")
        for name in ("before", "after"):
            if (shape := getattr(self, name).shape) != (n, len(self.classes)):
                raise ValueError(f"{name} has shape {shape}, expected {(n, len(self.classes))}")
        if len(np.unique(self.image_ids)) != n:
            raise ValueError("a picture was given twice")

    @property
    def n(self) -> int:
        """Pictures."""
        return len(self.image_ids)

    @property
    def predicted(self) -> IntArray:
        """(N,) int64, the class predicted on the picture as it is."""
        return np.asarray(self.before.argmax(axis=1), dtype=np.int64)

    @property
    def flipped(self) -> npt.NDArray[np.bool_]:
        """(N,) bool, whether the variant is given another class."""
        return np.asarray(self.predicted != self.after.argmax(axis=1), dtype=np.bool_)

    def change(self, scale: Scale) -> FloatArray:
        """Return (N, C) float64, what the variant adds to each class's logit or probability."""
        if scale is Scale.LOGIT:
            return np.asarray(self.after - self.before, dtype=np.float64)
        return np.asarray(_softmax(self.after) - _softmax(self.before), dtype=np.float64)

    def ink_effect(self, scale: Scale) -> FloatArray:
        """Return (N, C) float64, what the ink adds to each class: with ink minus without.

        That is the change itself where ink was laid on, and its negative where it was taken away.
        """
        return self.change(scale) if self.variant is Variant.PASTED else -self.change(scale)


@dataclass(frozen=True, slots=True)
class Shift:
    """A mean change with its 95 % interval; NaN where undefined.

    Attributes:
        n: Pictures.
        n_patients: Patients they are of.
        reason: Why something is undefined, else "".
        method: How the interval was made, in words.
    """

    mean: float
    low: float
    high: float
    n: int
    n_patients: int
    reason: str
    method: str = "t interval, standard error clustered by patient"


@dataclass(frozen=True, slots=True)
class ClassEffect:
    """What the variant does to the pictures of one true class, or to all.

    Attributes:
        name: Of the class, or `ALL`.
        flips: Share that is given another class than before.
        confidence: Change of the probability of the class predicted before.
        logit: Change of that class's logit. One number added to all logits of a network changes no answer,
            but this: it compares pictures and classes of one network, not networks.
        probabilities: Change of each class's probability.
    """

    name: str
    flips: Proportion
    confidence: Shift
    logit: Shift
    probabilities: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Pictures whose answer leaves a class, and pictures whose answer comes to it."""

    name: str
    left: int
    joined: int


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What a variant does to one classifier's answers; all changes are variant minus picture as it is.

    Attributes:
        variant: Slug.
        overall: Over all pictures that have the variant.
        by_class: Over those of each true class, in the order of the classes.
        turns: Of each class, in the same order.
    """

    model: str
    variant: str
    overall: ClassEffect
    by_class: tuple[ClassEffect, ...]
    turns: tuple[Turn, ...]


def counterfactual_of(pairs: Pairs) -> Counterfactual:
    """Return flip rate and changes over all pictures and by true class, and which classes gain.

    Every figure has its interval, which takes patients as the unit of chance. Classes without pictures have
    figures that are undefined and say so.
    """
    everything = np.ones(pairs.n, dtype=np.bool_)
    was, now = pairs.predicted, pairs.after.argmax(axis=1)
    left = np.bincount(was[pairs.flipped], minlength=len(pairs.classes))
    joined = np.bincount(now[pairs.flipped], minlength=len(pairs.classes))
    return Counterfactual(
        model=pairs.model,
        variant=str(pairs.variant),
        overall=_on(pairs, ALL, everything),
        by_class=tuple(
            _on(pairs, name, pairs.true_class == index) for index, name in enumerate(pairs.classes)
        ),
        turns=tuple(
            Turn(name, int(left[index]), int(joined[index])) for index, name in enumerate(pairs.classes)
        ),
    )


def _on(pairs: Pairs, name: str, rows: npt.NDArray[np.bool_]) -> ClassEffect:
    codes = clusters(pairs.patient)[rows]
    predicted = pairs.predicted[rows]
    logits, probabilities = (pairs.change(scale)[rows] for scale in (Scale.LOGIT, Scale.PROBABILITY))
    at = np.arange(len(predicted)), predicted
    return ClassEffect(
        name=name,
        flips=cluster_share(pairs.flipped[rows], codes),
        confidence=_shift(probabilities[at], codes),
        logit=_shift(logits[at], codes),
        probabilities=tuple(_shift(column, codes) for column in probabilities.T),
    )


def _shift(values: FloatArray, codes: IntArray) -> Shift:
    estimate = cluster_mean(values, codes)
    reason = "" if estimate.n_patients > 1 else "fewer than two patients: no interval"
    return Shift(
        mean=estimate.mean,
        low=estimate.low,
        high=estimate.high,
        n=estimate.n,
        n_patients=estimate.n_patients,
        reason=reason if estimate.n else "no picture has this variant",
    )


def _softmax(logits: FloatArray) -> FloatArray:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float64)
