"""`gsal saliency`: what classifiers look at, aggregated over the ink."""

from typing import Annotated, Any

import typer

from gsal.cli.results import MASK_SETS, ModelOption
from gsal.cli.terminal import FolderArgument, JsonOption, echo, run

__all__ = ["register"]

_MORE = "More settings; another one is another run"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("saliency")(saliency)


def saliency(
    project: FolderArgument,
    model: ModelOption = None,
    method: Annotated[
        list[str] | None,
        typer.Option(
            help="grad-cam, competitive-gradient-input, gradient, gradient-input, smoothgrad, "
            "integrated-gradients, guided-grad-cam, occlusion, random or sobel; several times for several. "
            "By default the first two, where they can explain the model.",
            show_default=False,
        ),
    ] = None,
    mask_set: Annotated[
        list[str] | None,
        typer.Option(help=f"{MASK_SETS}; several times for several. By default best.", show_default=False),
    ] = None,
    variant: Annotated[
        list[str] | None,
        typer.Option(
            help="ink-inpainted (the placebo: the same mask, without its ink), ink-blurred or ablated; "
            "several times for several. The pictures as they are always come with them.",
            show_default=False,
        ),
    ] = None,
    competition: Annotated[
        str,
        typer.Option(
            help="Of competitive gradient x input: gupta-arora, pfau-2019 or pfau-2019-slope.",
            rich_help_panel=_MORE,
        ),
    ] = "gupta-arora",
    layer: Annotated[
        str,
        typer.Option(help="Of Grad-CAM; by default the network's last maps.", rich_help_panel=_MORE),
    ] = "",
    centred: Annotated[
        bool,
        typer.Option("--centred", help="Grad-CAM of a logit minus the mean logit.", rich_help_panel=_MORE),
    ] = False,
    fast: Annotated[
        bool,
        typer.Option("--fast", help="In bfloat16 where it is written for that.", rich_help_panel=_MORE),
    ] = False,
    samples: Annotated[int, typer.Option(help="Of SmoothGrad.", min=1, rich_help_panel=_MORE)] = 25,
    steps: Annotated[int, typer.Option(help="Of integrated gradients.", min=1, rich_help_panel=_MORE)] = 32,
    seed: Annotated[
        int, typer.Option(help="Of SmoothGrad and the random map.", min=0, rich_help_panel=_MORE)
    ] = 0,
    percentile: Annotated[
        float,
        typer.Option(
            help="Above it, a pixel counts as a peak of its map.", min=0, max=100, rich_help_panel=_MORE
        ),
    ] = 98.0,
    as_json: JsonOption = False,
) -> None:
    """Compute saliency for every validation picture and aggregate it over the ink masks.

    Several processes or graphics cards share the work when torchrun starts the command.
    """
    from gsal.jobs.saliency.compute import ComputeSaliency

    job = ComputeSaliency(
        tuple(model or ()),
        methods=tuple(method or ()),
        mask_sets=tuple(mask_set or ("best",)),
        variants=tuple(variant or ()),
        competition=competition,
        layer=layer,
        centred=centred,
        precision="fast" if fast else "float32",
        samples=samples,
        steps=steps,
        seed=seed,
        percentile=percentile,
    )
    run(job, project, as_json=as_json, show=_show)


def _show(result: dict[str, Any]) -> None:
    for one in result["runs"]:
        settings = ", ".join(part for part in (one["preset"], one["layer"]) if part)
        name = f"{one['method']} ({settings})" if settings else one["method"]
        echo(
            f"{one['model']}, {name}, {one['variant']}, over the {one['mask_set']} masks: "
            f"{one['pictures']} pictures, {one['computed']} computed now"
        )
