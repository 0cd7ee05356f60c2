"""`gsal validation ...`: the pictures that networks are judged on and never learn from."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gsal.cli.terminal import FolderArgument, JsonOption, echo, open_project, print_json, run

if TYPE_CHECKING:
    from gsal.jobs.reading.validation import ValidationStatus
    from gsal.project import Project

__all__ = ["register"]

_SHARES = (0.95, 0.90)

PicturesArgument = Annotated[
    list[str],
    typer.Argument(metavar="PICTURE...", help="Paths or names in the project.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="The pictures that networks are judged on and never learn from.", no_args_is_help=True
    )
    for command in (choose, status, add, remove, lock):
        group.command(command.__name__)(command)
    app.add_typer(group, name="validation")


def choose(
    project: FolderArgument,
    n: Annotated[int, typer.Option("--n", help="How many pictures.", min=1)] = 300,
    seed: Annotated[int, typer.Option(help="Of the choice.", min=0)] = 0,
    inked_share: Annotated[
        float, typer.Option(help="Of the pictures, those with ink by their best mask.", min=0, max=1)
    ] = 0.5,
    as_json: JsonOption = False,
) -> None:
    """Choose the pictures, stratified by ink, class and how much the rules disagree."""
    from gsal.jobs.reading.validation import ChooseValidationSet

    run(
        ChooseValidationSet(n, seed=seed, inked_share=inked_share),
        project,
        as_json=as_json,
        show=_show_choice,
    )


def status(project: FolderArgument, as_json: JsonOption = False) -> None:
    """Say how far the set is read, and how exactly it will judge."""
    with open_project(project, read_only=True) as opened:
        _tell(opened, as_json=as_json)


def add(project: FolderArgument, pictures: PicturesArgument, as_json: JsonOption = False) -> None:
    """Put pictures into the set, at its end."""
    _change(project, pictures, is_adding=True, as_json=as_json)


def remove(project: FolderArgument, pictures: PicturesArgument, as_json: JsonOption = False) -> None:
    """Take pictures out of the set."""
    _change(project, pictures, is_adding=False, as_json=as_json)


def lock(
    project: FolderArgument,
    reader: Annotated[str, typer.Option(help="Who locks it.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Lock the set for good: no network learns from it or from its patients' other pictures."""
    from gsal.jobs.reading.validation import LockValidationSet

    if not yes:
        typer.confirm("This cannot be undone. Lock the validation set?", abort=True, err=True)
    run(LockValidationSet(reader), project, as_json=as_json, show=_show_lock)


def _change(folder: Path, pictures: list[str], *, is_adding: bool, as_json: bool) -> None:
    from gsal.jobs.reading.validation import pictures_named

    with open_project(folder) as opened:
        numbers = pictures_named(opened, pictures)
        validation = opened.store.validation
        (validation.add if is_adding else validation.remove)(numbers)
        _tell(opened, as_json=as_json)


def _tell(project: "Project", *, as_json: bool) -> None:
    from gsal.cohorts.validation import wilson_half_width
    from gsal.jobs.reading.validation import status as current

    found = current(project)
    if found is None and as_json:
        print_json(None)
    elif found is None:
        echo("No validation set yet. `gsal validation choose` makes one.")
    else:
        widths = {f"{share:.2f}": wilson_half_width(share, found.n_members) for share in _SHARES}
        if as_json:
            print_json(asdict(found) | {"half_width_for_share": widths})
        else:
            _show(found, widths)


def _show(found: "ValidationStatus", widths: dict[str, float]) -> None:
    state = f"locked {found.locked[:10]} by {found.locked_by}" if found.locked else "not locked"
    echo(f"{found.n_members} of {found.n_wanted} pictures, {found.n_read} read, {state}")
    for one in found.read_by:
        echo(f"  {one.name} ({one.kind}): {one.n} read")
    for share, width in widths.items():
        echo(f"  a share of {share} will be known to about ± {width:.3f} (Wilson 95 %)")
    if found.locked:
        echo(f"  no network learns from {found.locked_out} pictures, those of all its patients")
    for name, count in found.learned_by.items():
        echo(f"  {name} has learned from {count} pictures of these patients and is not judged on them")


def _show_choice(result: dict[str, Any]) -> None:
    echo(f"{result['n_members']} pictures of {result['patients']} patients")
    for stratum, count in result["strata"].items():
        echo(f"  {count:5d}  {stratum}")


def _show_lock(result: dict[str, Any]) -> None:
    echo(
        f"Locked: {result['n_members']} pictures. No network learns from them, nor from the other pictures "
        f"of their patients, {result['locked_out']} in all."
    )
