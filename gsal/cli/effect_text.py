"""What ink does to answers, and what saliency methods are worth, as tables in a terminal."""

from collections.abc import Mapping
from typing import Any

from gsal.audit.names import variant_name
from gsal.cli.tables import text_table, wide_console
from gsal.jobs.audits.counterfactual import effects_in
from gsal.jobs.audits.effect_words import (
    effect_rows,
    effect_words,
    gain_rows,
    undefined_words,
    waiting_words,
)
from gsal.jobs.audits.method_words import COLUMNS, counted_text, method_rows, todo_words
from gsal.jobs.audits.method_words import undefined_words as undefined_method_words
from gsal.jobs.audits.methods import methods_in

__all__ = ["show_effects", "show_methods"]

_PARTS = ((0, 1, 2, 7, 8), (0, 3, 4), (0, 5, 6))
"""Columns that stand beside each other: all of them are wider than a terminal."""


def show_effects(result: Mapping[str, Any]) -> None:
    """Print flip rates and changes by class, and which classes gain, model by model."""
    console = wide_console()
    for model in result["models"]:
        effects = effects_in(model)
        console.print(f"{model['name']}, by the {result['mask_set']} masks", style="bold", markup=False)
        for effect in effects:
            console.print(f"\n{variant_name(effect.figures.variant).capitalize()}", markup=False)
            console.print(text_table(*effect_rows(effect.figures)))
            for sentence in undefined_words(effect.figures):
                console.print(sentence, markup=False)
            console.print(text_table(*gain_rows(effect.figures)))
        for sentence in (*(effect_words(one.figures) for one in effects), *waiting_words(effects)):
            console.print(sentence, markup=False)
        console.print()


def show_methods(result: Mapping[str, Any]) -> None:
    """Print the comparison of all methods, model by model, and what to run for what is missing."""
    console = wide_console()
    for model in result["models"]:
        methods = methods_in(model)
        rows = method_rows(methods)
        console.print(f"{methods.name}, by the {methods.mask_set} masks", style="bold", markup=False)
        for shown in _PARTS:
            titles = [COLUMNS[number].title for number in shown]
            console.print(
                text_table(titles, [[counted_text(row[number]) for number in shown] for row in rows])
            )
        for sentence in (*undefined_method_words(methods), *todo_words(methods)):
            console.print(sentence, markup=False)
        console.print()
