"""Chance by resampling whole patients, and the area under a curve for all resamples at once."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

__all__ = ["clusters", "percentile_interval", "renumbered", "resampled_weights", "weighted_auroc"]

_BLOCK_CELLS = 2_000_000


def clusters(patient: npt.NDArray[np.str_]) -> npt.NDArray[np.int64]:
    """Number the patients 0, 1, ... in the order of their names; a picture with an empty id stands alone.

    >>> clusters(np.array(["p2", "p1", "p2", ""]))
    array([2, 1, 2, 0])
    """
    names = [name or f"\0{row}" for row, name in enumerate(patient.tolist())]
    return np.unique(np.array(names, dtype=np.str_), return_inverse=True)[1].astype(np.int64)


def renumbered(codes: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], int]:
    """Number those that are there 0, 1, ... in their order; return the (n,) numbers, and how many they are.

    >>> renumbered(np.array([7, 2, 7]))
    (array([1, 0, 1]), 2)
    """
    is_there = np.bincount(codes) > 0
    numbers = np.cumsum(is_there) - 1
    return numbers[codes].astype(np.int64), int(is_there.sum())


def resampled_weights(
    patients: int, *, draws: int, rng: np.random.Generator
) -> Iterator[npt.NDArray[np.float64]]:
    """Yield blocks (b, G) float64 of how often each of G patients was drawn, `draws` rows in all.

    G are drawn with replacement; the stream is that of `rng.integers(G, size=(draws, G))`.
    """
    block = max(1, _BLOCK_CELLS // max(patients, 1))
    for start in range(0, draws, block):
        rows = min(block, draws - start)
        drawn = rng.integers(patients, size=(rows, patients)) + patients * np.arange(rows)[:, np.newaxis]
        yield np.bincount(drawn.ravel(), minlength=rows * patients).reshape(rows, patients).astype(np.float64)


def percentile_interval(values: npt.NDArray[np.floating]) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile of the defined values; NaN when under 95 % are defined."""
    defined = values[np.isfinite(values)]
    if not len(defined) or len(defined) < 0.95 * len(values):
        return float("nan"), float("nan")
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)


def weighted_auroc(
    score: npt.NDArray[np.float64], positive: npt.NDArray[np.bool_], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Give the AUROC of (n,) scores under each of (b, n) weights, ties one half; NaN without both kinds.

    >>> weighted_auroc(np.array([1.0, 2.0, 2.0]), np.array([False, True, False]), np.ones((1, 3)))
    array([0.75])
    """
    if not len(score):
        return np.full(len(weights), np.nan)
    order = np.argsort(score, kind="stable")
    starts = np.concatenate([[0], np.flatnonzero(np.diff(score[order])) + 1])
    hits = np.add.reduceat((weights * positive)[:, order], starts, axis=1)
    misses = np.add.reduceat((weights * ~positive)[:, order], starts, axis=1)
    below = np.cumsum(misses, axis=1) - misses / 2
    pairs = hits.sum(axis=1) * misses.sum(axis=1)
    concordant = (hits * below).sum(axis=1)
    aurocs: npt.NDArray[np.float64] = np.divide(
        concordant, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0
    )
    return aurocs
