"""A segmenter's evaluation as tables and sentences in a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from gsal.jobs.evaluation.words import interval_words

__all__ = ["show_evaluation"]

_COLUMNS = {
    "dice": "Dice",
    "nsd": "NSD",
    "sensitivity": "ink found",
    "specificity": "no ink, rightly",
    "auc": "AUC",
}
_WORST = 10
_MOST_WIDTH = 120
_PLAIN_WIDTH = 110


def show_evaluation(result: Mapping[str, Any]) -> None:
    """Print what a segmenter's masks are worth: beside rules and readers, by group, worst pictures first."""
    console = Console(highlight=False)
    console.width = min(console.width, _MOST_WIDTH) if console.is_terminal else _PLAIN_WIDTH
    summary = result["summary"]
    judged = f", ink by column {result['judgements']}" if result["judgements"] else ""
    where = "the locked validation set" if result["locked_only"] else "patients it never learned from"
    console.print(
        f"{result['model']} against {result['against']} masks{judged}: {summary['n']} pictures of "
        f"{summary['n_patients']} patients, {where}",
        markup=False,
    )
    console.print(_beside(result))
    for sentence in result["verdicts"]:
        console.print(sentence, markup=False)
    if result["human_level"] is not None:
        console.print(_human_level(result["human_level"]))
    console.print(_groups(result["by"]))
    console.print(_worst(result["pictures"]))
    for note in result["notes"]:
        console.print(note, style="yellow", markup=False)


def _table(title: str, columns: Sequence[str], *, texts: int = 1) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < texts else "right", no_wrap=number >= texts)
    return table


def _beside(result: Mapping[str, Any]) -> Table:
    table = _table("Beside rules and readers, with 95 % intervals", ["", *_COLUMNS.values()])
    own = {figure["key"]: figure | {"estimate": figure["value"]} for figure in result["figures"]}
    table.add_row(result["model"], *(interval_words(own[name]) for name in _COLUMNS), style="bold")
    for one in result["beside"]:
        table.add_row(
            one["subject"], *(interval_words(one[name]) if name in one else "" for name in _COLUMNS)
        )
    return table


def _human_level(level: Mapping[str, Any]) -> Table:
    table = _table("At human level", ["", "pictures", "share"])
    for name, words in (("inked", "with ink"), ("ink_free", "without ink"), ("all", "all")):
        table.add_row(words, str(level[name]["n"]), interval_words(level[name]))
    return table


def _groups(by: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    names = [name for name in _COLUMNS if name != "auc"]
    table = _table("By group", ["by", "group", "n", *(_COLUMNS[name] for name in names)], texts=2)
    for title, groups in by.items():
        for number, one in enumerate(groups):
            cells = [interval_words(one[name]) if one[name]["n"] else "–" for name in names]
            is_last = number == len(groups) - 1
            table.add_row("" if number else title, one["group"], str(one["n"]), *cells, end_section=is_last)
    return table


def _worst(pictures: Sequence[Mapping[str, Any]]) -> Table:
    table = _table("Worst pictures first", ["picture", "decision", "Dice", "NSD", "HD95", "colour"], texts=2)
    for one in sorted(pictures, key=_badness)[:_WORST]:
        cells = (_number(one["dice"]), _number(one["nsd"]), _number(one["hd95"], 1))
        table.add_row(one["image"], _decision(one), *cells, one["colour"] or "–")
    return table


def _badness(picture: Mapping[str, Any]) -> tuple[bool, float, float]:
    """Order wrong decisions and low Dice first; what has neither a Dice nor a mistake comes last."""
    dice, nsd = picture["dice"], picture["nsd"]
    is_wrong = picture["is_inked"] is not None and picture["is_inked"] != picture["is_predicted_inked"]
    differs = abs(picture["predicted_ink_px"] - (picture["truth_ink_px"] or 0.0))
    if dice is None:
        return not is_wrong, 0.0, -differs
    return False, dice, nsd if dice else -differs


def _decision(picture: Mapping[str, Any]) -> str:
    if picture["is_inked"] is None:
        return "not judged"
    if picture["is_inked"]:
        return "ink found" if picture["is_predicted_inked"] else "ink missed"
    return "false ink" if picture["is_predicted_inked"] else "no ink, rightly"


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
