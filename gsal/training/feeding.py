"""Samples on their way to the network: each by its own random draws, made ahead where that pays."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeAlias

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler
from typing_extensions import override

__all__ = ["Batch", "Feeder", "Place", "Sample", "Source", "drawn_from", "workers_for"]

Sample: TypeAlias = tuple[Tensor, ...]
"""What the loss needs to know of one picture."""

Batch: TypeAlias = tuple[Tensor, ...]
"""Samples stacked: each tensor has one more axis, the first."""

Place: TypeAlias = tuple[int, int]
"""Position of a sample within its epoch, and the index of its picture."""

_Draw: TypeAlias = tuple[int, int, int]
"""Epoch, and place within it."""

_MOST_WORKERS = 4
_AHEAD = 2


class Source(Protocol):
    """Where samples come from; with workers it is pickled to each of them."""

    def sample(self, index: int, *, epoch: int) -> Sample:
        """Make a sample of a picture, drawing from torch's current random state; epochs count from 0."""


class Feeder:
    """Makes the batches of one epoch after the other.

    A sample's draws depend on seed, epoch and its position alone: not on the other samples of its batch, on
    how many processes make them, or on where the epoch was taken up.

    Args:
        source: Makes a sample.
        seed: Of all draws.
        workers: Processes that make samples while the network computes, through all epochs; 0 makes them in
            between.
    """

    def __init__(self, source: Source, *, seed: int, workers: int) -> None:
        self._batches = _Batches()
        self._loader: DataLoader[Sample] = DataLoader(
            _Drawn(source, seed),
            batch_sampler=self._batches,
            generator=torch.Generator(),  # else the loader draws from the state that all share
            num_workers=workers,
            prefetch_factor=_AHEAD if workers else None,
            persistent_workers=workers > 0,
            # A fork of a process that holds a graphics card, or a window, does not live long.
            multiprocessing_context="spawn" if workers else None,
        )

    def epoch(self, number: int, batches: Sequence[Sequence[Place]]) -> Iterator[Batch]:
        """Yield the batches of an epoch, counted from 0, given the places of each one's samples."""
        self._batches.now = [[(number, *place) for place in batch] for batch in batches]
        for batch in self._loader:
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


class _Batches(Sampler[list[_Draw]]):
    """The batches of the epoch under way, as torch's loader asks for them."""

    def __init__(self) -> None:
        self.now: list[list[_Draw]] = []

    @override
    def __iter__(self) -> Iterator[list[_Draw]]:
        return iter(self.now)

    def __len__(self) -> int:
        return len(self.now)


class _Drawn(Dataset[Sample]):
    """Samples by place, as torch's loader asks for them."""

    def __init__(self, source: Source, seed: int) -> None:
        self._source, self._seed = source, seed

    @override
    def __getitem__(self, draw: _Draw) -> Sample:
        epoch, position, index = draw
        with drawn_from(self._seed, epoch, position):
            return self._source.sample(index, epoch=epoch)
