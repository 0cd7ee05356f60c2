"""`gsal cohort ...`: training sets with a known co-occurrence of ink and label."""

from typing import Annotated

import typer

from gsal.cli import cohort_text
from gsal.cli.terminal import FolderArgument, JsonOption, echo, open_project, print_json, run

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Training sets with a known co-occurrence of ink and label.", no_args_is_help=True
    )
    group.command("create")(create)
    group.command("list")(list_)
    group.command("show")(show)
    group.command("folds")(folds)
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
    only_class: Annotated[
        list[str] | None, typer.Option("--class", help="A class to take; the others are left out.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="A folder to take; pictures elsewhere are left out.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            help="A value that a column of the labels may have, e.g. --where site=arm --where site=leg.",
            metavar="COLUMN=VALUE",
        ),
    ] = None,
    inked: Annotated[bool | None, typer.Option("--inked/--uninked", help="Only those.")] = None,
    patient: Annotated[list[str] | None, typer.Option(help="A patient to take; no others then.")] = None,
    without_patient: Annotated[list[str] | None, typer.Option(help="A patient to leave out.")] = None,
    folds: Annotated[
        int, typer.Option(help="Choose a part for each fold of a cross-validation too; 0 for none.", min=0)
    ] = 0,
    minimum_inked: Annotated[int, typer.Option(help="Inked pictures a class must have.")] = 10,
    mask_set: Annotated[str, typer.Option(help="Masks that decide which pictures are inked.")] = "best",
    validation_share: Annotated[
        float | None, typer.Option(help="Of the split, when it is made.", show_default="0.1")
    ] = None,
    split_seed: Annotated[int, typer.Option(help="Of the split, when it is made.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Create a cohort from the training side of the project's one split."""
    from gsal.jobs.cohorts.create import CreateCohort

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
        classes=tuple(only_class or ()),
        sources=tuple(source or ()),
        columns=_columns(where) if where else None,
        inked=inked,
        patients=tuple(patient or ()),
        without_patients=tuple(without_patient or ()),
        folds=folds,
    )
    run(job, project, as_json=as_json, show=cohort_text.show_counts)


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
        cohort_text.show_counts(cohort)


def show(
    project: FolderArgument,
    name: Annotated[str, typer.Argument(help="Of the cohort.", show_default=False)],
    members: Annotated[bool, typer.Option("--members", help="List its pictures too.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Choose it again by its rule and seed, and compare.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show a cohort whole: its rule, how ink goes with the class in it, and its pictures (always in JSON)."""
    from gsal.jobs.cohorts.card import cohort_card, compare_again

    with open_project(project, read_only=True) as opened:
        card = cohort_card(opened, name)
        compared = compare_again(opened, name) if again else None
    if as_json:
        print_json(cohort_text.card_json(card, compared))
    else:
        cohort_text.show_card(card, compared, with_members=members)


def folds(
    project: FolderArgument,
    k: Annotated[int, typer.Option("-k", "--folds", help="How many.", min=2)] = 3,
    mask_set: Annotated[str, typer.Option(help="Masks that decide which pictures are inked.")] = "best",
    as_json: JsonOption = False,
) -> None:
    """Deal the training side into folds by patient, and show them; they are the same for all cohorts."""
    from gsal.jobs.cohorts.deal_folds import DealFolds

    run(DealFolds(k, mask_set), project, as_json=as_json, show=cohort_text.show_folds)


def _rates(given: list[str]) -> dict[str, float]:
    rates: dict[str, float] = {}
    for item in given:
        label, _, value = item.rpartition("=")
        try:
            rates[label] = float(value)
        except ValueError:
            raise typer.BadParameter(f"{item}: expected CLASS=P with P from 0 to 1, e.g. MEL=0.95") from None
    return rates


def _columns(given: list[str]) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for item in given:
        column, sign, value = item.partition("=")
        if not column or not sign:
            raise typer.BadParameter(f"{item}: expected COLUMN=VALUE, e.g. site=arm")
        columns.setdefault(column, []).append(value)
    return columns
