"""What a long task is: settings that can be written down, and a way to run them."""

from dataclasses import asdict, fields, is_dataclass
from typing import Any, ClassVar, Protocol, TypeVar, runtime_checkable

from gsal.errors import GsalError
from gsal.progress import JobContext
from gsal.project import Project

__all__ = ["Job", "from_settings", "to_settings"]


@runtime_checkable
class Job(Protocol):
    """A frozen dataclass of JSON-ready settings that the terminal, the window and tests run alike.

    Running it again goes on where it stopped; what is finished is not done twice.

    Attributes:
        kind: Its name in the project's list of jobs and in the terminal.
    """

    kind: ClassVar[str]

    @property
    def title(self) -> str:
        """What it does, for people."""
        ...

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Do it, reporting to `ctx`; return a JSON-ready summary.

        Raises:
            JobCancelled: The user asked to stop; everything finished so far is kept.
            GsalError: Something the user has to solve.
        """
        ...


J = TypeVar("J")


def to_settings(job: Job) -> dict[str, Any]:
    """Return a job's settings, JSON-ready."""
    if not is_dataclass(job) or isinstance(job, type):
        raise TypeError(f"{job!r} is not a job")
    return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(job).items()}


def from_settings(kind: type[J], settings: dict[str, Any]) -> J:
    """Return the job that these stored settings describe.

    Raises:
        GsalError: Another version of the program stored settings this one does not know.
    """
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(settings) - known):
        raise GsalError(
            f"This job was begun by another version of the program (unknown settings: {', '.join(unknown)}). "
            "Start it anew."
        )
    return kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in settings.items()})
