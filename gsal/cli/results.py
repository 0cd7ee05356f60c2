"""`gsal audit`, `gsal report`: from what is stored to a judgement."""

from typing import Annotated, Any

import typer

from gsal.cli.terminal import FolderArgument, JsonOption, echo, print_json, run

__all__ = ["register"]

ModelOption = Annotated[
    list[str] | None, typer.Option("--model", help="Name of a classifier; by default all.")
]
MASK_SETS = "best, exact, adjudicated, human, network or rule"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("audit")(audit)
    app.command("report")(report)


def audit(
    project: FolderArgument,
    model: ModelOption = None,
    mask_set: Annotated[
        str, typer.Option(help=f"{MASK_SETS}; by default those saliency was last computed over.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Say how much each model looks at ink, by class, and whether that predicts its errors."""
    from gsal.jobs.audits.audit import RunAudit

    job = RunAudit(tuple(model or ()), mask_set=mask_set)
    if as_json:
        print_json(run(job, project, as_json=False, show=lambda _: None)["rows"])
    else:
        run(job, project, as_json=False, show=_show_audit)


def report(project: FolderArgument, as_json: JsonOption = False) -> None:
    """Write the last audit as one HTML file into the project's exports."""
    from gsal.jobs.reports.write import WriteReport

    run(WriteReport(), project, as_json=as_json)


def _show_audit(result: dict[str, Any]) -> None:
    for sentence in result["findings"]:
        echo(f"- {sentence}")
    for row in result["rows"]:
        echo(
            f"\n{row['model']}, {row['method']}, {row['aggregator']} "
            f"over the {row['mask_set']} masks, n = {row['n']}"
        )
        echo(f"  accuracy {_n(row['accuracy'])}  AURRAC {_n(row['aurrac'])}  oracle {_n(row['oracle'])}")
        for entry in row["classes"]:
            echo(
                f"  {entry['class']:>8}  {_n(entry['mean'])}  [{_n(entry['low'])}, {_n(entry['high'])}]"
                f"  n = {entry['n']}"
            )


def _n(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"
