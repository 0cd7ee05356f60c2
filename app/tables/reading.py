"""The sections of the last audit that have tables, read off the window's thread."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gsal.errors import GsalError
from gsal.project import Project

if TYPE_CHECKING:
    from gsal.reports.document import Cell, Section, Table

__all__ = ["ReadTables", "ShownTable", "TablePart", "read_tables"]

_COLUMNS = 10
"""After the first, in a part of a table: what a window shows without much scrolling."""
_HEAD_LETTERS, _HEAD_LINES = 20, 3


@dataclass(frozen=True, slots=True)
class TablePart:
    """Some columns of a table, with those that name the rows.

    Attributes:
        heads: Titles in short lines.
        rows: Texts.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as texts.

    Attributes:
        section: It stands in.
        title: Above it.
        columns: Titles; those under a group's heading begin with that.
        left_columns: How many at the left hold names.
        rows: Texts, an interval behind its number.
        parts: The same, as far as it fits side by side.
        notes: Sentences beneath.
    """

    section: str
    title: str
    columns: tuple[str, ...]
    left_columns: int
    rows: tuple[tuple[str, ...], ...]
    parts: tuple[TablePart, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadTables:
    """What there is to show.

    Attributes:
        tables: In reading order.
        problem: Why there is none, else "".
    """

    tables: tuple[ShownTable, ...]
    problem: str


def read_tables(project: Project) -> ReadTables:
    """Return the tables of the project's last audit; takes a moment."""
    from gsal.jobs.reports.content import gather
    from gsal.reports.document import Section
    from gsal.reports.sections import compose

    latest = project.store.audits.latest()
    if latest is None:
        return ReadTables((), "Nothing has been audited yet.")
    try:
        content = gather(project, latest, pictures=0)
    except GsalError as error:
        return ReadTables((), str(error))
    document = compose(content)
    sections = (Section("", "In short", document.summary), *document.sections)
    tables = tuple(table for section in sections for table in _tables(section))
    return ReadTables(tables, "" if tables else "The last audit has no tables.")


def _tables(section: "Section") -> list[ShownTable]:
    """Return the tables of a section; notes belong to the table before them."""
    # What draws figures comes with it, and is heavy for a window that only opens.
    from gsal.reports.document import Heading, Paragraph, Table

    found: list[ShownTable] = []
    heading = ""
    for block in section.blocks:
        if isinstance(block, Heading):
            heading = block.title
        elif isinstance(block, Table):
            found.append(_shown(section.title, heading, block))
        elif isinstance(block, Paragraph) and block.role == "note" and found:
            last = found[-1]
            found[-1] = replace(last, notes=(*last.notes, block.text))
    return found


def _shown(section: str, heading: str, table: "Table") -> ShownTable:
    from gsal.reports.splitting import in_parts

    names = [column.align == "left" for column in table.columns]
    return ShownTable(
        section=section,
        title=table.caption or heading or section,
        columns=tuple(
            f"{group}: {title}" if group and title else group or title for group, title in _titles(table)
        ),
        left_columns=names.index(False) if False in names else len(names),
        rows=_rows(table),
        parts=tuple(
            TablePart(tuple(_head(*titles) for titles in _titles(part)), _rows(part))
            for part in in_parts(table, most=_COLUMNS)
        ),
        notes=(),
    )


def _titles(table: "Table") -> list[tuple[str, str]]:
    """Return the title of each column's group, "" for none, and its own."""
    groups = [group.title for group in table.groups for _ in range(group.span)] or [""] * len(table.columns)
    return [(group, column.title) for group, column in zip(groups, table.columns, strict=True)]


def _head(group: str, title: str) -> str:
    from gsal.reports.figures.drawing import folded

    parts = [folded(text, length=_HEAD_LETTERS, lines=_HEAD_LINES) for text in (group, title) if text]
    return "\n".join(parts)


def _rows(table: "Table") -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_text(cell) for cell in row) for row in table.rows)


def _text(cell: "Cell") -> str:
    return f"{cell.text} ({cell.small})" if cell.small else cell.text
