"""The pictures of a training, at the network's size, and the order they are seen in."""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import IntArray
from gsal.errors import ModelError

__all__ = ["ClassifierData", "SegmenterData", "balanced_order", "fingerprint", "split_batches"]


@dataclass(frozen=True, slots=True, eq=False)
class ClassifierData:
    """Pictures with labels.

    Attributes:
        pictures: (N, S, S, 3) uint8, for training.
        labels: (N,) int64, index of the class.
        validation_pictures: (V, S, S, 3) uint8.
        validation_labels: (V,) int64.

    Raises:
        ModelError: Nothing to train on or to validate with, or a single class.
    """

    pictures: npt.NDArray[np.uint8]
    labels: IntArray
    validation_pictures: npt.NDArray[np.uint8]
    validation_labels: IntArray

    def __post_init__(self) -> None:
        _require_pictures(len(self.labels), len(self.validation_labels))
        if len(np.unique(self.labels)) < 2:
            raise ModelError(
                "All training pictures are of one class. Put pictures of at least two into the cohort."
            )


@dataclass(frozen=True, slots=True, eq=False)
class SegmenterData:
    """Pictures with ink masks.

    Attributes:
        pictures: (N, S, S, 3) uint8, for training.
        masks: (N, S, S) bool, True = ink.
        validation_pictures: (V, S, S, 3) uint8.
        validation_masks: (V, S, S) bool.

    Raises:
        ModelError: Nothing to train on or to validate with, or no ink in any training mask.
    """

    pictures: npt.NDArray[np.uint8]
    masks: npt.NDArray[np.bool_]
    validation_pictures: npt.NDArray[np.uint8]
    validation_masks: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        _require_pictures(len(self.masks), len(self.validation_masks))
        if not self.masks.any():
            raise ModelError(
                "No training mask has any ink. Propose and accept masks of inked pictures first."
            )


def balanced_order(labels: IntArray, *, rng: np.random.Generator) -> IntArray:
    """Draw an epoch of as many pictures as there are in which every class has the same expected count.

    A class gets N / C places (rounded at random to sum to N), filled by going through its shuffled pictures
    as often as needed: rare classes are repeated, and no picture comes again before all of its class came
    once.

    Args:
        labels: (N,) index of the class; classes without a picture get no place.
        rng: Source of the draw.

    Returns:
        (N,) int64 indices in random order.
    """
    present = np.unique(labels)
    quotas = np.full(len(present), len(labels) // len(present))
    quotas[rng.permutation(len(present))[: len(labels) % len(present)]] += 1
    chosen = [
        np.resize(rng.permutation(np.flatnonzero(labels == label)), quota)
        for label, quota in zip(present, quotas, strict=True)
    ]
    return rng.permutation(np.concatenate(chosen)).astype(np.int64)


def split_batches(order: IntArray, batch_size: int) -> list[IntArray]:
    """Split an epoch's order into the fewest batches of at most `batch_size`, equal to within one picture.

    A last batch of one picture, on which batch normalisation fails or learns noise, does not arise.

    >>> [len(batch) for batch in split_batches(np.arange(33), 32)]
    [17, 16]
    """
    return np.array_split(order, -(-len(order) // batch_size))


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
