"""How good the ink masks are."""

from collections.abc import Iterator, Mapping

from gsal.reports import figures
from gsal.reports.content import ReportContent
from gsal.reports.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Figure,
    Heading,
    Section,
    Table,
    note,
    paragraph,
)
from gsal.reports.mask_quality import MaskEvaluation, MaskFigure, MaskRow
from gsal.reports.sections.cells import count, estimate, share

__all__ = ["section"]

_METRICS = {
    "dice": "Dice",
    "nsd": "NSD",
    "sensitivity": "ink found",
    "specificity": "no ink, rightly",
    "auc": "AUC",
}
_OF_PARTS = ("dice", "nsd", "sensitivity", "specificity")


def section(content: ReportContent) -> Section:
    """Return the last evaluation of the network's masks, or that there is none."""
    quality = content.mask_quality
    if quality is None:
        blocks: tuple[Block, ...] = (
            paragraph(
                "These masks have not been judged against masks drawn by people or known exactly, "
                "so their errors are unknown."
            ),
        )
    else:
        blocks = (*_beside_rules(quality), *_human_level(quality), *_parts(quality))
    return Section("mask-quality", "How good are the ink masks", blocks)


def _beside_rules(quality: MaskEvaluation) -> Iterator[Block]:
    yield paragraph(
        f"{quality.model} against {quality.reference}, on {quality.n} pictures of {quality.n_patients} "
        "patients that it never learned from."
    )
    if quality.verdicts:
        yield Bullets(quality.verdicts)
    columns = (
        Column("Masks", align="left"),
        Column("pictures"),
        *(Column(name) for name in _METRICS.values()),
        Column("ahead in Dice"),
    )
    rows = tuple(
        (
            Cell(row.name),
            count(row.n),
            *(_figure(row.figures, metric) for metric in _METRICS),
            _figure(row.lead, "dice"),
        )
        for row in quality.rows
    )
    yield Table(
        columns,
        rows,
        "The network, the rules it could replace, and readers with each other; 95 % intervals",
    )
    yield note(
        "“2 of 3” has the pixels that two of three rules call ink, and calls a picture inked where two of "
        "three do. “Ahead in Dice” is the network’s mean minus this row’s; an interval above 0 means that "
        "it beats it."
    )
    if quality.curve:
        yield Figure(
            "mask-thresholds",
            "Inked pictures found and ink-free pictures left alone, by threshold",
            figures.threshold_curves(quality),
            "Left: what the network finds, and what it rightly leaves alone, when its masks are cut at "
            "another probability; dashed: the threshold in use. Right: both shares against each other; "
            "points are the rules, their majority and the network, bars and bands 95 % intervals (Wilson).",
        )


def _human_level(quality: MaskEvaluation) -> Iterator[Block]:
    yield Heading("Human level")
    if not quality.human_level:
        yield paragraph(
            "Unknown: no picture of these was accepted by two readers without seeing the other’s mask."
        )
        return
    yield Table(
        (Column("Pictures", align="left"), Column("n"), Column("at human level")),
        tuple(
            (Cell(name), count(level.n), share(level.value, level.low, level.high))
            for name, level in quality.human_level.items()
        ),
        "Pictures on which the network does as well as a second reader",
    )
    yield note(
        "At human level: it decides on ink as most readers do and, on an inked picture, its mean Dice with "
        "them is at most 0.05 below theirs with each other."
    )


def _parts(quality: MaskEvaluation) -> Iterator[Block]:
    yield Heading("Where it is better and worse")
    columns = (
        Column("By", align="left"),
        Column("part", align="left"),
        Column("pictures"),
        *(Column(_METRICS[metric]) for metric in _OF_PARTS),
    )
    rows = tuple(
        (Cell(_by(by) if row is parts[0] else ""), *_part(row))
        for by, parts in quality.groups.items()
        for row in parts
    )
    yield Table(columns, rows, "The network’s masks by kind of picture; 95 % intervals")
    yield note(
        "Dice and NSD (edges within 2 px of 448) are means over pictures where either mask has ink, with "
        "intervals from resampled patients; an empty mask against one with ink counts as 0. Ink found and "
        "no ink, rightly, are shares of pictures, with Wilson’s intervals. The ink’s colour and width are "
        "measured on the reference masks; widths are in px of 448. A mask that began from a proposal can "
        "lean towards it."
    )
    for sentence in quality.notes:
        yield note(sentence)


def _by(name: str) -> str:
    return "what the masks began from" if name == "start" else name


def _part(row: MaskRow) -> tuple[Cell, ...]:
    return (Cell(row.name), count(row.n), *(_figure(row.figures, metric) for metric in _OF_PARTS))


def _figure(values: Mapping[str, MaskFigure], metric: str) -> Cell:
    """Return a figure; without its interval where there is none, and empty where it was not measured."""
    if metric not in values:
        return Cell()
    value = values[metric]
    cell = estimate(value.value, value.low, value.high)
    return cell if value.low == value.low else Cell(cell.text)
