"""How a long task reports and is cancelled: a context, and immutable events."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["Event", "JobCancelled", "JobContext", "MetricPoint", "Notice", "Progress", "SaliencyBatch"]

T = TypeVar("T")


class JobCancelled(Exception):  # noqa: N818 - a request, not an error
    """Raised inside a task between two items after the user asked it to stop."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a task stands.

    Attributes:
        stage: What is being done, for people ("Proposing masks").
        done: Items finished, those of an earlier run included.
        total: Items in all; 0 when unknown.
        eta_s: Seconds left by the pace of this run; NaN while unknown.
    """

    stage: str
    done: int
    total: int
    eta_s: float


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """One point of a live curve, e.g. ("loss/training", 3, 0.41)."""

    series: str
    step: float
    value: float


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for the user that is not an error."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class SaliencyBatch:
    """Per-image aggregates as they are computed, for the live panels; arrays of shape (n,).

    `true_class`, `predicted` and `explained` index the model's classes; `mean` and `peak` are m and n
    (SPEC 8) for the explained class, NaN where the picture has no ink. `logits` are (n, C); `ink_px` are ink
    pixels at the reference size, `mask_area` |A| on the network's grid. `mask_set` and `variant` are those of
    the run; `settings` says in which settings it differs from the usual ones, "" if in none.
    """

    model: str
    method: str
    image_ids: npt.NDArray[np.int64]
    true_class: npt.NDArray[np.int64]
    predicted: npt.NDArray[np.int64]
    explained: npt.NDArray[np.int64]
    logits: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    peak: npt.NDArray[np.float64]
    map_sum: npt.NDArray[np.float64]
    map_sum_sq: npt.NDArray[np.float64]
    map_pixels: int
    inked: npt.NDArray[np.bool_]
    ink_px: npt.NDArray[np.float64]
    mask_area: npt.NDArray[np.float64]
    patients: tuple[str, ...]
    mask_set: str = ""
    variant: str = "original"
    settings: str = ""


Event: TypeAlias = Progress | MetricPoint | Notice | SaliencyBatch


def _ignore(event: Event) -> None:
    del event


def _one(_item: object) -> int:
    return 1


class JobContext:
    """What a running task may do to the world outside: report, and ask whether it should stop.

    Args:
        emit: Called with each event, in the thread of the task.
        cancel: Set by anyone to stop the task at its next item.
    """

    def __init__(
        self, emit: Callable[[Event], None] = _ignore, *, cancel: threading.Event | None = None
    ) -> None:
        self.emit = emit
        self.cancel = cancel if cancel is not None else threading.Event()

    def check(self) -> None:
        """Raise JobCancelled if the user asked to stop."""
        if self.cancel.is_set():
            raise JobCancelled

    def notice(self, text: str) -> None:
        """Tell the user one sentence."""
        self.emit(Notice(text))

    def metric(self, series: str, step: float, value: float) -> None:
        """Add a point to a live curve."""
        self.emit(MetricPoint(series, step, value))

    def track(
        self,
        items: Iterable[T],
        stage: str,
        *,
        total: int | None = None,
        done: int = 0,
        count: Callable[[T], int] = _one,
    ) -> Iterator[T]:
        """Yield the items, reporting progress and raising JobCancelled between them.

        Args:
            items: What to go through.
            stage: What is being done, for people.
            total: Items in all; by default those given plus `done`.
            done: Items that an earlier run finished.
            count: For how many of the total an item stands: batches are finished as a whole.
        """
        if total is None:
            total = len(items) + done if isinstance(items, Sized) else 0
        started = time.monotonic()
        finished = done
        self.check()
        self.emit(Progress(stage, finished, total, float("nan")))
        for item in items:
            yield item
            finished += count(item)
            pace = (time.monotonic() - started) / max(1, finished - done)
            eta = pace * (total - finished) if total else float("nan")
            self.emit(Progress(stage, finished, total, eta))
            self.check()
