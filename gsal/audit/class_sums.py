"""Sums of ink saliency by patient and true class: all that means of classes and their errors take."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from gsal.arrays import FloatArray, IntArray
from gsal.audit.data import AuditData
from gsal.audit.global_saliency import PixelPool, scores
from gsal.audit.patients import renumbered
from gsal.records import Aggregator

__all__ = ["ClassSums"]


@dataclass(frozen=True, slots=True, eq=False)
class ClassSums:
    """Inked pictures with a defined saliency, of G patients and C classes.

    Attributes:
        classes: (C,) int64, indices of the classes.
        counts: (G, C), pictures.
        sums: (G, C), of their saliency.
        n: (C,), pictures of each class.
        patients: (C,) int64, patients of each class.
        means: (C,), of each class; NaN of no picture.
    """

    classes: IntArray
    counts: FloatArray
    sums: FloatArray
    n: FloatArray = field(init=False)
    patients: IntArray = field(init=False)
    means: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        # All columns are summed by one product: along the longer axis sums are slow.
        ones = np.ones(len(self.counts))
        n = ones @ self.counts
        with np.errstate(invalid="ignore"):
            means = ones @ self.sums / n
        object.__setattr__(self, "n", n)
        object.__setattr__(self, "patients", np.count_nonzero(self.counts, axis=0).astype(np.int64))
        object.__setattr__(self, "means", means)

    @classmethod
    def of(cls, data: AuditData, aggregator: Aggregator, *, pool: PixelPool | None = None) -> Self:
        """Return those of a table.

        Args:
            data: All validation pictures.
            aggregator: MEAN for z(m), PEAK for n.
            pool: Of another run, on whose scale z(m) is put; the data's own when None.
        """
        values = scores(data, aggregator, pool=pool)
        kept = np.isfinite(values)
        codes, patients = renumbered(data.codes[kept])
        present, classes = np.unique(data.true_class[kept], return_inverse=True)
        shape = patients, len(present)
        cells = codes * shape[1] + classes

        def by_cell(weights: FloatArray) -> FloatArray:
            sums = np.bincount(cells, weights=weights, minlength=shape[0] * shape[1])
            return sums.reshape(shape).astype(np.float64)

        return cls(present.astype(np.int64), by_cell(np.ones(len(cells))), by_cell(values[kept]))

    @property
    def others(self) -> Self:
        """The same of the pictures of all others than each class."""
        return type(self)(
            self.classes,
            self.counts.sum(axis=1, keepdims=True) - self.counts,
            self.sums.sum(axis=1, keepdims=True) - self.sums,
        )

    def errors(self) -> FloatArray:
        """Return (G, C), what each patient adds to the error of each mean; NaN in a class of one patient."""
        with np.errstate(invalid="ignore", divide="ignore"):
            scale = np.sqrt(self.patients / (self.patients - 1)) / self.n
            return np.asarray(scale * (self.sums - self.means * self.counts), dtype=np.float64)
