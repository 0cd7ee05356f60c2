"""How often a model is right with ink and without, in words."""

from collections.abc import Sequence
from itertools import groupby

from gsal.audit.findings.finding import Finding, Strength
from gsal.audit.names import LEVEL_TEXT, PERCENT, interval_text, percent_text
from gsal.audit.performance import Performance, Subset

__all__ = ["TOPIC", "accuracy_findings"]

TOPIC = "Accuracy"


def accuracy_findings(performance: Sequence[Performance]) -> list[Finding]:
    """Say it of each model; pictures with ink may differ from others in more than the ink."""
    return [_of(list(rows)) for _, rows in groupby(performance, key=lambda row: row.model)]


def _of(rows: Sequence[Performance]) -> Finding:
    parts = [
        f"{percent_text(row.accuracy)} ({_interval(row.accuracy_low, row.accuracy_high)}) "
        f"of {row.n} pictures {'with' if row.subset is Subset.INKED else 'without'} ink"
        for row in rows
        if row.subset is not Subset.ALL and row.n
    ]
    if not parts:
        text = f"{rows[0].model}: no picture that judges it has a mask, so nothing is known."
        return Finding(TOPIC, text, Strength.UNDEFINED, rows[0].model)
    text = f"{rows[0].model} is right on " + " and on ".join(parts) + "."
    if len(parts) > 1:
        text += " Pictures with ink may differ from others in more than their ink."
    return Finding(TOPIC, text, Strength.NOTE, rows[0].model)


def _interval(low: float, high: float) -> str:
    text = interval_text(100 * low, 100 * high, 0)
    return f"interval {text}" if text == "undefined" else f"{LEVEL_TEXT} interval {text}{PERCENT}"
