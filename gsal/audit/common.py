"""Which pictures two tables have in common."""

import numpy as np

from gsal.arrays import IntArray

__all__ = ["common_pictures"]


def common_pictures(first: IntArray, second: IntArray) -> tuple[IntArray, IntArray]:
    """Return where the pictures that both have are in either, in the order of their numbers.

    Args:
        first: (n,) int64, numbers of pictures, each once.
        second: (m,) int64, likewise.

    >>> common_pictures(np.array([3, 1, 2]), np.array([2, 3]))
    (array([2, 0]), array([0, 1]))
    """
    if np.array_equal(first, second):  # as nearly always: two models on one validation side
        order = np.argsort(first, kind="stable").astype(np.int64)
        return order, order
    _, rows, others = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    return rows.astype(np.int64), others.astype(np.int64)
