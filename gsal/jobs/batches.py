"""Going through many items: in batches that are committed together, with reading done ahead of computing."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

__all__ = ["batches", "map_ahead"]

T = TypeVar("T")
R = TypeVar("R")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of `size` items, the last one shorter.

    >>> list(batches("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def map_ahead(
    function: Callable[[T], R], items: Sequence[T], *, workers: int | None = None, ahead: int = 16
) -> Generator[R]:
    """Yield function(item) in order, computing a few items ahead in threads.

    For functions that spend their time in Pillow, OpenCV or NumPy, which release the interpreter's lock.
    Memory stays bounded by `ahead` results; leaving the loop early cancels what has not begun.
    """
    workers = workers or max(1, min(4, os.cpu_count() or 1))
    iterator = iter(items)
    with ThreadPoolExecutor(workers, thread_name_prefix="gsal-ahead") as pool:
        waiting: deque[Future[R]] = deque(pool.submit(function, item) for item in islice(iterator, ahead))
        try:
            while waiting:
                result = waiting.popleft().result()
                waiting.extend(pool.submit(function, item) for item in islice(iterator, 1))
                yield result
        finally:
            for future in waiting:
                future.cancel()
