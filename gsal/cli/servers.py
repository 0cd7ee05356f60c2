"""Projects that several workstations share: join one, copy one to a server or back, bring it up to date."""

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

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("join")(join)
    app.command("copy")(copy)
    app.command("upgrade")(upgrade)


def join(
    database: Annotated[
        str, typer.Argument(help="Address of the project's database: postgresql://server/name.")
    ],
    folder: Annotated[
        Path, typer.Argument(help="This workstation's folder for it; made if it is not there.")
    ],
    pictures: Annotated[
        list[str] | None,
        typer.Option(help="NAME=FOLDER, where this workstation has one of the folders of pictures."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a folder on this workstation for a project that is on a server already."""
    from gsal.project import Project

    with errors(), Project.join(folder, database, pictures=_places(pictures or [])) as project:
        roots = {name: str(place) for name, place in project.roots().items()}
        joined = {"project": str(folder), "name": project.name, "pictures": roots}
        missing = [f"{name} ({place})" for name, place in project.roots().items() if not place.is_dir()]
    if as_json:
        print_json(joined)
        return
    echo(f"Joined project {joined['name']} in {folder}. Next: gsal app {folder}")
    for name in missing:
        echo(f"  not on this workstation: pictures {name}. Join again with --pictures NAME=FOLDER.")


def copy(
    project: FolderArgument,
    folder: Annotated[Path, typer.Argument(help="New folder for the copy.")],
    database: DatabaseOption = "",
    as_json: JsonOption = False,
) -> None:
    """Copy a project: from a file to a server when one workstation is not enough, or back into a file."""
    from gsal.jobs.copy_project import copy_project

    with errors(), Reporter() as reporter, cancelled_by_ctrl_c(reporter) as ctx:
        made = copy_project(project, folder, ctx, server=database)
    if as_json:
        print_json(made)
        return
    echo(
        f"Copied {made['pictures']} pictures, {made['masks']} masks and {made['models']} networks to "
        f"{folder}; every row was read back and compared. {project} is as it was: work in one of them only."
    )


def upgrade(
    project: FolderArgument,
    backup: Annotated[bool, typer.Option(help="Whether a copy is made first, by pg_dump.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Bring the tables of a project to this version; one in a file does so by itself when it is opened."""
    from gsal.project import Project

    with errors():
        Project.upgrade(project, is_backed_up=backup)
    if as_json:
        print_json({"project": str(project)})
    else:
        echo(f"{project} is up to date.")


def _places(given: list[str]) -> dict[str, Path]:
    places = {}
    for entry in given:
        name, is_pair, place = entry.partition("=")
        if not is_pair or not name or not place:
            raise typer.BadParameter(f"{entry}: give NAME=FOLDER.", param_hint="--pictures")
        places[name] = Path(place)
    return places
