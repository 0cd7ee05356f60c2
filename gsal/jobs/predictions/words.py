"""A prediction job's figures as rows and sentences, the same in the terminal and in the window."""

from collections.abc import Mapping
from math import isfinite

from gsal.audit.ablation import Change
from gsal.audit.names import interval_text, number_text, percent_text, variant_name
from gsal.audit.performance import Performance
from gsal.audit.prediction import PredictionFigures
from gsal.audit.recall import LEAST_PICTURES, ClassRecall
from gsal.masks.proportions import Proportion

__all__ = [
    "chance_words",
    "class_rows",
    "few_words",
    "left_out_words",
    "performance_rows",
    "variant_rows",
]

Rows = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""Titles of columns, and rows of cells."""


def performance_rows(figures: PredictionFigures) -> Rows:
    """Return Table 2 of the paper for one model: AUROC and accuracy on all, inked and uninked pictures."""
    titles = ("Pictures", "n", "Macro AUROC", "Accuracy")
    return titles, [
        (
            str(one.subset),
            f"{one.n:,}",
            _bracketed(one.auroc, one.auroc_low, one.auroc_high),
            _bracketed(one.accuracy, one.accuracy_low, one.accuracy_high),
        )
        for one in figures.performance
    ]


def class_rows(figures: PredictionFigures) -> Rows:
    """Return the recall of each class on all, inked and uninked pictures."""
    by_class: dict[str, list[ClassRecall]] = {}
    for one in figures.recall:
        by_class.setdefault(one.name, []).append(one)
    subsets = [str(one.subset) for one in next(iter(by_class.values()), [])]
    titles = ("Class", *(f"Found, {subset}" for subset in subsets))
    return titles, [(name, *map(_recall, parts)) for name, parts in by_class.items()]


def variant_rows(figures: PredictionFigures) -> Rows:
    """Return what becomes of the answers under each variant."""
    titles = ("Variant", "n", "Answer stays", "Turned to", "Share turned")
    return titles, [_change(one) for one in figures.changes]


def few_words(figures: PredictionFigures) -> str:
    """Say which classes are in the means with too few pictures; "" if none is."""
    inked, uninked = (
        [one.name for one in figures.recall if str(one.subset) == subset and not one.is_assessable]
        for subset in ("inked", "uninked")
    )
    few = [(inked, "inked, or uninked,")] if inked == uninked else [(inked, "inked"), (uninked, "uninked")]
    parts = [
        f"{', '.join(names)} with fewer than {LEAST_PICTURES} {subset} pictures"
        for names, subset in few
        if names
    ]
    more = [_absent(figures.performance), _no_interval(figures.performance)]
    said = f"The macro AUROCs include {' and '.join(parts)}: not assessable by themselves." if parts else ""
    return " ".join(filter(None, [said, *more]))


def chance_words(figures: PredictionFigures) -> str:
    """Say whether a model trained on ablated pictures does better than naming the largest class.

    Empty for a model that was not trained on such.
    """
    test = figures.ablated_training
    if test is None or not test.accuracy.n:
        return ""
    return (
        f"Trained on ablated pictures: {_share(test.accuracy)} of {test.accuracy.n} ablated pictures right; "
        f"always naming {test.largest_class} gives {percent_text(test.chance)} "
        f"({test.method}: P = {number_text(test.p_value, 3)})."
    )


def left_out_words(left_out: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Say how many pictures each variant leaves out, and why."""
    return [
        f"{variant_name(variant).capitalize()}: "
        + ", ".join(f"{n:,} pictures left out ({why})" for why, n in counts.items())
        + "."
        for variant, counts in left_out.items()
    ]


def _absent(performance: tuple[Performance, ...]) -> str:
    missing = {str(one.subset): one.absent for one in performance if one.absent and one.n}
    return " ".join(f"Not in the mean of {subset}: {', '.join(names)}." for subset, names in missing.items())


def _no_interval(performance: tuple[Performance, ...]) -> str:
    """Say where a bootstrap misses a class too often."""
    found = [str(one.subset) for one in performance if isfinite(one.auroc) and not isfinite(one.auroc_low)]
    if not found:
        return ""
    return f"No interval of AUROC on {', '.join(found)} pictures: over 5 % of the resamples miss a class."


def _change(change: Change) -> tuple[str, ...]:
    goal = change.turned_to or "–"
    turned = _share(change.turned) if change.turned_to else "–"
    n = f" of {change.turned.n:,}" if change.turned_to else ""
    return variant_name(change.variant), f"{change.n:,}", _share(change.unchanged), goal, turned + n


def _recall(one: ClassRecall) -> str:
    if not one.is_assessable:
        return f"not assessable (n = {one.recall.n})"
    return f"{_share(one.recall)} of {one.recall.n:,}"


def _share(share: Proportion) -> str:
    if not share.n:
        return "–"
    low, high = (number_text(100 * end, 0) for end in (share.low, share.high))
    return f"{percent_text(share.estimate)} [{low}, {high}]"


def _bracketed(value: float, low: float, high: float) -> str:
    interval = interval_text(low, high, 3)
    return f"{number_text(value, 3)} [{interval}]" if interval != "undefined" else number_text(value, 3)
