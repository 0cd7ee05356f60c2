"""A job as the window follows it: waiting, running, and how it ended."""

from dataclasses import dataclass, field
from enum import StrEnum
from math import isnan
from typing import Any

from gsal.jobs.job import Job
from gsal.progress import Progress

__all__ = ["Task", "TaskState", "duration_text", "progress_text"]


class TaskState(StrEnum):
    """Where a task stands."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    CANCELLED = "stopped"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self in {TaskState.DONE, TaskState.CANCELLED, TaskState.FAILED}


@dataclass(eq=False, slots=True)
class Task:
    """One job given to the manager. Only the manager changes it, in the window's thread.

    Attributes:
        job: What is to be done.
        progress: The last that was reported.
        message: The last notice, or why it failed.
        result: Of the job, once it is done.
    """

    job: Job
    state: TaskState = TaskState.WAITING
    progress: Progress | None = None
    message: str = ""
    result: dict[str, Any] = field(default_factory=dict)

    def replaces(self, shown: "Task | None") -> bool:
        """Whether a view that shows another task, or none, goes over to this one; a running one stays."""
        return shown is None or shown.state.is_over or self is shown


def duration_text(seconds: float) -> str:
    """Return a duration as people say it; "" when unknown.

    >>> [duration_text(s) for s in (0.4, 42, 190, 7300)]
    ['1 s', '42 s', '3 min', '2 h 2 min']
    """
    if isnan(seconds):
        return ""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def progress_text(progress: Progress) -> str:
    """Return how far a task is and how long it will still take.

    >>> progress_text(Progress("Reading", 31, 50, 190.0))
    'Reading 62 %  ETA 3 min'
    """
    if not progress.total:
        return f"{progress.stage} {progress.done}" if progress.done else progress.stage
    eta = duration_text(progress.eta_s) if progress.done < progress.total else ""
    share = f"{progress.stage} {100 * progress.done // progress.total} %"
    return f"{share}  ETA {eta}" if eta else share
