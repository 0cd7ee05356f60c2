"""`gsal import ...`: photographs, masks, models."""

from pathlib import Path
from typing import Annotated, Any

import typer

from gsal.cli.terminal import FolderArgument, JsonOption, echo, run, show_problems

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Bring in photographs, masks or models.", no_args_is_help=True)
    group.command("images")(images)
    group.command("masks")(masks)
    group.command("model")(model)
    app.add_typer(group, name="import")


def images(
    project: FolderArgument,
    folder: Annotated[Path, typer.Argument(help="Folder of photographs.", show_default=False)],
    labels: Annotated[
        Path | None,
        typer.Option(
            help="Table with columns file (relative to the table), label (may be empty), optionally "
            "patient_id, lesion_id. Only listed files are imported. Without it: one folder per class.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Import photographs; unusable ones are named with the reason and the rest goes in."""
    from gsal.jobs.pictures.import_images import ImportImages

    job = ImportImages(str(folder.absolute()), str(labels.absolute()) if labels else "")
    result = run(job, project, as_json=as_json, show=_show_images)
    if not any(result[count] for count in ("imported", "already_there", "relinked")):
        raise typer.Exit(1)


def masks(
    project: FolderArgument,
    folder: Annotated[
        Path, typer.Argument(help="A folder, a zip of it, or one JSON or XML file.", show_default=False)
    ],
    mask_format: Annotated[
        str,
        typer.Option(
            "--format",
            help="png (named like the pictures, or listed in masks.csv), coco (JSON), labelme (JSON), cvat "
            '("CVAT for images 1.1" or "Segmentation mask 1.1").',
        ),
    ] = "png",
    label: Annotated[
        list[str] | None,
        typer.Option(help="A label that is ink; by default those with ink, pen or marker in their name."),
    ] = None,
    empty_is_ink_free: Annotated[
        bool,
        typer.Option(
            "--empty-is-ink-free",
            help="Take pictures on which no ink was drawn for free of ink; else they are left out.",
        ),
    ] = False,
    reader: Annotated[str, typer.Option(help="Who drew them; without it they count as exact.")] = "",
    kind: Annotated[str, typer.Option(help="The reader: expert, researcher or developer.")] = "expert",
    as_json: JsonOption = False,
) -> None:
    """Import ink masks: a person's, or exact ones of pictures whose ink is known."""
    from gsal.jobs.masks.import_masks import ImportMasks

    job = ImportMasks(
        str(folder.absolute()),
        reader=reader,
        reader_kind=kind,
        mask_format=mask_format,
        labels=tuple(label or ()),
        empty_is_ink_free=empty_is_ink_free,
    )
    run(job, project, as_json=as_json)


def model(
    project: FolderArgument,
    weights: Annotated[
        Path,
        typer.Argument(
            help="A state_dict (.safetensors, .pt, .pth) of a torchvision classification architecture, a "
            "TorchScript or torch.export program (.pt, .pt2), or an ONNX network (.onnx).",
            show_default=False,
        ),
    ],
    name: Annotated[str, typer.Option(help="Its name in the project; by default the file's.")] = "",
    card: Annotated[
        Path | None,
        typer.Option(
            help="Its card, TOML or JSON, with the options below as fields; by default the file beside it "
            "with its name and .toml or .json.",
            show_default=False,
        ),
    ] = None,
    architecture: Annotated[
        str, typer.Option(help="torchvision's name for it, for a state_dict; else densenet121.")
    ] = "",
    size: Annotated[
        int, typer.Option(help="Side of its input, in pixels; else 224.", show_default=False)
    ] = 0,
    classes: Annotated[str, typer.Option(help="Its classes in order, with commas; else the project's.")] = "",
    mean: Annotated[str, typer.Option(help="r,g,b for pixels from 0 to 1; else ImageNet's.")] = "",
    std: Annotated[str, typer.Option(help="Likewise.")] = "",
    layer: Annotated[str, typer.Option(help="For Grad-CAM; else the last feature maps.")] = "",
    outputs: Annotated[str, typer.Option(help="logits or probabilities; else logits.")] = "",
    trust: Annotated[
        bool,
        typer.Option(
            "--trust",
            help="Run the code in a TorchScript or torch.export file: you know and trust whoever made it.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what fits and what does not, and import nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring in a classifier trained elsewhere, after a dry run on one picture of the project."""
    from gsal.jobs.models.import_model import ImportModel

    job = ImportModel(
        str(weights.absolute()),
        name=name or weights.stem,
        architecture=architecture,
        size=size,
        classes=tuple(_listed(classes)),
        mean=tuple(_numbers(mean, "--mean")),
        std=tuple(_numbers(std, "--std")),
        layer=layer,
        outputs=outputs,
        card=str(card.absolute()) if card else "",
        trust=trust,
        dry_run=dry_run,
    )
    result = run(job, project, as_json=as_json, show=_show_model)
    if not result["fits"]:
        raise typer.Exit(1)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")] if text else []


def _numbers(text: str, option: str) -> list[float]:
    try:
        return [float(part) for part in _listed(text)]
    except ValueError:
        raise typer.BadParameter(f"{option} {text}: expected three numbers with commas between.") from None


def _show_model(result: dict[str, Any]) -> None:
    for check in result["report"]:
        echo(f"{check['topic']:<30}{check['fit']:<14}{check['text']}")
    if not result["fits"]:
        echo("It cannot be imported like this.")
    elif "classes" in result:
        echo(f"Imported as {result['name']}.")
    else:
        echo("It can be imported.")


def _show_images(result: dict[str, Any]) -> None:
    show_problems(result["problems"])
    already = f", {result['already_there']} already there" if result["already_there"] else ""
    relinked = f", {result['relinked']} relinked to where they lie now" if result["relinked"] else ""
    echo(f"Imported {result['imported']} pictures{already}{relinked}, {len(result['problems'])} not used.")
