"""A table that is too wide, in parts: each has the rows' names and some of the other columns."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from math import ceil

from gsal.reports.document import Group, Table

__all__ = ["columns_of", "in_parts", "inseparable"]


def in_parts(table: Table, *, most: int) -> list[Table]:
    """Return the table, or parts of about the same width with at most so many columns after the first.

    Columns of a group stay together, so that a part has more only where a group has.
    """
    blocks = list(inseparable(table))
    for count in range(1, len(blocks) + 1):
        size = ceil(len(blocks) / count)
        parts = [blocks[first : first + size] for first in range(0, len(blocks), size)]
        if size == 1 or all(sum(map(len, part)) <= most for part in parts):
            return [columns_of(table, part) for part in parts]
    return [table]


def inseparable(table: Table) -> Iterator[range]:
    """Yield the columns after the first that stay together: those of a group, else each by itself."""
    groups = table.groups or tuple(Group("", 1) for _ in table.columns)
    place = 0
    for group in groups:
        columns = range(max(place, 1), place + group.span)
        place += group.span
        if columns:
            yield columns


def columns_of(table: Table, blocks: Sequence[range]) -> Table:
    """Return the first column and those given, with what of the groups is above them."""
    chosen = [0, *(column for block in blocks for column in block)]
    starts = list(accumulate((group.span for group in table.groups), initial=0))
    spans = [
        sum(start <= column < start + group.span for column in chosen)
        for group, start in zip(table.groups, starts, strict=False)
    ]
    return replace(
        table,
        columns=tuple(table.columns[index] for index in chosen),
        rows=tuple(tuple(row[index] for index in chosen) for row in table.rows),
        groups=tuple(
            replace(group, span=span) for group, span in zip(table.groups, spans, strict=True) if span
        ),
    )
