"""`gsal predict`: what classifiers answer, with and without ink."""

from typing import Annotated, Any

import typer

from gsal.cli.results import MASK_SETS, ModelOption
from gsal.cli.terminal import FolderArgument, JsonOption, run

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("predict")(predict)


def predict(
    project: FolderArgument,
    model: ModelOption = None,
    variant: Annotated[
        list[str] | None,
        typer.Option(
            help="original, ablated, ablated-data-set-mean, ink-inpainted, ink-blurred, ink-free-crop or "
            "ink-pasted; several times for several. By default original, ablated, ink-inpainted and "
            "ink-free-crop.",
            show_default=False,
        ),
    ] = None,
    mask_set: Annotated[str, typer.Option(help=MASK_SETS)] = "best",
    seed: Annotated[int, typer.Option(help="Of intervals, and of whose ink is pasted.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Ask classifiers about every validation picture: as it is, without its ink, and without all but its ink.

    A network of a cross-validation is asked about its own fold. Several processes or graphics cards share the
    work when torchrun starts the command.
    """
    from gsal.jobs.predictions.predict import DEFAULT_VARIANTS, Predict

    variants = tuple(variant) if variant else tuple(map(str, DEFAULT_VARIANTS))
    job = Predict(tuple(model or ()), variants=variants, mask_set=mask_set, seed=seed)
    run(job, project, as_json=as_json, show=_show)


def _show(result: dict[str, Any]) -> None:
    from gsal.cli.prediction_text import show_predictions

    show_predictions(result)
