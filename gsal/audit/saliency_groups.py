"""Pictures grouped in the order of their ink saliency, and what resampling whole patients makes of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gsal.arrays import FloatArray, IntArray
from gsal.resampling import resampled_weights

__all__ = ["MOST_UNITS", "SaliencyGroups"]

MOST_UNITS = 2000
"""With more patients, they are put together at random into so many lots, and whole lots are drawn."""

_BLOCK_DRAWS = 250


@dataclass(frozen=True, slots=True, eq=False)
class SaliencyGroups:
    """n pictures in K groups, from the least to the most ink-salient.

    A group's pictures count as tied; pictures of one saliency are never parted.

    Attributes:
        group: (n,) int64, 0 to K - 1.
        right: (n,) bool.
        codes: (n,) int64, the patients 0 to G - 1.
        patients: G.
        size: K.
    """

    group: IntArray
    right: npt.NDArray[np.bool_]
    codes: IntArray
    patients: int
    size: int

    @classmethod
    def of(
        cls, values: FloatArray, right: npt.NDArray[np.bool_], codes: IntArray, *, most: int
    ) -> "SaliencyGroups":
        """Group (n,) pictures, n > 0, by their saliency, which holds no NaN.

        Args:
            values: (n,) ink saliency.
            right: (n,) whether the answer was.
            codes: (n,) the pictures' patients, each number from 0 on.
            most: With more distinct values, neighbours share one of about so many groups of like size.
        """
        _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
        if len(sizes) > most:
            middle = np.cumsum(sizes) - (sizes + 1) // 2
            group = np.unique(middle * most // len(values), return_inverse=True)[1][group]
        group = group.astype(np.int64)
        return cls(group, right, codes, int(codes.max()) + 1, int(group.max()) + 1)

    def resampled(self, *, draws: int, rng: np.random.Generator) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield (b, K) pictures of each group and (b, K) right answers, a resample a row, `draws` in all.

        Whole patients are drawn with replacement, in the stream of `resampled_weights`. Above `MOST_UNITS`
        patients it is lots of them that are drawn: a variance is the same on average over the ways to make
        lots, and strays from it by some sqrt(2 / MOST_UNITS) = 3 %.
        """
        units, codes = self.patients, self.codes
        if units > MOST_UNITS:
            units, codes = MOST_UNITS, (rng.permutation(self.patients) % MOST_UNITS)[self.codes]
        cells = 2 * self.group + self.right
        # Small whole numbers, which float32 holds exactly in half the room.
        ones = np.ones(len(cells), dtype=np.float32)
        table = sparse.csr_array((ones, (cells, codes)), shape=(2 * self.size, units))
        for weights in resampled_weights(units, draws=draws, rng=rng):
            for start in range(0, len(weights), _BLOCK_DRAWS):
                drawn = weights[start : start + _BLOCK_DRAWS].T.astype(np.float32)
                counts = np.asarray(table @ drawn, dtype=np.float64)
                wrong, right = counts[::2].T, counts[1::2].T
                yield wrong + right, right
