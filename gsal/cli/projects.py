"""Projects: make one, build the demo, open the window."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from gsal.cli.terminal import (
    DatabaseOption,
    FolderArgument,
    JsonOption,
    Reporter,
    cancelled_by_ctrl_c,
    echo,
    errors,
    print_json,
)
from gsal.display import has_display

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("new")(new)
    app.command("demo")(demo)
    app.command("app")(window)


def new(
    folder: FolderArgument,
    name: Annotated[str, typer.Option(help="For people; by default the folder's name.")] = "",
    classes: Annotated[
        str, typer.Option(help="Class names in order, with commas.", show_default=True)
    ] = "MEL,NV,BCC,SCC,AK,SK,Other",
    database: DatabaseOption = "",
    as_json: JsonOption = False,
) -> None:
    """Make a new project in a folder; its database is a file there, or on a PostgreSQL server."""
    from gsal.project import Project

    names = tuple(part.strip() for part in classes.split(","))
    with errors(), Project.create(folder, name=name or None, classes=names, server=database) as project:
        made = {"project": str(folder), "name": project.name, "classes": list(project.classes)}
    if as_json:
        print_json(made)
    else:
        echo(
            f"Made project {made['name']} in {folder}. "
            f"Next: gsal import images {folder} PICTURES --labels labels.csv"
        )


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the demo project is built.")] = Path("demo-project"),
    as_json: JsonOption = False,
    open_window: Annotated[
        bool, typer.Option("--window/--no-window", help="Open the window at the end.")
    ] = True,
) -> None:
    """Build the demo project and run the whole main job on it; run again, it goes on or says so."""
    from gsal.jobs.demo import run_demo

    with errors(), Reporter() as reporter, cancelled_by_ctrl_c(reporter) as ctx:
        outcome = run_demo(folder, ctx)
    if as_json:
        print_json(outcome)
        return
    echo(outcome["summary"])
    echo(f"Report: {outcome['report']}")
    if open_window and has_display():
        window(folder)
    else:
        echo(f"To look at it in the window: ./run app {folder}")


def window(
    folder: Annotated[Path | None, typer.Argument(metavar="[PROJECT]", show_default=False)] = None,
) -> None:
    """Open the window, on a project if one is given."""
    command = [*_window_program(), *([str(folder)] if folder else [])]
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - our own interpreter


def _window_program() -> list[str]:
    """Return what starts the window: the program beside this one where installed, else our interpreter."""
    if getattr(sys, "frozen", False):
        here = Path(sys.executable)
        return [str(here.with_name("gsal-app").with_suffix(here.suffix))]
    return [sys.executable, "-m", "app"]
