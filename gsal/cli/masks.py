"""`gsal propose`, `train segmenter`, `segment`, `evaluate segmenter`: from photographs to ink masks."""

from typing import Annotated

import typer

from gsal.cli.terminal import FolderArgument, JsonOption, run

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("propose")(propose)
    app.command("segment")(segment)
    group = typer.Typer(help="Measure against human or exact masks.", no_args_is_help=True)
    group.callback()(_evaluate)
    group.command("segmenter")(evaluate)
    app.add_typer(group, name="evaluate")


def propose(project: FolderArgument, as_json: JsonOption = False) -> None:
    """Propose three rule-based ink masks for every picture."""
    from gsal.jobs.propose import Propose

    run(Propose(), project, as_json=as_json)


def segment(
    project: FolderArgument,
    model: Annotated[str, typer.Option(help="Name of the segmenter.")] = "bisenet",
    threshold: Annotated[float, typer.Option(help="Probability above which a pixel is ink.")] = 0.5,
    as_json: JsonOption = False,
) -> None:
    """Mask the ink of every picture with a trained network."""
    from gsal.jobs.segment import Segment

    run(Segment(model, threshold=threshold), project, as_json=as_json)


def evaluate(
    project: FolderArgument,
    model: Annotated[str, typer.Option(help="Name of the segmenter.")] = "bisenet",
    against: Annotated[
        str, typer.Option(help="Mask set to measure against: exact, adjudicated, human.")
    ] = "exact",
    judgements: Annotated[
        str,
        typer.Option(
            metavar="COLUMN", help="Column of the labels table that says yes or no to ink, in place of masks."
        ),
    ] = "",
    locked: Annotated[bool, typer.Option("--locked", help="Only on the locked validation set.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure a segmenter on pictures of patients it was not trained on, beside rules and readers.

    Intervals are 95 %: Wilson's for shares of pictures, else of a bootstrap of whole patients. With --json:
    summary, figures, by (class, ink colour, stroke width, picture size, start), curve, beside (hue, lab,
    dark, 2 of 3, readers; difference is the network's figure minus theirs), human_level, pictures.
    """
    from gsal.cli.evaluation import show_evaluation
    from gsal.jobs.evaluate_segmenter import EvaluateSegmenter

    job = EvaluateSegmenter(model, against=against, judgements=judgements, locked_only=locked)
    run(job, project, as_json=as_json, show=show_evaluation)


def _evaluate() -> None:
    pass
