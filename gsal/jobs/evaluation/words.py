"""What an evaluation's figures say, in sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from gsal.jobs.evaluation.scores import MAJORITY, PICKED
from gsal.records import InkRule

__all__ = ["best_rule", "interval_words", "verdicts"]

_NAMES = {
    "dice": "Dice",
    "dice_inked": "Dice on inked pictures",
    "balanced_accuracy": "balanced accuracy",
    "auc": "AUC",
}
_OF_PIXELS = ("dice", "dice_inked")  # the automatic pick decides on ink as the majority does


def verdicts(model: str, result: Mapping[str, Any]) -> list[str]:
    """Say whether the network beats the best single rule, the majority and the automatic pick, and how far.

    "Beats" is an interval above 0, "falls short of" one below; else the two are not told apart.

    Args:
        model: The network's name.
        result: With "beside" and "human_level".
    """
    beside = result["beside"]
    said: list[str] = []
    for name in _NAMES:
        for subject, words in _compared(beside, name):
            said += _sentence(model, words, subject["difference"][name], _NAMES[name])
    for pair in (one for one in beside if "model" in one):
        said += _sentence(model, f"the agreement of {pair['subject']}", pair["difference"]["dice"], "Dice")
    level = result["human_level"]
    if level is not None and _is_known(level["all"]["estimate"]):
        share = level["all"]
        said.append(
            f"{model} is at human level on {100 * share['estimate']:.0f} % of {share['n']} pictures "
            f"[{100 * share['low']:.0f}, {100 * share['high']:.0f}]."
        )
    return said


def best_rule(beside: Sequence[Mapping[str, Any]], metric: str = "dice") -> Mapping[str, Any] | None:
    """Return the single rule with the highest figure; None where no rule has one."""
    rules = [one for one in beside if one["subject"] in set(InkRule) and _is_known(one[metric]["estimate"])]
    return max(rules, key=lambda one: one[metric]["estimate"], default=None)


def interval_words(value: Mapping[str, Any]) -> str:
    """Write a figure with its interval, without the leading zeros; "undefined" where it is.

    >>> interval_words({"estimate": 0.714, "low": 0.65, "high": 1.0}), interval_words({"estimate": None})
    ('.71 [.65, 1.00]', 'undefined')
    """
    if not _is_known(value["estimate"]):
        return "undefined"
    if not _is_known(value["low"]):
        return _short(value["estimate"])
    return f"{_short(value['estimate'])} [{_short(value['low'])}, {_short(value['high'])}]"


def _compared(beside: Sequence[Mapping[str, Any]], metric: str) -> list[tuple[Mapping[str, Any], str]]:
    found = []
    if (rule := best_rule(beside, metric)) is not None:
        found.append((rule, f"the best single rule ({rule['subject']})"))
    found += [(one, "the 2-of-3 majority of the rules") for one in beside if one["subject"] == MAJORITY]
    if metric in _OF_PIXELS:
        found += [(one, "the automatic pick of the rules") for one in beside if one["subject"] == PICKED]
    return found


def _sentence(model: str, words: str, difference: Mapping[str, Any], metric: str) -> list[str]:
    """Return one sentence; none where the difference is undefined."""
    estimate, low, high = (difference[name] for name in ("estimate", "low", "high"))
    if not _is_known(estimate):
        return []
    if not _is_known(low) or low <= 0 <= high:
        return [f"{model} is not told apart from {words} in {metric}: {interval_words(difference)}."]
    interval = {"estimate": abs(estimate), "low": min(abs(low), abs(high)), "high": max(abs(low), abs(high))}
    verb = "beats" if low > 0 else "falls short of"
    return [f"{model} {verb} {words} by {interval_words(interval)} in {metric}."]


def _is_known(value: float | None) -> bool:
    return value is not None and value == value


def _short(value: float) -> str:
    text = f"{value:z.2f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text
