"""Tables over one or several sheets, their heads repeated and no row divided."""

from gsal.reports.document import Cell, Table
from gsal.reports.pdf.fitting import DOT, GAP, Setting, kind_of, settings_of
from gsal.reports.pdf.paper import Paper
from gsal.reports.pdf.text import Line, height_of, lines_of, write_lines

__all__ = ["draw_table", "is_wide", "table_start"]

_PAD = 2.5
_WHOLE = 0.45
"""A table lower than this share of a sheet is not divided."""


def is_wide(paper: Paper, table: Table) -> bool:
    """Whether the table needs a sheet on its side."""
    return settings_of(paper, table)[0].landscape


def table_start(paper: Paper, table: Table) -> float:
    """Return how much of the table has to stand on the sheet of what introduces it."""
    return _start(paper, settings_of(paper, table)[0])


def draw_table(paper: Paper, table: Table) -> None:
    """Draw the table from where the paper is."""
    for setting in settings_of(paper, table):
        paper.need(_start(paper, setting))
        _head(paper, setting, setting.table.caption)
        for row in setting.table.rows:
            if _row_height(paper, setting, row) > paper.room:
                paper.turn(landscape=paper.is_landscape)
                _head(paper, setting, f"{setting.table.caption} (continued)")
            _row(paper, setting, row)
        paper.y += 10


def _start(paper: Paper, setting: Setting) -> float:
    rows = [_row_height(paper, setting, row) for row in setting.table.rows]
    head = _head_height(paper, setting)
    whole = head + sum(rows)
    return whole if whole <= _WHOLE * paper.height else head + sum(rows[:2])


def _head(paper: Paper, setting: Setting, caption: str) -> None:
    """Write the caption, the groups and the columns' titles, these on their last lines."""
    if setting.table.caption:
        lines = lines_of(paper, caption, setting.caption, paper.width)
        paper.y = write_lines(paper, lines, paper.left, paper.y, setting.caption) + 4
    lefts = setting.lefts(paper)
    if setting.table.groups:
        below = paper.y + _groups_height(paper, setting)
        place = 0
        for group, lines in zip(setting.table.groups, _group_lines(paper, setting), strict=True):
            first, place = place, place + group.span
            x = lefts[first]
            if group.colour:
                paper.dot(x, paper.y + setting.group.line / 2 - 3, 6, group.colour)
                x += DOT
            write_lines(paper, lines, x, paper.y, setting.group)
        paper.y = below
    titles = _title_lines(paper, setting)
    below = paper.y + max(height_of(lines, setting.head) for lines in titles)
    for column, lines, x, width in zip(setting.table.columns, titles, lefts, setting.widths, strict=True):
        right = x + width if column.align == "right" else None
        write_lines(paper, lines, x, below - height_of(lines, setting.head), setting.head, right=right)
    paper.y = below + _PAD
    paper.rule(paper.left, paper.y, setting.span)


def _head_height(paper: Paper, setting: Setting) -> float:
    caption = lines_of(paper, setting.table.caption, setting.caption, paper.width)
    above = height_of(caption, setting.caption) + 4 if setting.table.caption else 0.0
    titles = max(height_of(lines, setting.head) for lines in _title_lines(paper, setting))
    return above + _groups_height(paper, setting) + titles + _PAD


def _title_lines(paper: Paper, setting: Setting) -> list[list[Line]]:
    return [
        lines_of(paper, column.title, setting.head, width)
        for column, width in zip(setting.table.columns, setting.widths, strict=True)
    ]


def _group_lines(paper: Paper, setting: Setting) -> list[list[Line]]:
    place, found = 0, []
    for group in setting.table.groups:
        widths = setting.widths[place : place + group.span]
        place += group.span
        room = sum(widths) + GAP * (len(widths) - 1) - (DOT if group.colour else 0.0)
        found.append(lines_of(paper, group.title, setting.group, room))
    return found


def _groups_height(paper: Paper, setting: Setting) -> float:
    return max((height_of(lines, setting.group) for lines in _group_lines(paper, setting)), default=0.0)


def _row(paper: Paper, setting: Setting, row: tuple[Cell, ...]) -> None:
    below = paper.y + _row_height(paper, setting, row)
    cells = zip(row, setting.table.columns, setting.lefts(paper), setting.widths, strict=True)
    for cell, column, x, width in cells:
        text, small = _cell_lines(paper, setting, cell, width)
        right = x + width if column.align == "right" else None
        y = paper.y + _PAD
        if cell.colour:
            paper.dot(x, y + setting.text.line / 2 - 3, 6, cell.colour)
            x += DOT
        y = write_lines(paper, text, x, y, kind_of(cell, setting.text), right=right)
        write_lines(paper, small, x, y, setting.small, right=right)
    paper.y = below
    paper.rule(paper.left, paper.y, setting.span)


def _row_height(paper: Paper, setting: Setting, row: tuple[Cell, ...]) -> float:
    heights = []
    for cell, width in zip(row, setting.widths, strict=True):
        text, small = _cell_lines(paper, setting, cell, width)
        heights.append(height_of(text, setting.text) + height_of(small, setting.small))
    return max(heights) + 2 * _PAD


def _cell_lines(paper: Paper, setting: Setting, cell: Cell, width: float) -> tuple[list[Line], list[Line]]:
    room = width - (DOT if cell.colour else 0.0)
    return (
        lines_of(paper, cell.text, kind_of(cell, setting.text), room),
        lines_of(paper, cell.small, setting.small, room) if cell.small else [],
    )
