"""What classifiers answer with and without ink, as tables in a terminal."""

from collections.abc import Mapping
from typing import Any

from gsal.cli.tables import text_table, wide_console
from gsal.jobs.predictions.words import (
    chance_words,
    class_rows,
    few_words,
    left_out_words,
    performance_rows,
    variant_rows,
)

__all__ = ["show_predictions"]


def show_predictions(result: Mapping[str, Any]) -> None:
    """Print Table 2, recall by ink, and what becomes of answers under each variant, model by model."""
    from gsal.jobs.predictions.figures import figures_in

    console = wide_console()
    for one in (*result["models"], *result["groups"]):
        figures = figures_in(result, one["name"])
        if figures is None:
            continue
        folds = f", {one['folds']} folds pooled" if "folds" in one else ""
        console.print(f"{one['name']}{folds}, by the {result['mask_set']} masks", style="bold", markup=False)
        console.print(text_table(*performance_rows(figures)))
        console.print(text_table(*class_rows(figures)))
        if figures.changes:
            console.print(text_table(*variant_rows(figures)))
        for sentence in (few_words(figures), chance_words(figures), *left_out_words(one["left_out"])):
            if sentence:
                console.print(sentence, markup=False)
        console.print()
