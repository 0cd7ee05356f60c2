"""What readings on ink are worth: the same masks over the same pictures without their ink."""

from collections.abc import Iterator, Mapping, Sequence

from gsal.audit import AuditEntry
from gsal.audit.names import method_name
from gsal.audit.placebo_entry import PlaceboEntry
from gsal.reports.content import ReportContent
from gsal.reports.document import Block, Cell, Column, Section, Table, paragraph
from gsal.reports.sections.cells import count, estimate, number, share
from gsal.reports.sections.palette import model_palette

__all__ = ["beside", "section"]


def section(content: ReportContent) -> Section | None:
    """Return the placebo of readings and curves; None where it was not computed."""
    if not content.audit.placebos:
        return None
    return Section("placebo", "Placebo", tuple(_blocks(content)))


def beside(entries: Sequence[AuditEntry], placebos: Sequence[PlaceboEntry]) -> str:
    """Return what a caption says of placebos that are of fewer pictures than the entries they stand by."""
    of_entry = {(one.model, one.method, one.aggregator): one.response.n for one in entries}
    counts = [
        (one.model, one.response.placebo.n, of_entry[one.model, one.method, one.aggregator])
        for one in placebos
    ]
    fewer = dict.fromkeys(f"{model} {n:,} of {whole:,}" for model, n, whole in counts if n != whole)
    return f" The placebo is of some of these pictures only: {', '.join(fewer)}." if fewer else ""


def _blocks(content: ReportContent) -> Iterator[Block]:
    yield paragraph(
        "A map has some reading where the ink is even when there is no ink, by its place or by what lies "
        "beneath it. The same masks were therefore read on the same pictures with their ink painted over. "
        "Only what differs can be the ink's doing."
    )
    palette = model_palette(content)
    placebos = content.audit.placebos
    yield Table(
        (
            Column("Model", align="left"),
            Column("saliency", align="left"),
            *(Column(title) for title in ("pictures", "with ink", "without", "the ink adds", "share left")),
        ),
        tuple(_reading(one, palette) for one in placebos),
        "Mean reading on the ink, on one scale, with 95 % intervals",
    )
    yield Table(
        (
            Column("Model", align="left"),
            Column("saliency", align="left"),
            *(Column(title) for title in ("pictures", "with ink", "without", "difference")),
        ),
        tuple(_response(one, palette) for one in placebos),
        "AUROC of saliency on ink as a detector of wrong answers (failure AUROC), with 95 % intervals",
    )


def _name(one: PlaceboEntry, palette: Mapping[str, str]) -> tuple[Cell, Cell]:
    return Cell(one.model, colour=palette[one.model]), Cell(f"{method_name(one.method)}, {one.aggregator}")


def _reading(one: PlaceboEntry, palette: Mapping[str, str]) -> tuple[Cell, ...]:
    overall = one.reading.overall
    added, left = overall.difference, overall.share_left
    return (
        *_name(one, palette),
        count(added.n),
        number(overall.ink),
        number(overall.placebo),
        estimate(added.estimate, added.low, added.high),
        share(left.estimate, left.low, left.high),
    )


def _response(one: PlaceboEntry, palette: Mapping[str, str]) -> tuple[Cell, ...]:
    found, difference = one.response, one.response.failure_auroc
    return (
        *_name(one, palette),
        count(found.ink.n),
        estimate(
            found.ink.failure_auroc, found.ink_band.failure_auroc.low, found.ink_band.failure_auroc.high
        ),
        estimate(
            found.placebo.failure_auroc,
            found.placebo_band.failure_auroc.low,
            found.placebo_band.failure_auroc.high,
        ),
        estimate(difference.estimate, difference.low, difference.high),
    )
