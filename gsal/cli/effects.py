"""`gsal counterfactual`, `gsal methods`: what ink really does to answers, and which saliency shows it."""

from typing import Annotated, Any

import typer

from gsal.cli.results import MASK_SETS, ModelOption
from gsal.cli.terminal import FolderArgument, JsonOption, run

__all__ = ["register"]

_MaskSetOption = Annotated[
    str, typer.Option(help=f"{MASK_SETS}; by default those of the last saliency.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("counterfactual")(counterfactual)
    app.command("methods")(methods)


def counterfactual(
    project: FolderArgument,
    model: ModelOption = None,
    mask_set: _MaskSetOption = "",
    seed: Annotated[int, typer.Option(help="Of whose ink is pasted.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Ask classifiers again without the ink, and with another picture's ink, and compare the answers.

    The ink is painted over, and cropped off; on pictures without, another patient's is laid. What is stored
    already is not predicted again.
    """
    from gsal.jobs.audits.counterfactual import MeasureInkEffect

    run(MeasureInkEffect(tuple(model or ()), mask_set, seed), project, as_json=as_json, show=_show_effects)


def methods(
    project: FolderArgument,
    model: ModelOption = None,
    mask_set: _MaskSetOption = "",
    seed: Annotated[int, typer.Option(help="Of intervals, and of whose ink is pasted.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Compare the saliency methods: completeness, sanity, faithfulness, AURRAC and cost.

    Nothing is computed but the table: `gsal saliency` and `gsal counterfactual` make what it rests on.
    """
    from gsal.jobs.audits.methods import CompareMethods

    run(CompareMethods(tuple(model or ()), mask_set, seed), project, as_json=as_json, show=_show_methods)


def _show_effects(result: dict[str, Any]) -> None:
    from gsal.cli.effect_text import show_effects

    show_effects(result)


def _show_methods(result: dict[str, Any]) -> None:
    from gsal.cli.effect_text import show_methods

    show_methods(result)
