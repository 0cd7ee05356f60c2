"""`gsal jobs ...`: what was run, and how it ended."""

from typing import Annotated

import typer

from gsal.cli.terminal import FolderArgument, JsonOption, echo, errors, open_project, print_json, run

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Long tasks of a project.", no_args_is_help=True)
    group.command("list")(list_)
    group.command("resume")(resume)
    app.add_typer(group, name="jobs")


def list_(project: FolderArgument, as_json: JsonOption = False) -> None:
    """List the jobs and how they ended."""
    with open_project(project, read_only=True) as opened:
        jobs = opened.store.jobs.all()
    if as_json:
        print_json(
            [
                {
                    "id": j.id,
                    "kind": j.kind,
                    "status": str(j.status),
                    "message": j.message,
                    "created": j.created,
                    "finished": j.finished,
                    "settings": j.settings,
                }
                for j in jobs
            ]
        )
        return
    for job in jobs:
        echo(f"{job.id:4d}  {job.status:<12}  {job.kind}  {job.message}".rstrip())
    if not jobs:
        echo("No jobs yet.")


def resume(
    project: FolderArgument,
    number: Annotated[
        int | None,
        typer.Argument(help="The job's number; by default the last one that stopped.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Go on with a job that was stopped, interrupted or failed."""
    from gsal.errors import NotFoundError
    from gsal.jobs.runner import resume as resumed

    # Opened for writing once, so that jobs a crash left running are seen as interrupted.
    with open_project(project) as opened:
        jobs = opened.store.jobs
        record = jobs.last_to_resume() if number is None else jobs.get(number)
    with errors():
        if record is None:
            raise NotFoundError("No job waits to be resumed.")
        job = resumed(record)
    run(job, project, as_json=as_json)
