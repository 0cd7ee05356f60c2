"""`gsal sanity`: whether saliency methods look at what networks learned."""

from typing import Annotated, Any

import typer

from gsal.cli.results import ModelOption
from gsal.cli.terminal import FolderArgument, JsonOption, echo, run

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sanity")(sanity)


def sanity(
    project: FolderArgument,
    model: ModelOption = None,
    method: Annotated[
        list[str] | None,
        typer.Option(
            help="grad-cam, competitive-gradient-input, gradient, gradient-input, smoothgrad, "
            "integrated-gradients, guided-grad-cam, occlusion, random or sobel; several times for several. "
            "By default all but smoothgrad, integrated-gradients and occlusion, which are slow.",
            show_default=False,
        ),
    ] = None,
    pictures: Annotated[int, typer.Option(help="Validation pictures to look at.", min=1)] = 16,
    draws: Annotated[int, typer.Option(help="How often new parameters are drawn.", min=1)] = 3,
    seed: Annotated[int, typer.Option(help="Of the new parameters and the choice of pictures.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """See whether saliency maps change as copies of networks forget layer by layer (Adebayo et al. 2018).

    What it costs is told before it starts. Stopped, it goes on where it was when it is asked for again. A
    check on fewer pictures or draws does not replace one on more.
    """
    from gsal.jobs.saliency.sanity import CheckSanity

    job = CheckSanity(
        tuple(model or ()), methods=tuple(method or ()), pictures=pictures, draws=draws, seed=seed
    )
    run(job, project, as_json=as_json, show=_show)


def _show(result: dict[str, Any]) -> None:
    from gsal.jobs.saliency.checked import sanity_in
    from gsal.jobs.saliency.sanity_words import stage_rows

    for one in result["models"]:
        echo(f"{one['name']}, pictures: {one['pictures']:,}, draws: {result['draws']:,}")
        for checked, told in zip(sanity_in(result, one["name"]), one["methods"], strict=True):
            titles, rows = stage_rows(checked)
            widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
            echo(f"\n{told['verdict']}")
            if told["stands"]:
                echo(told["stands"])
            for row in (titles, *rows):
                cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                echo(f"  {'  '.join(cells)}".rstrip())
