"""The pictures, and how ink and class occur together in them."""

from collections.abc import Iterator, Sequence

from gsal.audit.names import number_text, percent_text
from gsal.reports import figures
from gsal.reports.content import PictureSet, ReportContent
from gsal.reports.document import (
    Block,
    Cell,
    Column,
    Figure,
    Heading,
    Section,
    Table,
    note,
    paragraph,
)
from gsal.reports.sections.cells import UNKNOWN, count
from gsal.reports.sections.palette import set_palette

__all__ = ["section"]


def section(content: ReportContent) -> Section:
    """Return ink by class of the project's pictures, and of each training set."""
    return Section("data", "Pictures and ink", tuple(_blocks(content)))


def _blocks(content: ReportContent) -> Iterator[Block]:
    palette = set_palette(content)
    if content.sets:
        yield from _rates(content.sets, "Share of pictures with ink, by class")
    yield Heading("Training sets")
    if not content.cohorts:
        yield paragraph("No training set has been made in this project.")
        return
    yield from _rates(content.cohorts, "P(ink | class) in each training set")
    yield Figure(
        "co-occurrence",
        "Share of training pictures with ink, by class",
        figures.co_occurrence(content.cohorts, palette),
        "Share of training pictures with ink, in percent, n under each class. "
        "Counts of whole sets, so there is no interval.",
    )


def _rates(sets: Sequence[PictureSet], caption: str) -> Iterator[Block]:
    """Yield a table with a row per class, so that twenty classes fit a page, and the sets' notes."""
    rows = [
        (
            Cell(name),
            *(
                Cell(_percent(item.ink_rate_by_class.get(name)), f"n {item.n_by_class.get(name, 0)}")
                for item in sets
            ),
        )
        for name in dict.fromkeys(name for item in sets for name in item.n_by_class)
    ]
    rows += [
        (Cell("All classes"), *(Cell(_percent(item.ink_rate), f"n {item.n}") for item in sets)),
        (Cell("Patients"), *(count(item.n_patients) for item in sets)),
        (Cell("Cramér’s V"), *(Cell(number_text(item.cramers_v)) for item in sets)),
    ]
    columns = (Column("Class", align="left"), *(Column(item.name) for item in sets))
    yield Table(columns, tuple(rows), caption)
    for item in sets:
        if item.notes:
            yield note(f"{item.name}: {' '.join(item.notes)}")


def _percent(rate: float | None) -> str:
    return UNKNOWN if rate is None else percent_text(rate)
