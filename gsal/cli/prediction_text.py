"""What classifiers answer with and without ink, as tables in a terminal."""

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from gsal.jobs.predictions.words import (
    chance_words,
    class_rows,
    few_words,
    left_out_words,
    performance_rows,
    variant_rows,
)

__all__ = ["show_predictions"]

_WIDTH = 120


def show_predictions(result: Mapping[str, Any]) -> None:
    """Print Table 2, recall by ink, and what becomes of answers under each variant, model by model."""
    from gsal.jobs.predictions.figures import figures_in

    console = Console(highlight=False)
    console.width = min(console.width, _WIDTH) if console.is_terminal else _WIDTH
    for one in (*result["models"], *result["groups"]):
        figures = figures_in(result, one["name"])
        if figures is None:
            continue
        folds = f", {one['folds']} folds pooled" if "folds" in one else ""
        console.print(f"{one['name']}{folds}, by the {result['mask_set']} masks", style="bold", markup=False)
        console.print(_table(*performance_rows(figures)))
        console.print(_table(*class_rows(figures)))
        if figures.changes:
            console.print(_table(*variant_rows(figures)))
        for sentence in (few_words(figures), chance_words(figures), *left_out_words(one["left_out"])):
            if sentence:
                console.print(sentence, markup=False)
        console.print()


def _table(titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, title in enumerate(titles):
        table.add_column(title, justify="right" if number else "left", no_wrap=bool(number))
    for row in rows:
        table.add_row(*row)
    return table
