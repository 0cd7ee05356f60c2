"""Long tasks as the project remembers them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["JobRecord", "JobStatus"]


class JobStatus(StrEnum):
    """Where a job stands. Jobs found RUNNING when a project opens become INTERRUPTED."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_resumable(self) -> bool:
        """Whether starting it again goes on where it stopped."""
        return self in {JobStatus.CANCELLED, JobStatus.FAILED, JobStatus.INTERRUPTED}


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job and how it ended."""

    id: int
    kind: str
    settings: dict[str, Any]
    status: JobStatus
    message: str
    created: str
    finished: str | None
    result: dict[str, Any] | None
