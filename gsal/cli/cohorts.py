"""`gsal cohort ...`: training sets with a known co-occurrence of ink and label."""

from typing import Annotated, Any

import typer

from gsal.cli.terminal import FolderArgument, JsonOption, echo, open_project, print_json, run

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Training sets with a known co-occurrence of ink and label.", no_args_is_help=True
    )
    group.command("create")(create)
    group.command("list")(list_)
    app.add_typer(group, name="cohort")


def create(
    project: FolderArgument,
    name: Annotated[str, typer.Argument(help="Its name.", show_default=False)],
    kind: Annotated[str, typer.Option(help="baseline, ink-only, unbiased, ablated or rates.")] = "baseline",
    seed: Annotated[int, typer.Option(help="Of the choice.", min=0)] = 0,
    ratio: Annotated[float, typer.Option(help="unbiased: uninked pictures per inked one.")] = 0.5,
    target_rate: Annotated[
        float | None, typer.Option(help="unbiased: P(ink | class) to keep instead, dropping inked pictures.")
    ] = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(
            help="rates: P(ink | class), e.g. --rate MEL=0.95 --rate 0.2 for all others.", metavar="CLASS=P"
        ),
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="A class to leave out.")] = None,
    minimum_inked: Annotated[int, typer.Option(help="Inked pictures a class must have.")] = 10,
    mask_set: Annotated[str, typer.Option(help="Masks that decide which pictures are inked.")] = "best",
    validation_share: Annotated[
        float | None, typer.Option(help="Of the split, when it is made.", show_default="0.1")
    ] = None,
    split_seed: Annotated[int, typer.Option(help="Of the split, when it is made.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Create a cohort from the training side of the project's one split."""
    from gsal.jobs.create_cohort import CreateCohort

    job = CreateCohort(
        name=name,
        cohort_kind=kind,
        seed=seed,
        ratio=ratio,
        target_rate=target_rate,
        rates=_rates(rate) if rate else None,
        exclude=tuple(exclude or ()),
        minimum_inked=minimum_inked,
        mask_set=mask_set,
        validation_share=validation_share,
        split_seed=split_seed,
    )
    run(job, project, as_json=as_json, show=_show)


def list_(project: FolderArgument, as_json: JsonOption = False) -> None:
    """List the cohorts with their counts and ink rates per class (Table 1)."""
    with open_project(project, read_only=True) as opened:
        cohorts = [
            {
                "name": c.name,
                "kind": str(c.kind),
                "n": c.n,
                "n_by_class": c.n_by_class,
                "ink_rate_by_class": c.ink_rate_by_class,
            }
            for c in opened.store.cohorts.all()
        ]
    if as_json:
        print_json(cohorts)
    elif not cohorts:
        echo("No cohorts yet.")
    for cohort in cohorts if not as_json else []:
        _show(cohort)


def _show(cohort: dict[str, Any]) -> None:
    echo(f"{cohort['name']} ({cohort['kind']}): {cohort['n']} pictures")
    for label, count in cohort["n_by_class"].items():
        share = cohort["ink_rate_by_class"].get(label)
        echo(f"  {label:>8}  {count:6d}  P(ink) {'  -' if share is None else f'{share:.3f}'}")


def _rates(given: list[str]) -> dict[str, float]:
    rates: dict[str, float] = {}
    for item in given:
        label, _, value = item.rpartition("=")
        try:
            rates[label] = float(value)
        except ValueError:
            raise typer.BadParameter(f"{item}: expected CLASS=P with P from 0 to 1, e.g. MEL=0.95") from None
    return rates
