"""`gsal audit`, `gsal report`: from what is stored to a judgement."""

from pathlib import Path
from typing import Annotated, Any

import typer

from gsal.cli.terminal import FolderArgument, JsonOption, echo, open_project, print_json, run

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
    method: Annotated[
        list[str] | None,
        typer.Option(help="Of saliency; several times for several. By default all that are complete."),
    ] = None,
    is_list: Annotated[
        bool, typer.Option("--list", help="List the audits that were kept, over one mask set or over all.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say how much each model looks at ink, by class, and whether that predicts its errors.

    Saliency that is not complete is left out and named, unless its model or method was asked for.
    """
    from gsal.jobs.audits.audit import RunAudit

    if is_list:
        _list_audits(project, mask_set, as_json=as_json)
        return
    job = RunAudit(tuple(model or ()), mask_set=mask_set, methods=tuple(method or ()))
    if as_json:
        result = run(job, project, as_json=False, show=lambda _: None)
        for text in result["left_out"]:
            typer.echo(text, err=True)
        print_json(result["rows"])
    else:
        run(job, project, as_json=False, show=_show_audit)


def report(
    project: FolderArgument,
    audit_id: Annotated[
        int | None,
        typer.Option("--audit", help="Its number in `gsal audit --list`; by default the last one."),
    ] = None,
    mask_set: Annotated[
        str, typer.Option(help=f"{MASK_SETS}, of which the last audit is taken; by default any.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Write an audit as one HTML file and as a PDF into the project's exports."""
    from gsal.jobs.reports.write import WriteReport

    run(WriteReport(audit=audit_id, mask_set=mask_set), project, as_json=as_json)


def _list_audits(folder: Path, mask_set: str, *, as_json: bool) -> None:
    from gsal.audit.names import method_name
    from gsal.jobs.masks.making import mask_set_named

    with open_project(folder, read_only=True) as opened:
        named = mask_set_named(mask_set) if mask_set else ""
        audits = list(opened.store.audits.newest_first(named))
    if as_json:
        print_json(
            [
                {
                    "id": one.id,
                    "created": one.created,
                    "mask_set": one.mask_set,
                    "models": one.models,
                    "methods": one.methods,
                    "audited": one.audited,
                    "app_version": one.app_version,
                }
                for one in audits
            ]
        )
        return
    for one in audits:
        models, methods = ", ".join(one.models), ", ".join(map(method_name, one.methods))
        echo(f"{one.id:4d}  {one.date}  {one.mask_set:<11}  {models}  by {methods}")
    if not audits:
        echo("Nothing has been audited yet.")


def _show_audit(result: dict[str, Any]) -> None:
    echo(f"Audit {result['audit']}, over the {result['mask_set']} masks")
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
