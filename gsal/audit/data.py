"""What an audit rests on: one row per validation picture for one model and one saliency method."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from gsal.arrays import FloatArray, IntArray
from gsal.progress import SaliencyBatch
from gsal.records import Aggregator
from gsal.resampling import clusters

__all__ = ["AuditData"]

_PER_PICTURE = (
    *("image_ids", "patient", "true_class", "predicted", "explained", "inked", "ink_px", "mask_area"),
    *("mean", "peak", "map_sum", "map_sum_sq", "map_pixels"),
)
_TOLD = tuple(name for name in _PER_PICTURE if name not in {"patient", "map_pixels"})
"""What a batch has under the same name."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AuditData:
    """Per-picture answers and ink saliency of one trained model under one method, N pictures, C classes.

    All validation pictures belong here, inked or not: the z-scores of SPEC 8 pool them all.

    Attributes:
        model: The model's name.
        seed: Of its training; None for a model brought along.
        cohort: It was trained on; "" for none.
        method: Slug of the saliency method.
        mask_set: Which masks the figures rest on.
        classes: In the order of the logits.
        fold: Of a cross-validation; None for the one split.
        images: The pictures' names, N.
        image_ids: (N,) int64.
        patient: (N,) strings; pictures of one patient share theirs, "" stands alone.
        true_class, predicted, explained: (N,) int64, indices into `classes`.
        logits: (N, C) float64; NaN where not known.
        inked: (N,) bool, ink_px above the project's bound (SPEC 1).
        ink_px: (N,) float64, ink pixels at the reference size; NaN where not known.
        mask_area: (N,) float64, |A| on the network's grid; NaN where not known.
        mean: (N,) float64, m of the explained class; NaN without ink.
        peak: (N,) float64, n of the explained class; NaN without ink.
        map_sum, map_sum_sq: (N,) float64, sums over the pixels of the explained class's map.
        map_pixels: (N,) int64, pixels of that map.
        codes: (N,) int64, the patients numbered 0, 1, ... by name; made from `patient`.

    Raises:
        ValueError: Arrays that do not fit together, or class indices out of range.
    """

    model: str
    seed: int | None
    cohort: str
    method: str
    mask_set: str
    classes: tuple[str, ...]
    fold: int | None = None
    images: tuple[str, ...]
    image_ids: IntArray
    patient: npt.NDArray[np.str_]
    true_class: IntArray
    predicted: IntArray
    explained: IntArray
    logits: FloatArray
    inked: npt.NDArray[np.bool_]
    ink_px: FloatArray
    mask_area: FloatArray
    mean: FloatArray
    peak: FloatArray
    map_sum: FloatArray
    map_sum_sq: FloatArray
    map_pixels: IntArray
    codes: IntArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        expected = (len(self.images),)
        for name in _PER_PICTURE:
            shape = getattr(self, name).shape
            if shape != expected:
                raise ValueError(f"{name} has shape {shape}, expected {expected}")
        if self.logits.shape != (*expected, len(self.classes)):
            raise ValueError(
                f"logits have shape {self.logits.shape}, expected {(*expected, len(self.classes))}"
            )
        for name in ("true_class", "predicted", "explained"):
            indices = getattr(self, name)
            if indices.size and not (indices.min() >= 0 and indices.max() < len(self.classes)):
                raise ValueError(f"{name} holds indices outside the {len(self.classes)} classes")
        # Asked for by every figure, and names are slow to sort.
        object.__setattr__(self, "codes", clusters(self.patient))

    @property
    def n(self) -> int:
        """Pictures in all, inked or not."""
        return len(self.images)

    @property
    def uninked(self) -> npt.NDArray[np.bool_]:
        """(N,) bool; all pictures here have a mask."""
        return np.logical_not(self.inked)

    @property
    def correct(self) -> npt.NDArray[np.bool_]:
        """(N,) bool, whether the predicted class is the true one."""
        return np.equal(self.predicted, self.true_class)

    @property
    def probabilities(self) -> FloatArray:
        """(N, C) float64, the softmax of the logits."""
        shifted = np.exp(self.logits - self.logits.max(axis=1, keepdims=True, initial=-np.inf))
        return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float64)

    @property
    def confidence(self) -> FloatArray:
        """(N,) float64, the largest softmax probability."""
        return np.asarray(self.probabilities.max(axis=1, initial=-np.inf), dtype=np.float64)

    def aggregate(self, aggregator: Aggregator) -> FloatArray:
        """Return (N,) float64: m or n, NaN on pictures that are not inked, which SPEC 9 and 10 leave out."""
        values = self.mean if aggregator is Aggregator.MEAN else self.peak
        return np.where(self.inked, values, np.nan)

    def kept(self, rows: npt.NDArray[np.bool_] | IntArray) -> Self:
        """Return the table of some pictures: a mask over all, (N,) bool, or their places, (n,) int64."""
        places = np.arange(self.n)[rows]
        arrays = {name: getattr(self, name)[places] for name in (*_PER_PICTURE, "logits")}
        return replace(self, images=tuple(self.images[i] for i in places.tolist()), **arrays)

    @classmethod
    def from_batch(cls, batch: SaliencyBatch, classes: tuple[str, ...]) -> Self:
        """Return what a running saliency job tells of some pictures, for the live panels."""
        return cls(
            model=batch.model,
            seed=None,
            cohort="",
            method=batch.method,
            mask_set=batch.mask_set,
            classes=classes,
            images=tuple(map(str, batch.image_ids.tolist())),
            patient=np.array(batch.patients, dtype=np.str_),
            map_pixels=np.full(len(batch.image_ids), batch.map_pixels, dtype=np.int64),
            logits=batch.logits,
            **{name: getattr(batch, name) for name in _TOLD},
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Return one table with each picture once, by ascending number; the last one wins.

        Raises:
            ValueError: No part, or parts of several models or methods.
        """
        if len({(part.model, part.method, part.mask_set) for part in parts}) != 1:
            raise ValueError("expected at least one table, all of one model, method and mask set")
        ids = np.concatenate([part.image_ids for part in parts])
        last = len(ids) - 1 - np.unique(ids[::-1], return_index=True)[1]
        names = [name for part in parts for name in part.images]
        arrays: dict[str, Any] = {
            name: np.concatenate([getattr(part, name) for part in parts])[last]
            for name in (*_PER_PICTURE, "logits")
        }
        return replace(parts[0], images=tuple(names[i] for i in last.tolist()), **arrays)
