"""`gsal agreement`: how well readers agree with each other, and each with themselves."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from gsal.cli.terminal import (
    FolderArgument,
    JsonOption,
    Reporter,
    cancelled_by_ctrl_c,
    echo,
    open_project,
    print_json,
)

if TYPE_CHECKING:
    from gsal.jobs.reading.agreement import PairAgreement

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("agreement")(agreement)


def agreement(project: FolderArgument, as_json: JsonOption = False) -> None:
    """Say how well readers agree: every two of them, and each with their own repeats.

    Cohen's kappa on ink or no ink with a 95 % interval (bootstrap of pictures, seeded); means of Dice and NSD
    at 2 px of 448. Pictures of which one of the two accepted no mask are left out and counted.
    """
    from gsal.jobs.reading.agreement import read_agreement

    with (
        open_project(project, read_only=True) as opened,
        Reporter() as reporter,
        cancelled_by_ctrl_c(reporter) as ctx,
    ):
        found = read_agreement(opened, ctx)
    between, within = ([_row(pair) for pair in pairs] for pairs in (found.between, found.within))
    if as_json:
        print_json({"between": between, "within": within})
        return
    for row in between:
        echo(f"{row['first']} and {row['second']}: {_text(row)}")
    for row in within:
        echo(f"{row['first']} at first and again: {_text(row)}")
    if not between and not within:
        echo("No picture has been read by two readers yet, or twice by one.")


def _row(pair: "PairAgreement") -> dict[str, Any]:
    figures = asdict(pair.overall)
    kappa = {
        "value": figures.pop("kappa"),
        "low": figures.pop("kappa_low"),
        "high": figures.pop("kappa_high"),
    }
    return {
        "first": pair.first,
        "second": pair.second,
        "left_out": pair.left_out,
        **figures,
        "kappa": kappa,
    }


def _text(row: dict[str, Any]) -> str:
    kappa, dice, nsd = row["kappa"], row["dice"], row["nsd"]
    left_out = f"; {row['left_out']} left out" if row["left_out"] else ""
    return (
        f"{row['n']} pictures, {row['n_same']} with the same ink decision, kappa {_n(kappa['value'])} "
        f"[{_n(kappa['low'])}, {_n(kappa['high'])}], Dice {_n(dice['mean'])} and NSD {_n(nsd['mean'])} "
        f"(n = {dice['n']}){left_out}"
    )


def _n(value: float) -> str:
    return "undefined" if value != value else f"{value:.3f}"
