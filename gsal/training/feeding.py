"""Samples on their way to the network: each by its own random draws, made ahead where that pays."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeAlias

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from typing_extensions import override

__all__ = ["Batch", "Place", "Sample", "Source", "drawn_from", "feed", "workers_for"]

Sample: TypeAlias = tuple[Tensor, ...]
"""What the loss needs to know of one picture."""

Batch: TypeAlias = tuple[Tensor, ...]
"""Samples stacked: each tensor has one more axis, the first."""

Place: TypeAlias = tuple[int, int]
"""Position of a sample within its epoch, and the index of its picture."""

_MOST_WORKERS = 4
_AHEAD = 2


class Source(Protocol):
    """Where samples come from; with workers it is pickled to each of them."""

    def sample(self, index: int, *, epoch: int) -> Sample:
        """Make a sample of a picture, drawing from torch's current random state; epochs count from 0."""


def feed(
    source: Source, batches: Sequence[Sequence[Place]], *, key: Sequence[int], workers: int
) -> Iterator[Batch]:
    """Yield the batches of an epoch.

    A sample's draws depend on (key, position) alone: not on the other samples of its batch, on how many
    processes make them, or on where the epoch was taken up.

    Args:
        source: Makes a sample.
        batches: Places of the samples of each.
        key: Of all draws of the epoch; the last number is the epoch.
        workers: Processes that make samples while the network computes; 0 makes them in between.
    """
    loader: DataLoader[Sample] = DataLoader(
        _Drawn(source, tuple(key)),
        batch_sampler=[list(batch) for batch in batches],
        generator=torch.Generator(),  # else the loader draws from the state that all share
        num_workers=workers,
        prefetch_factor=_AHEAD if workers else None,
        # A fork of a process that holds a graphics card, or a window, does not live long.
        multiprocessing_context="spawn" if workers else None,
    )
    for batch in loader:
        yield tuple(batch)


def workers_for(device: torch.device) -> int:
    """Return how many processes keep a device busy: none beside a processor, which they would share."""
    return 0 if device.type == "cpu" else min(_MOST_WORKERS, max(1, (os.cpu_count() or 2) - 1))


@contextlib.contextmanager
def drawn_from(*key: int) -> Iterator[None]:
    """Let torch draw from a random state that depends on the key alone; afterwards it is as before."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(np.random.SeedSequence(key).generate_state(1, np.uint64)[0]))
        yield


class _Drawn(Dataset[Sample]):
    """Samples by place, as torch's loader asks for them."""

    def __init__(self, source: Source, key: tuple[int, ...]) -> None:
        self._source, self._key = source, key

    @override
    def __getitem__(self, place: Place) -> Sample:
        position, index = place
        with drawn_from(*self._key, position):
            return self._source.sample(index, epoch=self._key[-1])
