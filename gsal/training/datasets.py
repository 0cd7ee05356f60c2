"""The pictures of a training, at the network's size, and the order they are seen in."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import IntArray, RgbImage
from gsal.errors import ModelError
from gsal.training.recipe import LEAST_INK_FREE
from gsal.training.windows import INK, Target

__all__ = [
    "ClassifierData",
    "SegmenterData",
    "balanced_order",
    "fingerprint",
    "split_batches",
    "windows_order",
]


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


def windows_order(
    is_inked: npt.NDArray[np.bool_], *, windows: int, ink_share: float, rng: np.random.Generator
) -> IntArray:
    """Draw the pictures of an epoch's windows, a quarter of them without ink where there are such pictures.

    Of each kind all come once before one comes again.

    Args:
        is_inked: (N,) which pictures have ink.
        windows: Of the epoch; 0 for each picture once, as far as the quarter allows.
        ink_share: Of the windows, those of inked pictures, where `windows` is given.
        rng: Source of the draw.

    Returns:
        (windows or N,) int64 indices in random order.
    """
    n = windows or len(is_inked)
    inked, free = np.flatnonzero(is_inked), np.flatnonzero(~is_inked)
    n_inked = round(ink_share * n) if windows else len(inked)
    n_inked = min(n_inked, int((1 - LEAST_INK_FREE) * n)) if len(free) else n
    if not len(inked):
        n_inked = 0
    parts = ((inked, n_inked), (free, n - n_inked))
    drawn = [_round_and_round(kind, count, rng) for kind, count in parts if count]
    return rng.permutation(np.concatenate(drawn)).astype(np.int64)


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
        _round_and_round(np.flatnonzero(labels == label), quota, rng)
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


def _round_and_round(indices: IntArray, count: int, rng: np.random.Generator) -> IntArray:
    """Go through shuffled indices, as often as needed."""
    return np.resize(rng.permutation(indices), count)


def _require_pictures(training: int, validation: int) -> None:
    if training == 0:
        raise ModelError(
            "There is no picture to train on. Choose a cohort with pictures on the training side."
        )
    if validation == 0:
        raise ModelError(
            "There is no picture to validate with. Choose a cohort with some on the validation side."
        )
