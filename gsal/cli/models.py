"""`gsal train ...`, `gsal predict`: networks."""

from typing import Annotated

import typer

from gsal.cli.terminal import FolderArgument, JsonOption, run

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Train a network.", no_args_is_help=True)
    group.command("segmenter")(segmenter)
    group.command("classifier")(classifier)
    app.add_typer(group, name="train")
    app.command("predict")(predict)


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
    as_json: JsonOption = False,
) -> None:
    """Train a BiSeNet on ink masks."""
    from gsal.jobs.train_segmenter import TrainSegmenter

    job = TrainSegmenter(name, recipe=recipe, mask_set=masks, max_pictures=pictures, seed=seed, epochs=epochs)
    run(job, project, as_json=as_json)


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
    epochs: Annotated[int, typer.Option(help="0 for the recipe's.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Train a classifier on a cohort."""
    from gsal.jobs.train_classifier import TrainClassifier

    job = TrainClassifier(
        name or cohort,
        cohort=cohort,
        recipe=recipe,
        architecture=architecture,
        seed=seed,
        seeds=seeds,
        epochs=epochs,
    )
    run(job, project, as_json=as_json)


def predict(
    project: FolderArgument,
    model: Annotated[list[str] | None, typer.Option(help="Name of a classifier; by default all.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Keep the logits of every validation picture."""
    from gsal.jobs.predict import Predict

    run(Predict(tuple(model or ())), project, as_json=as_json)
