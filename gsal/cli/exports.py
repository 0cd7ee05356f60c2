"""`gsal export ...`: tables and masks for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from gsal.cli.terminal import FolderArgument, JsonOption, run

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Write tables or masks for other programs.", no_args_is_help=True)
    group.command("per-image")(per_image)
    group.command("masks")(masks)
    app.add_typer(group, name="export")


def per_image(
    project: FolderArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", show_default=False)],
    mask_set: Annotated[
        str, typer.Option(help="Masks the figures rest on; by default those of the last saliency.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Write one row per model, method and validation picture: all figures of the audit follow from them."""
    from gsal.jobs.audits.export_per_image import ExportPerImage

    run(ExportPerImage(str(file.absolute()), mask_set=mask_set), project, as_json=as_json)


def masks(
    project: FolderArgument,
    folder: Annotated[Path, typer.Argument(help="Where to write them.", show_default=False)],
    mask_format: Annotated[
        str, typer.Option("--format", help="png (1 bit, one per picture) or coco (one JSON, run lengths).")
    ] = "png",
    mask_set: Annotated[str, typer.Option(help="best, exact, adjudicated, human, network or rule.")] = "best",
    with_readers: Annotated[
        bool, typer.Option("--with-readers", help="Tell the readers' names, not only what kind they are.")
    ] = False,
    hide_names: Annotated[
        bool, typer.Option("--hide-names", help="Call pictures by their hash: file names can be patients'.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write ink masks for other programs, with masks.csv: hashes, size, orientation, where each is from."""
    from gsal.jobs.masks.export_masks import ExportMasks

    job = ExportMasks(
        str(folder.absolute()),
        mask_set=mask_set,
        mask_format=mask_format,
        with_readers=with_readers,
        hide_names=hide_names,
    )
    run(job, project, as_json=as_json)
