"""The pictures of a training, at the network's size."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from gsal.arrays import IntArray, RgbImage
from gsal.errors import ModelError
from gsal.training.windows import INK, Target

__all__ = ["ClassifierData", "Pictures", "SegmenterData", "fingerprint"]


Pictures: TypeAlias = Sequence[RgbImage] | npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class ClassifierData:
    """Pictures with labels.

    Attributes:
        pictures: N of (S, S, 3) uint8, for training.
        labels: (N,) int64, index of the class.
        validation_pictures: (V, S, S, 3) uint8.
        validation_labels: (V,) int64.
        classes: Their names, for the curves; empty for the macro mean alone.
        is_inked: (N,) whether each picture for training has ink; None where nobody asks.

    Raises:
        ModelError: Nothing to train on or to validate with, or a single class.
    """

    pictures: Pictures
    labels: IntArray
    validation_pictures: npt.NDArray[np.uint8]
    validation_labels: IntArray
    classes: tuple[str, ...] = ()
    is_inked: npt.NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        _require_pictures(len(self.labels), len(self.validation_labels))
        if len(np.unique(self.labels)) < 2:
            raise ModelError(
                "All training pictures are of one class. Put pictures of at least two into the cohort."
            )


@dataclass(frozen=True, slots=True, eq=False)
class SegmenterData:
    """Pictures with what is known of their ink.

    Attributes:
        pictures: (H, W, 3) uint8 each, long side as the recipe says, for training.
        targets: (H, W) uint8 each, see `gsal.training.windows`.
        validation_pictures: (H, W, 3) uint8 each.
        validation_targets: (H, W) uint8 each.

    Raises:
        ModelError: Nothing to train on or to validate with, or no ink in any training target.
    """

    pictures: Sequence[RgbImage]
    targets: Sequence[Target]
    validation_pictures: Sequence[RgbImage]
    validation_targets: Sequence[Target]

    def __post_init__(self) -> None:
        _require_pictures(len(self.targets), len(self.validation_targets))
        if not any((target == INK).any() for target in self.targets):
            raise ModelError(
                "No training mask has any ink. Propose and accept masks of inked pictures first."
            )


def fingerprint(*arrays: npt.NDArray[np.generic]) -> str:
    """Return what tells these arrays from others: a hash of their types, shapes and bytes."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _require_pictures(training: int, validation: int) -> None:
    if training == 0:
        raise ModelError(
            "There is no picture to train on. Choose a cohort with pictures on the training side."
        )
    if validation == 0:
        raise ModelError(
            "There is no picture to validate with. Choose a cohort with some on the validation side."
        )
