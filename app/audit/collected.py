"""Aggregates per picture as they come in, from a running job and from the store alike."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from gsal.progress import SaliencyBatch

__all__ = ["Collected", "joined"]


class Collected:
    """Batches by model and method; a picture that comes again replaces what was known of it."""

    def __init__(self) -> None:
        self._batches: dict[tuple[str, str], list[SaliencyBatch]] = {}

    def count(self, model: str, method: str) -> int:
        """Return how many pictures came in, each counted once."""
        batches = self.batches(model, method)
        return len({i for batch in batches for i in batch.image_ids.tolist()})

    def add(self, batch: SaliencyBatch) -> None:
        """Take one batch."""
        self._batches.setdefault((batch.model, batch.method), []).append(batch)

    def clear(self) -> None:
        """Forget everything."""
        self._batches.clear()

    def models(self, method: str) -> list[str]:
        """Return the models with something of this method."""
        return sorted(model for model, known in self._batches if known == method)

    def batches(self, model: str, method: str) -> tuple[SaliencyBatch, ...]:
        """Return what came in, in that order."""
        return tuple(self._batches.get((model, method), ()))


def joined(batches: Sequence[SaliencyBatch]) -> SaliencyBatch:
    """Return one batch with each picture once, by ascending number; the last one wins.

    Raises:
        ValueError: There is no batch.
    """
    if not batches:
        raise ValueError("expected at least one batch")
    ids = np.concatenate([batch.image_ids for batch in batches])
    last = len(ids) - 1 - np.unique(ids[::-1], return_index=True)[1]

    def of(name: str) -> npt.NDArray[Any]:
        values: npt.NDArray[Any] = np.concatenate([getattr(batch, name) for batch in batches])[last]
        return values

    patients = [patient for batch in batches for patient in batch.patients]
    return SaliencyBatch(
        model=batches[-1].model,
        method=batches[-1].method,
        image_ids=ids[last],
        true_class=of("true_class"),
        predicted=of("predicted"),
        explained=of("explained"),
        mean=of("mean"),
        peak=of("peak"),
        map_sum=of("map_sum"),
        map_sum_sq=of("map_sum_sq"),
        map_pixels=batches[-1].map_pixels,
        inked=of("inked"),
        patients=tuple(patients[row] for row in last),
    )
