"""What a classifier said about pictures whose class is known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray
from gsal.resampling import clusters

__all__ = ["Answers", "pooled"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Answers:
    """One classifier's answers on N pictures in one variant, C classes.

    Attributes:
        model: Its name, or that of the group whose answers were pooled.
        classes: In the order of the probabilities.
        image_ids: (N,) int64, each once.
        patient: (N,) strings; pictures of one patient share theirs, "" stands alone.
        true_class: (N,) int64, indices into `classes`.
        probabilities: (N, C) float64, softmax.
        inked, uninked: (N,) bool; neither where nobody knows.
    """

    model: str
    classes: tuple[str, ...]
    image_ids: IntArray
    patient: npt.NDArray[np.str_]
    true_class: IntArray
    probabilities: FloatArray
    inked: npt.NDArray[np.bool_]
    uninked: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        n = len(self.image_ids)
        for name in ("patient", "true_class", "inked", "uninked"):
            if (shape := getattr(self, name).shape) != (n,):
                raise ValueError(f"{name} has shape {shape}, expected {(n,)}")
        if self.probabilities.shape != (n, len(self.classes)):
            raise ValueError(f"probabilities have shape {self.probabilities.shape}")
        if len(np.unique(self.image_ids)) != n:
            raise ValueError("a picture was given twice")

    @property
    def n(self) -> int:
        """Pictures."""
        return len(self.image_ids)

    @property
    def codes(self) -> IntArray:
        """(N,) int64, the patients numbered 0, 1, ... by name."""
        return clusters(self.patient)

    @property
    def predicted(self) -> IntArray:
        """(N,) int64, the class of the largest probability."""
        return np.asarray(self.probabilities.argmax(axis=1), dtype=np.int64)

    @property
    def correct(self) -> npt.NDArray[np.bool_]:
        """(N,) bool, whether the predicted class is the true one."""
        return np.equal(self.predicted, self.true_class)


def pooled(parts: Sequence[Answers], model: str) -> Answers:
    """Join the out-of-fold answers of a cross-validation's networks.

    Probabilities are compared across networks then, as one would compare those of one network; AUROCs are
    lower where the networks differ in how sure they are.

    Args:
        parts: Of networks with the same classes, on pictures that differ.
        model: What the whole is called.

    Raises:
        ValueError: None, classes that differ, or a picture in two parts.
    """
    if len({part.classes for part in parts}) != 1:
        raise ValueError("expected at least one part, all with the same classes")
    return Answers(
        model=model,
        classes=parts[0].classes,
        image_ids=np.concatenate([part.image_ids for part in parts]),
        patient=np.concatenate([part.patient for part in parts]),
        true_class=np.concatenate([part.true_class for part in parts]),
        probabilities=np.concatenate([part.probabilities for part in parts]),
        inked=np.concatenate([part.inked for part in parts]),
        uninked=np.concatenate([part.uninked for part in parts]),
    )
