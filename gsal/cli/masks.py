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


def propose(
    project: FolderArgument,
    sensitivity: Annotated[float, typer.Option(help="Above 1 fainter ink is taken too.")] = 1.0,
    max_pen_width: Annotated[
        float, typer.Option(help="Widest stroke, as a share of the picture's long side.")
    ] = 0.10,
    ink_colour: Annotated[
        str | None, typer.Option(help='Look for ink of this colour only, e.g. "#5a3f8c" as it looks on skin.')
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Propose three rule-based ink masks for every picture; with other settings than before, anew."""
    from gsal.jobs.masks.propose import Propose

    colour = None if ink_colour is None else _colour(ink_colour)
    run(Propose(sensitivity, max_pen_width, colour), project, as_json=as_json)


def _colour(text: str) -> tuple[int, int, int]:
    digits = text.strip().removeprefix("#")
    if len(digits) != 6 or not set(digits.lower()) <= set("0123456789abcdef"):
        raise typer.BadParameter(f"{text!r} is no colour; write it as #rrggbb, e.g. #5a3f8c.")
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def segment(
    project: FolderArgument,
    model: Annotated[str, typer.Option(help="Name of the segmenter.")] = "bisenet",
    threshold: Annotated[float, typer.Option(help="Probability above which a pixel is ink.")] = 0.5,
    long_side: Annotated[
        int, typer.Option(help="Of pictures as the network sees them, in pixels; 0 for its own.")
    ] = 0,
    runtime: Annotated[
        str, typer.Option(help="auto, torch, openvino: what runs the network; auto for the fastest.")
    ] = "auto",
    as_json: JsonOption = False,
) -> None:
    """Mask the ink of every picture with a trained network."""
    from gsal.jobs.segmenters.segment import Segment

    job = Segment(model, threshold=threshold, long_side=long_side, runtime=runtime)
    run(job, project, as_json=as_json)


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
    from gsal.jobs.evaluation.evaluate import EvaluateSegmenter

    job = EvaluateSegmenter(model, against=against, judgements=judgements, locked_only=locked)
    run(job, project, as_json=as_json, show=show_evaluation)


def _evaluate() -> None:
    pass
