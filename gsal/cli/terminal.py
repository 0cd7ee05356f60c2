"""The terminal as a driver of jobs: progress bars, Ctrl-C, plain sentences, and JSON for machines."""

import json
import math
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Annotated, Any, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from gsal.errors import GsalError
from gsal.progress import Event, JobCancelled, JobContext, Notice, Progress

if TYPE_CHECKING:
    from gsal.jobs.job import Job
    from gsal.project import Project

__all__ = [
    "DatabaseOption",
    "FolderArgument",
    "JsonOption",
    "Reporter",
    "cancelled_by_ctrl_c",
    "echo",
    "errors",
    "open_project",
    "print_json",
    "run",
    "show_problems",
]

FolderArgument = Annotated[
    Path, typer.Argument(metavar="PROJECT", help="The project's folder.", show_default=False)
]
DatabaseOption = Annotated[
    str,
    typer.Option(
        help="Address of an empty PostgreSQL database to keep it in: postgresql://server/name. "
        "A password belongs into ~/.pgpass or PGPASSWORD.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON for machines.")]

_PLAIN_EVERY_S = 10.0


class Reporter:
    """Shows a job's events on stderr: bars on a terminal, a line now and then in a log."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._last_line = 0.0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, event: Event) -> None:
        """Show an event."""
        if isinstance(event, Notice):
            self._console.print(event.text, style="yellow", highlight=False, markup=False)
        elif isinstance(event, Progress):
            self._show(event)

    def _show(self, event: Progress) -> None:
        stage = event.stage.split(", ")[0]
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(event.stage, total=event.total or None)
            self._last_line = 0.0
        self._bar.update(
            self._tasks[stage], completed=event.done, total=event.total or None, description=event.stage
        )
        if not self._console.is_terminal:
            self._line(event)

    def _line(self, event: Progress) -> None:
        now = time.monotonic()
        if event.done != event.total and now - self._last_line < _PLAIN_EVERY_S:
            return
        self._last_line = now
        left = "" if math.isnan(event.eta_s) or event.done == event.total else f", {event.eta_s:.0f} s left"
        self._console.print(
            f"{event.stage}: {event.done} of {event.total}{left}", highlight=False, markup=False
        )


@contextmanager
def errors() -> Iterator[None]:
    """Turn what the user can solve into one sentence and exit code 1; a stop into exit code 130."""
    try:
        yield
    except JobCancelled:
        typer.echo("Stopped. What is finished is kept; run the same command again to go on.", err=True)
        raise typer.Exit(130) from None
    except GsalError as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        # The disk is the user's world too: no such folder, no permission, no space.
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(f"Error: {where}{error.strerror or error}.", err=True)
        raise typer.Exit(1) from None


@contextmanager
def open_project(folder: Path, *, read_only: bool = False) -> "Iterator[Project]":
    """Open a project for one command, with errors as sentences."""
    from gsal.project import Project

    with errors(), Project.open(folder, read_only=read_only, program="gsal in a terminal") as project:
        yield project


def run(
    job: "Job", folder: Path, *, as_json: bool, show: Callable[[dict[str, Any]], None] | None = None
) -> dict[str, Any]:
    """Run a job on a project as a command: progress on stderr, the result on stdout.

    Started by torchrun, all processes run it; the first keeps book, speaks, and writes where only one can.

    Args:
        job: What to do.
        folder: The project's.
        as_json: Whether the result is printed as JSON.
        show: Prints the result for people; by default one line per entry.
    """
    from gsal.distributed import joined, on_first
    from gsal.jobs.runner import run_job
    from gsal.project import Project

    with errors(), joined() as here:
        _require_shared(job, here.size)
        if not here.is_first:
            on_first(_opened)
            with open_project(folder, read_only=not Project.is_served(folder)) as project:
                return job.run(JobContext(), project)
        with open_project(folder) as project, Reporter() as reporter, cancelled_by_ctrl_c(reporter) as ctx:
            on_first(_opened)
            result = run_job(job, project, ctx)
    if as_json:
        print_json(result)
    else:
        (show or _show)(result)
    return result


def _opened() -> None:
    """Tell the other processes that the project is open, and of this version."""


def _require_shared(job: "Job", processes: int) -> None:
    if processes > 1 and not getattr(job, "shares_work", False):
        raise GsalError(f"{job.title} is the work of one process; start it without torchrun.")


@contextmanager
def cancelled_by_ctrl_c(emit: Callable[[Event], None]) -> Iterator[JobContext]:
    """Give a context that the first Ctrl-C cancels between two items; a second one stops at once."""
    ctx = JobContext(emit)

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        if ctx.cancel.is_set():
            raise KeyboardInterrupt
        ctx.cancel.set()
        typer.echo("Stopping after this step (Ctrl-C again to stop at once)...", err=True)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield ctx
    finally:
        signal.signal(signal.SIGINT, before)


def print_json(value: object) -> None:
    """Print a value as JSON with all digits; undefined numbers are null."""
    sys.stdout.write(json.dumps(_without_nan(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def echo(text: str) -> None:
    """Print a line for people."""
    typer.echo(text)


def _without_nan(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return value


def _show(result: dict[str, Any]) -> None:
    for name, value in result.items():
        if name == "problems":
            show_problems(value)
        elif name == "notes":
            continue
        elif not isinstance(value, dict | list):
            echo(f"{name.replace('_', ' ')}: {_number(value)}")


def show_problems(problems: list[dict[str, Any]]) -> None:
    """Name each file that could not be used, and why."""
    for problem in problems:
        line = f" (line {problem['line']})" if problem.get("line") else ""
        typer.echo(f"  not used: {problem['file']}{line}: {problem['reason']}", err=True)


def _number(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
