"""Cohorts as the terminal prints them, for people and for machines."""

from math import isnan
from typing import TYPE_CHECKING, Any

from gsal.cli.terminal import echo

if TYPE_CHECKING:
    from gsal.jobs.cohorts.card import Again, CohortCard

__all__ = ["card_json", "show_card", "show_counts", "show_folds"]


def show_counts(cohort: dict[str, Any]) -> None:
    """Print how many pictures a cohort has, and P(ink | class)."""
    echo(f"{cohort['name']} ({cohort['kind']}): {cohort['n']} pictures")
    _show_rates(cohort)


def show_folds(result: dict[str, Any]) -> None:
    """Print the folds of the training side."""
    for fold in result["folds"]:
        echo(f"fold {fold['fold']}: {fold['n']} pictures")
        _show_rates(fold)


def show_card(card: "CohortCard", again: "Again | None", *, with_members: bool) -> None:
    """Print a cohort: its rule, Table 1 with intervals, what it says, its folds, its pictures."""
    record = card.record
    echo(f"{record.name} ({record.kind}): {record.n} pictures, seed {record.seed}, masks {record.mask_set}")
    echo(f"  {'class':>8}  {'n':>6}  {'inked':>6}  P(ink | class)        odds ratio of ink")
    for label, rate in card.association.ink_rates.items():
        ratio = card.association.odds_ratios[label]
        shares = _with_interval(rate.estimate, rate.low, rate.high, ".3f")
        odds = _with_interval(ratio.estimate, ratio.low, ratio.high, ".3g")
        n, inked = card.table.n_by_class[label], card.table.inked_by_class[label]
        echo(f"  {label:>8}  {n:6d}  {inked:6d}  {shares:20}  {odds}")
    for sentence in (card.finding.text, *card.notes):
        echo(sentence)
    for fold, part in enumerate(card.folds):
        echo(f"without fold {fold}: {part['n']} pictures")
        _show_rates(part)
    if again is not None:
        echo(_again_text(again))
    for member in card.members if with_members else ():
        ink = {None: "?", True: "ink", False: "no ink"}[member.inked]
        echo(f"{member.image_id}\t{member.path}\t{member.label}\t{member.patient}\t{ink}")


def card_json(card: "CohortCard", again: "Again | None") -> dict[str, Any]:
    """Return a cohort whole, JSON-ready but for undefined numbers."""
    record = card.record
    shown = {
        "name": record.name,
        "kind": str(record.kind),
        "n": record.n,
        "n_by_class": record.n_by_class,
        "ink_rate_by_class": record.ink_rate_by_class,
        "inked_by_class": card.table.inked_by_class,
        "seed": record.seed,
        "mask_set": record.mask_set,
        "settings": record.settings,
        "notes": list(card.notes),
        "association": card.association.to_json(),
        "is_warning": card.finding.is_warning,
        "finding": card.finding.text,
        "folds": list(card.folds),
        "members": [
            {"image": m.image_id, "file": m.path, "label": m.label, "patient": m.patient, "inked": m.inked}
            for m in card.members
        ],
    }
    if again is not None:
        shown["again"] = {"is_same": again.is_same, "gone": again.gone, "new": again.new}
    return shown


def _show_rates(counted: dict[str, Any]) -> None:
    for label, count in counted["n_by_class"].items():
        share = counted["ink_rate_by_class"].get(label)
        echo(f"  {label:>8}  {count:6d}  P(ink) {'  -' if share is None else f'{share:.3f}'}")


def _with_interval(estimate: float, low: float, high: float, form: str) -> str:
    return "-" if isnan(estimate) else f"{estimate:{form}} [{low:{form}}, {high:{form}}]"


def _again_text(again: "Again") -> str:
    if again.is_same:
        return "Chosen again by its rule and seed: the same pictures."
    return (
        f"Chosen again by its rule and seed, {len(again.gone)} pictures are no longer among them and "
        f"{len(again.new)} are new: pictures or masks have changed since."
    )
