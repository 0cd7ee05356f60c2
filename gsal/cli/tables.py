"""Plain tables in a terminal."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table

__all__ = ["text_table", "wide_console"]

_WIDTH = 120


def wide_console() -> Console:
    """Return standard output, as wide as its terminal, but not wider than can be read."""
    console = Console(highlight=False)
    console.width = min(console.width, _WIDTH) if console.is_terminal else _WIDTH
    return console


def text_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Return a table whose first column is text and whose others are numbers."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, title in enumerate(titles):
        table.add_column(title, justify="right" if number else "left", no_wrap=bool(number))
    for row in rows:
        table.add_row(*row)
    return table
