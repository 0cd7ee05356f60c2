"""How a table fits a sheet: the size of its type, the widths of its columns, or in which parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import ceil

from gsal.reports.document import Cell, Column, Table
from gsal.reports.figures.drawing import MUTED
from gsal.reports.pdf.paper import Paper, Type
from gsal.reports.pdf.text import longest_word
from gsal.reports.splitting import columns_of, inseparable

__all__ = ["DOT", "GAP", "Setting", "kind_of", "settings_of"]

GAP, DOT = 12.0, 10.0
"""Points between columns, and for a model's dot."""
_TRIES = ((False, 8.0), (False, 7.2), (True, 8.0), (True, 7.0))
"""Whether on a sheet's side, and the size of the type; the first that fits is taken."""
_HEAD_WIDTH, _NAME_WIDTH, _TEXT_WIDTH = 76.0, 110.0, 62.0
"""Beyond which a column's head, a word, and a text are broken rather than make a column wide."""
_SPARE = 30.0
_SMALL = 0.86


@dataclass(frozen=True, slots=True)
class Setting:
    """A table, or some of its columns, and how it is set."""

    table: Table
    landscape: bool
    text: Type
    widths: tuple[float, ...]

    @property
    def small(self) -> Type:
        """Of what stands beneath."""
        return Type(_SMALL * self.text.size, MUTED, leading=1.3)

    @property
    def head(self) -> Type:
        """Of the columns' titles."""
        return Type(self.text.size, MUTED, leading=1.25)

    @property
    def group(self) -> Type:
        """Of what stands above several columns."""
        return Type(self.text.size, bold=True, leading=1.4)

    @property
    def caption(self) -> Type:
        """Of the caption, which is the same above every table."""
        return Type(8.0, MUTED)

    @property
    def span(self) -> float:
        """How wide the table is."""
        return sum(self.widths) + GAP * (len(self.widths) - 1)

    def lefts(self, paper: Paper) -> list[float]:
        """Return where each column begins."""
        return list(accumulate((width + GAP for width in self.widths[:-1]), initial=paper.left))


def kind_of(cell: Cell, kind: Type) -> Type:
    """Return how a cell's text is set in a table whose text is set so."""
    return replace(kind, bold=True) if cell.bold else kind


def settings_of(paper: Paper, table: Table) -> list[Setting]:
    """Return the table as it fits a sheet, or in parts that do, each with the rows' names."""
    blocks = list(inseparable(table))
    for count in range(1, len(blocks) + 1):
        size = ceil(len(blocks) / count)
        parts = [columns_of(table, blocks[first : first + size]) for first in range(0, len(blocks), size)]
        for landscape, points in _TRIES:
            fitted = [_fitted(paper, part, landscape=landscape, size=points) for part in parts]
            settings = [setting for setting in fitted if setting is not None]
            if len(settings) == len(parts):
                return settings
    landscape, points = _TRIES[-1]
    return [_forced(paper, columns_of(table, [block]), landscape=landscape, size=points) for block in blocks]


def _fitted(paper: Paper, table: Table, *, landscape: bool, size: float) -> Setting | None:
    """Return the table set in this size; None where it is too wide."""
    least, wanted = _widths(paper, table, Type(size))
    room = paper.width_of(landscape=landscape) - GAP * (len(least) - 1)
    if sum(least) > room:
        return None
    if sum(wanted) <= room:
        spare = min(_SPARE, (room - sum(wanted)) / len(wanted))
        widths = [width + spare for width in wanted]
    else:
        part = (room - sum(least)) / (sum(wanted) - sum(least))
        widths = [low + part * (high - low) for low, high in zip(least, wanted, strict=True)]
    return Setting(table, landscape, Type(size, leading=1.3), tuple(widths))


def _forced(paper: Paper, table: Table, *, landscape: bool, size: float) -> Setting:
    """Return columns that are too wide together, each broken to its share of the sheet."""
    room = paper.width_of(landscape=landscape) - GAP * (len(table.columns) - 1)
    least, _ = _widths(paper, table, Type(size))
    widths = tuple(width * room / sum(least) for width in least)
    return Setting(table, landscape, Type(size, leading=1.3), widths)


def _widths(paper: Paper, table: Table, kind: Type) -> tuple[list[float], list[float]]:
    """Return how narrow each column may be, and how wide it would like to be."""
    pairs = [
        _column_width(paper, column, [row[index] for row in table.rows], kind)
        for index, column in enumerate(table.columns)
    ]
    return [low for low, _ in pairs], [high for _, high in pairs]


def _column_width(paper: Paper, column: Column, cells: Sequence[Cell], kind: Type) -> tuple[float, float]:
    small = replace(kind, size=_SMALL * kind.size)
    dots = DOT if any(cell.colour for cell in cells) else 0.0
    wanted = dots + max(
        (
            max(paper.measure(cell.text, kind_of(cell, kind)), paper.measure(cell.small, small))
            for cell in cells
        ),
        default=0.0,
    )
    head = paper.measure(column.title, kind)
    word = longest_word(paper, column.title, kind)
    if column.align == "right":
        return max(wanted, min(word, _HEAD_WIDTH)), max(wanted, min(head, _HEAD_WIDTH))
    longest = dots + max((longest_word(paper, cell.text, kind_of(cell, kind)) for cell in cells), default=0.0)
    least = max(min(longest, _NAME_WIDTH), min(wanted, _TEXT_WIDTH), min(word, _HEAD_WIDTH))
    return least, max(wanted, min(head, _HEAD_WIDTH))
