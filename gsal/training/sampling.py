"""The order in which a training sees its pictures, and how often."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray
from gsal.errors import ModelError
from gsal.training.recipe import LEAST_INK_FREE, Sampler

__all__ = ["balanced_order", "epoch_order", "ink_independent_order", "split_batches", "windows_order"]


def epoch_order(
    labels: IntArray, sampler: Sampler, *, is_inked: npt.NDArray[np.bool_] | None, rng: np.random.Generator
) -> IntArray:
    """Draw an epoch of as many pictures as there are, as a sampler has it.

    Args:
        labels: (N,) index of the class.
        sampler: How often pictures come.
        is_inked: (N,) which pictures have ink, for the samplers that ask.
        rng: Source of the draw.

    Returns:
        (N,) int64 indices in random order.

    Raises:
        ModelError: See `ink_independent_order`.
    """
    if sampler is Sampler.NATURAL:
        return rng.permutation(len(labels)).astype(np.int64)
    if sampler is Sampler.BALANCED:
        return balanced_order(labels, rng=rng)
    if is_inked is None:
        raise ValueError(f"the sampler {sampler} needs to know which pictures are inked")
    is_balanced = sampler is Sampler.INK_INDEPENDENT_BALANCED
    return ink_independent_order(labels, is_inked, is_balanced=is_balanced, rng=rng)


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
    kinds = [np.flatnonzero(labels == label) for label in present]
    return _drawn(kinds, quotas.tolist(), rng)


def ink_independent_order(
    labels: IntArray, is_inked: npt.NDArray[np.bool_], *, is_balanced: bool, rng: np.random.Generator
) -> IntArray:
    """Draw an epoch of as many pictures as there are in which the class says nothing about ink (SPEC 5).

    The expected count of class c with and without ink is N P(c) P(ink) and N P(c) (1 - P(ink)), so that
    P(c | ink) = P(c | no ink) = P(c). Places are rounded at random, so that the expected counts are exact.

    Args:
        labels: (N,) index of the class.
        is_inked: (N,) which pictures have ink.
        is_balanced: Whether P(c) is the same for all classes; else as the pictures have it.
        rng: Source of the draw.

    Returns:
        (N,) int64 indices in random order.

    Raises:
        ModelError: A class has only inked or only ink-free pictures: nothing can be drawn to match.
    """
    present, n = np.unique(labels), len(labels)
    of_class = np.array([(labels == label).mean() for label in present])
    if is_balanced:
        of_class = np.full(len(present), 1 / len(present))
    inked = float(is_inked.mean())
    kinds = [np.flatnonzero((labels == c) & (is_inked == ink)) for ink in (True, False) for c in present]
    shares = np.concatenate([of_class * inked, of_class * (1 - inked)])
    if any(share > 0 and not len(kind) for kind, share in zip(kinds, shares, strict=True)):
        raise ModelError(
            "Ink cannot be made independent of the class: one class has only inked or only ink-free training "
            "pictures. Leave the class out of the cohort, or choose another sampler."
        )
    return _drawn(kinds, _rounded(n * shares, rng), rng)


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
    return _drawn([inked, free], [n_inked, n - n_inked], rng)


def split_batches(order: IntArray, batch_size: int) -> list[IntArray]:
    """Split an epoch's order into the fewest batches of at most `batch_size`, equal to within one picture.

    A last batch of one picture, on which batch normalisation fails or learns noise, does not arise.

    >>> [len(batch) for batch in split_batches(np.arange(33), 32)]
    [17, 16]
    """
    return np.array_split(order, -(-len(order) // batch_size))


def _rounded(expected: FloatArray, rng: np.random.Generator) -> list[int]:
    """Round counts to whole ones of the same sum, each up or down, with these expectations."""
    steps = np.floor(np.cumsum(expected) + rng.random() + 1e-9)
    counts = np.diff(steps, prepend=0.0).astype(int)
    counts[-1] += round(float(expected.sum())) - int(counts.sum())
    return [int(count) for count in counts]


def _drawn(
    kinds: Sequence[npt.NDArray[np.intp]], counts: Sequence[int], rng: np.random.Generator
) -> IntArray:
    """Draw so many of each kind, in one random order; all of a kind come once before one comes again."""
    drawn = [
        np.resize(rng.permutation(kind), count) for kind, count in zip(kinds, counts, strict=True) if count
    ]
    return rng.permutation(np.concatenate(drawn)).astype(np.int64)
