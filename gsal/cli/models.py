"""`gsal train ...`, `gsal retrain`: networks."""

from typing import Annotated, Any

import typer

from gsal.cli.terminal import FolderArgument, JsonOption, echo, run

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Train a network.", no_args_is_help=True)
    group.command("segmenter")(segmenter)
    group.command("classifier")(classifier)
    app.add_typer(group, name="train")
    app.command("retrain")(retrain)


def segmenter(
    project: FolderArgument,
    name: Annotated[str, typer.Option(help="Its name.")] = "bisenet",
    recipe: Annotated[str, typer.Option(help="paper, short or demo.")] = "short",
    masks: Annotated[
        str, typer.Option(help="Masks to learn from: best (human where there are any), human, exact or rule.")
    ] = "best",
    pictures: Annotated[int, typer.Option(help="At most so many pictures; 0 for all.", min=0)] = 0,
    seed: Annotated[int, typer.Option(help="Of the training.", min=0)] = 0,
    epochs: Annotated[int, typer.Option(help="0 for the recipe's.", min=0)] = 0,
    architecture: Annotated[str, typer.Option(help="bisenet, or lraspp: lighter and coarser.")] = "bisenet",
    loss: Annotated[str, typer.Option(help="bce+dice or bce; by default the recipe's.")] = "",
    synthetic_ink: Annotated[
        bool | None,
        typer.Option(help="Draw ink, with its exact mask, on ink-free pictures; by default the recipe's."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Train a network that masks ink, on the masks there are.

    Short: half an hour of one processor core. Paper: 100 epochs by the paper's recipe, for a graphics card.
    """
    from gsal.jobs.segmenters.train import TrainSegmenter

    job = TrainSegmenter(
        name,
        recipe=recipe,
        mask_set=masks,
        max_pictures=pictures,
        seed=seed,
        architecture=architecture,
        epochs=epochs,
        loss=loss,
        synthetic_ink=synthetic_ink,
    )
    run(job, project, as_json=as_json)


def retrain(
    project: FolderArgument,
    model: Annotated[
        str, typer.Option(help="Name of the ink network, or of an earlier one of its line.")
    ] = "bisenet",
    masking: Annotated[
        str, typer.Option(help="Whether the new network masks the project: unless-worse, always or never.")
    ] = "unless-worse",
    as_json: JsonOption = False,
) -> None:
    """Train an ink network again on today's masks, and compare both on pictures that neither has seen."""
    from gsal.jobs.segmenters.retrain import RetrainSegmenter

    run(RetrainSegmenter(model, masking=masking), project, as_json=as_json, show=_show_retrained)


def _show_retrained(result: dict[str, Any]) -> None:
    echo(f"{result['model']} was trained after {result['old']}: {result['reviews_since']} new reviews.")
    if not result["judged_on"]:
        echo("Nothing to compare them on: no picture that neither has seen has a person's mask.")
    else:
        echo(f"On {result['judged_on']}:")
    for metric, difference in result["difference"].items():
        before, after = (_figure(result[side][metric]) for side in ("before", "after"))
        echo(f"  {metric:>11}  {before}  ->  {after}   difference {_figure(difference)}")
    echo(result["decision"])


def _figure(figure: dict[str, Any]) -> str:
    if figure["estimate"] is None:
        return "undefined"
    if figure["low"] is None:
        return f"{figure['estimate']:.3f}"
    return f"{figure['estimate']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def classifier(
    project: FolderArgument,
    cohort: Annotated[str, typer.Option(help="Name of the cohort to train on.", show_default=False)],
    name: Annotated[str, typer.Option(help="Its name; by default the cohort's.")] = "",
    recipe: Annotated[str, typer.Option(help="paper, short or demo.")] = "short",
    architecture: Annotated[
        str, typer.Option(help="densenet121, densenet-small or a torchvision name; by default the recipe's.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Of the training; the first one of several.", min=0)] = 0,
    seeds: Annotated[int, typer.Option(help="Train so many, with seeds one apart.", min=1)] = 1,
    folds: Annotated[
        int,
        typer.Option(help="Cross-validation by patient: so many networks for each seed; 0 for none.", min=0),
    ] = 0,
    epochs: Annotated[int, typer.Option(help="0 for the recipe's.", min=0)] = 0,
    sampler: Annotated[
        str,
        typer.Option(
            help="natural, balanced, ink-independent or ink-independent-balanced; by default the recipe's."
        ),
    ] = "",
    weights: Annotated[
        str, typer.Option(help="To begin with: imagenet (where this machine has them), none, or a file.")
    ] = "imagenet",
    as_json: JsonOption = False,
) -> None:
    """Train classifiers on a cohort: one, or a group that differs in seed or in the fold left out.

    Several processes or graphics cards share the work when torchrun starts the command.
    """
    from gsal.jobs.classifiers.train import TrainClassifier

    job = TrainClassifier(
        name or cohort,
        cohort=cohort,
        recipe=recipe,
        architecture=architecture,
        seed=seed,
        seeds=seeds,
        folds=folds,
        epochs=epochs,
        sampler=sampler,
        weights=weights,
    )
    run(job, project, as_json=as_json)
