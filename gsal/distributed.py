"""Several processes at one job, started by torchrun: who is who, and what they agree on.

Without torchrun there is one process, nothing is imported, and every function does what it says for one.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from gsal.errors import GsalError

__all__ = ["Ranks", "gathered", "joined", "on_first", "ranks", "total"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ranks:
    """This process among its fellows.

    Attributes:
        rank: Its number, from 0.
        size: How many there are.
        local: Its number on this machine.
    """

    rank: int = 0
    size: int = 1
    local: int = 0

    @property
    def is_first(self) -> bool:
        """Whether this process speaks and writes for all."""
        return self.rank == 0


def ranks() -> Ranks:
    """Return this process's place, as torchrun's environment tells it."""
    try:
        found = {name: int(os.environ.get(name, default)) for name, default in _VARIABLES.items()}
    except ValueError as error:
        raise GsalError(
            f"The environment of torchrun is damaged ({error}); start the command by torchrun again."
        ) from error
    return Ranks(found["RANK"], found["WORLD_SIZE"], found["LOCAL_RANK"])


_VARIABLES = {"RANK": "0", "WORLD_SIZE": "1", "LOCAL_RANK": "0"}


@contextlib.contextmanager
def joined() -> Iterator[Ranks]:
    """Meet the other processes, and part from them at the end: NCCL with graphics cards, gloo without."""
    here = ranks()
    if here.size == 1:
        yield here
        return
    import torch
    import torch.distributed as dist

    if torch.cuda.is_available():
        torch.cuda.set_device(here.local)
    dist.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")
    try:
        yield here
    finally:
        dist.destroy_process_group()


def on_first(make: Callable[[], T]) -> T:
    """Return what the first process makes, in every process; what it raises is raised in all.

    Args:
        make: Is called in the first process alone; what it returns must be picklable.
    """
    here = ranks()
    if here.size == 1:
        return make()
    import torch.distributed as dist

    answer: list[Any] = [None, None]
    if here.is_first:
        try:
            answer[0] = make()
        except Exception as error:  # noqa: BLE001 - every process has to leave, whatever it was
            answer[1] = error
    dist.broadcast_object_list(answer, src=0)
    if answer[1] is not None:
        raise answer[1]
    made: T = answer[0]
    return made


def gathered(value: T) -> list[T]:
    """Return what each process has, by rank, in the first process; an empty list in the others."""
    here = ranks()
    if here.size == 1:
        return [value]
    import torch.distributed as dist

    found: list[Any] | None = [None] * here.size if here.is_first else None
    dist.gather_object(value, found, dst=0)
    return found or []


def total(value: float) -> float:
    """Return the sum over all processes, in each of them."""
    if ranks().size == 1:
        return value
    import torch
    import torch.distributed as dist

    summed = torch.tensor(value, dtype=torch.float64)
    dist.all_reduce(summed)
    return float(summed)
