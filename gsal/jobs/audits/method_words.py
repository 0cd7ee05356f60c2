"""The comparison of saliency methods as a table of cells, each with what it means or what to do."""

import math
import shlex
from dataclasses import dataclass

from gsal.audit.counterfactual import Scale
from gsal.audit.faithfulness import Faithfulness
from gsal.audit.methods import FailureOrder, MethodFigures
from gsal.audit.names import PERCENT, interval_text, method_name, number_text
from gsal.audit.rank_correlation import RankCorrelation
from gsal.jobs.audits.methods import MethodEntry, ModelMethods
from gsal.jobs.saliency.sanity_words import verdict_words
from gsal.records import Aggregator, SaliencyMethod

__all__ = [
    "COLUMNS",
    "Cell",
    "Column",
    "counted_text",
    "faithfulness_words",
    "method_rows",
    "todo_words",
    "undefined_words",
]

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Column:
    """Of the table.

    Attributes:
        title: Short.
        tip: What its figures mean, and which are good.
    """

    title: str
    tip: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Of the table.

    Attributes:
        text: What it shows.
        tip: The same in words, or what to run for it.
        order: What rows are sorted by; NaN where there is no figure.
        n: Pictures that the figure rests on; 0 where it is none of pictures.
    """

    text: str
    tip: str = ""
    order: float = _NAN
    n: int = 0


COLUMNS = (
    Column("Method", "How saliency is computed; the last two know nothing of the network."),
    Column(
        "Gap",
        "Completeness: by how much the map's sum misses the logit that it explains, relative to it; median "
        "over pictures. 0 is complete.",
    ),
    Column("Sanity", "Whether maps change when the network's weights are made random, layer by layer."),
    Column(
        "Faithful (m)",
        "Spearman's rank correlation of the mean saliency of the ink with what the ink really does: the "
        "logit of the class named, with the ink minus with it painted over. 1 is faithful, 0 says nothing, "
        "below 0 points the wrong way. Large ink does more and takes more of any map: compare with the "
        "controls.",
    ),
    Column("Faithful (n)", "The same with the ink's share of the map's highest 2 per cent."),
    Column(
        "AURRAC (m)",
        "Whether pictures with more saliency of the ink are more often wrong: normalised, 1 as the oracle, "
        "0 as a random order.",
    ),
    Column("AURRAC (n)", "The same with the ink's share of the map's highest 2 per cent."),
    Column("Cost", "Forward passes through the network that take as long, per picture."),
    Column("n", "Validation pictures explained, and those with ink among them."),
)


def method_rows(methods: ModelMethods) -> list[tuple[Cell, ...]]:
    """Return one row per method, with as many cells as there are `COLUMNS`."""
    return [_row(entry, methods) for entry in methods.entries]


def counted_text(cell: Cell) -> str:
    """Return a cell's text with its number of pictures beside it.

    >>> counted_text(Cell("passes", n=1200)), counted_text(Cell("not checked"))
    ('passes (n 1,200)', 'not checked')
    """
    return f"{cell.text} (n {cell.n:,})" if cell.n else cell.text


def undefined_words(methods: ModelMethods) -> list[str]:
    """Say of the methods that are computed which figures are undefined, and why: a sentence for each reason.

    What a method is computed for, and is undefined, cannot be helped by running more.
    """
    by_reason: dict[str, list[str]] = {}
    for entry, row in zip(methods.entries, method_rows(methods), strict=True):
        for column, cell in zip(COLUMNS, row, strict=True):
            if cell.text == "cannot" or (cell.text == "–" and entry.figures is not None):
                by_reason.setdefault(cell.tip, []).append(f"{row[0].text}, {column.title}")
    return [f"{'; '.join(figures)}: {why[0].lower()}{why[1:]}" for why, figures in by_reason.items()]


def faithfulness_words(found: Faithfulness) -> str:
    """Say what a rank correlation with the effect of the ink means, in which direction, and on how many."""
    correlation = found.correlation
    if math.isnan(correlation.spearman):
        return f"Undefined: {correlation.reason}."
    figures = f"Spearman {_text(correlation)}"
    kendall = f"Kendall's tau-b {number_text(correlation.kendall)}"
    basis = f"{correlation.n:,} inked pictures of {correlation.n_patients:,} patients"
    said = f"{figures}, {kendall}; {basis}. {_direction(found)}"
    if math.isfinite(found.given_area.spearman):
        said += f" With the area of the ink held fixed: {_text(found.given_area)}."
    return f"{said} {found.left_out:,} inked pictures are left out." if found.left_out else said


def _direction(found: Faithfulness) -> str:
    effect, low, high = found.scale, found.correlation.low, found.correlation.high
    if math.isnan(low):
        return f"No interval: {found.correlation.reason.removesuffix(': no interval')}."
    if low > 0:
        return (
            f"The more of the map lies on the ink, the more the ink raises the {effect} of the class named."
        )
    if high < 0:
        return (
            f"The more of the map lies on the ink, the less the ink raises the {effect} of the class named: "
            "the map points the wrong way."
        )
    return "Not told apart from a map that says nothing of what the ink does."


def _row(entry: MethodEntry, methods: ModelMethods) -> tuple[Cell, ...]:
    method = SaliencyMethod(entry.method)
    name = method_name(entry.method)
    first = Cell(f"{name[0].upper()}{name[1:]}", order=list(SaliencyMethod).index(method))
    cost = Cell(number_text(entry.cost, 0), "Forward passes per picture, by estimate.", entry.cost)
    if entry.figures is None:
        missing = _unavailable(entry, methods)
        return (
            first,
            missing,
            _sanity(entry, methods),
            *[Cell("–", missing.tip)] * 4,
            cost,
            _count(entry, methods),
        )
    figures = entry.figures
    return (
        first,
        Cell("–", "A control explains no logit.") if method.is_control else _gap(figures),
        _sanity(entry, methods),
        *(_faithful(figures, aggregator, methods) for aggregator in Aggregator),
        *map(_failure, figures.failure_order),
        cost,
        _count(entry, methods),
    )


def _unavailable(entry: MethodEntry, methods: ModelMethods) -> Cell:
    if entry.refused:
        return Cell("cannot", entry.refused)
    so_far = f"{entry.explained:,} of {methods.pictures:,} pictures so far; " if entry.explained else ""
    command = f"gsal saliency --method {entry.method} --mask-set {methods.mask_set} {_of(methods)}"
    return Cell("not computed", f"{so_far}compute saliency by this method, or run `{command}`.")


def _sanity(entry: MethodEntry, methods: ModelMethods) -> Cell:
    if entry.sanity is not None:
        outcome, decisive = entry.sanity.outcome, entry.sanity.decisive.mean
        return Cell(str(outcome), verdict_words(entry.sanity), decisive, entry.sanity.decisive.n)
    if entry.refused:
        return Cell("cannot", entry.refused)
    command = f"gsal sanity {_of(methods)} --method {entry.method}"
    return Cell("not checked", f"Check its sanity, or run `{command}`.")


def _count(entry: MethodEntry, methods: ModelMethods) -> Cell:
    if entry.figures is None:
        return Cell(
            f"{entry.explained:,}",
            f"Of the {methods.pictures:,} pictures that judge the model.",
            entry.explained,
        )
    figures = entry.figures
    return Cell(f"{figures.n:,}", f"{figures.n_inked:,} of them with ink.", figures.n)


def _gap(figures: MethodFigures) -> Cell:
    found = figures.completeness
    if math.isnan(found.relative_gap):
        return Cell("–", f"Undefined: {found.reason}.")
    percent = 100 * found.relative_gap
    text = f"{percent:.{0 if percent >= 10 else 2}f}{PERCENT}" if percent >= 0.01 else f"< 0.01{PERCENT}"
    return Cell(text, f"Median over {found.n:,} pictures.", found.relative_gap, found.n)


def _faithful(figures: MethodFigures, aggregator: Aggregator, methods: ModelMethods) -> Cell:
    found = {one.scale: one for one in figures.faithfulness if one.aggregator == aggregator}
    if not found:
        command = f"gsal counterfactual --mask-set {methods.mask_set} {_of(methods)}"
        return Cell("not measured", f"Predict the pictures without their ink, or run `{command}`.")
    logit, probability = found[Scale.LOGIT], found[Scale.PROBABILITY]
    rho = logit.correlation.spearman
    more = f" With the probability instead: {number_text(probability.correlation.spearman)}."
    waiting = f" {methods.unanswered:,} pictures are not predicted yet." if methods.unanswered else ""
    n = logit.correlation.n if math.isfinite(rho) else 0
    return Cell(_text(logit.correlation), faithfulness_words(logit) + more + waiting, rho, n)


def _failure(found: FailureOrder) -> Cell:
    if math.isnan(found.normalised):
        return Cell("–", f"Undefined: {found.reason}.")
    basis = f"{found.n:,} inked pictures of {found.n_patients:,} patients; {found.method}."
    text = _with_interval(found.normalised, found.low, found.high)
    return Cell(text, basis, found.normalised, found.n)


def _text(correlation: RankCorrelation) -> str:
    return _with_interval(correlation.spearman, correlation.low, correlation.high)


def _with_interval(value: float, low: float, high: float) -> str:
    interval = interval_text(low, high)
    text = number_text(value)
    return text if interval == "undefined" else f"{text} [{interval}]"


def todo_words(methods: ModelMethods) -> list[str]:
    """Say what to run for the cells that have no figure yet."""
    said = []
    if methods.missing:
        options = " ".join(f"--method {method}" for method in methods.missing)
        said.append(
            f"Not computed: run `gsal saliency --mask-set {methods.mask_set} {options} {_of(methods)}`."
        )
    if methods.unanswered:
        said.append(
            f"{methods.unanswered:,} inked picture{' is' if methods.unanswered == 1 else 's are'} not "
            "predicted without their ink: "
            f"run `gsal counterfactual --mask-set {methods.mask_set} {_of(methods)}`."
        )
    if not any(entry.sanity for entry in methods.entries):
        said.append(f"No method's sanity is checked: run `gsal sanity {_of(methods)}`.")
    return said


def _of(methods: ModelMethods) -> str:
    return f"--model {shlex.quote(methods.name)}"
