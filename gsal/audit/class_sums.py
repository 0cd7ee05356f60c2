"""Sums of ink saliency by patient and true class: all that means of classes and their errors take."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from gsal.arrays import FloatArray, IntArray
from gsal.audit.data import AuditData
from gsal.audit.global_saliency import PixelPool, scores
from gsal.audit.patients import renumbered
from gsal.audit.saliency_groups import MOST_UNITS
from gsal.records import Aggregator

__all__ = ["ClassSums", "has_normal_means"]

_MANY_PATIENTS = 500
"""With so many in every class, class means are normal."""


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
        return cls.over(scores(data, aggregator, pool=pool), data.true_class, data.codes)

    @classmethod
    def over(cls, values: FloatArray, true_class: IntArray, codes: IntArray) -> Self:
        """Return those of (n,) values, their true classes and patients; a NaN is left out."""
        kept = np.isfinite(values)
        codes, patients = renumbered(codes[kept])
        present, classes = np.unique(true_class[kept], return_inverse=True)
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

    @property
    def variance(self) -> float:
        """Of the class means, ddof 1."""
        return float(self.means.var(ddof=1))

    @property
    def noise(self) -> float:
        """The mean squared standard error of the class means; NaN with a class of one patient."""
        return float((self.errors() ** 2).sum(axis=0).mean())

    def errors(self) -> FloatArray:
        """Return (G, C), what each patient adds to the error of each mean; NaN in a class of one patient."""
        with np.errstate(invalid="ignore", divide="ignore"):
            scale = np.sqrt(self.patients / (self.patients - 1)) / self.n
            return np.asarray(scale * (self.sums - self.means * self.counts), dtype=np.float64)

    def resampled_variances(self, weights: FloatArray) -> FloatArray:
        """Return (b,) variances of the class means, less their noise, of resamples of whole patients.

        Args:
            weights: (b, G), how often each patient was drawn.

        Returns:
            NaN where a resample leaves a class without two patients.
        """
        parts = (
            *(self.counts, self.counts > 0, self.sums),
            *(self.sums**2, self.sums * self.counts, self.counts**2),
        )
        n, patients, totals, squared, crossed, counts_squared = (weights @ part for part in parts)
        with np.errstate(invalid="ignore", divide="ignore"):
            means = totals / n
            squares = squared - 2 * means * crossed + means**2 * counts_squared
            noise = patients / (patients - 1) * np.maximum(squares, 0) / n**2
        return np.asarray(means.var(axis=1, ddof=1) - noise.mean(axis=1), dtype=np.float64)


def has_normal_means(sums: ClassSums) -> bool:
    """Whether patients are so many that class means are drawn from the normal distribution they tend to."""
    return len(sums.counts) > MOST_UNITS or int(sums.patients.min()) >= _MANY_PATIENTS
