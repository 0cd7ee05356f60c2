"""Whether ink saliency differs between true classes, in words (SPEC 9)."""

from collections.abc import Mapping, Sequence

from gsal.audit.entry import AuditEntry
from gsal.audit.findings.finding import Finding, Key, Strength, strength_of
from gsal.audit.global_saliency import FEW_PICTURES, ClassSaliency
from gsal.audit.names import LEVEL_TEXT, interval_text, method_name, number_text, p_text
from gsal.audit.placebo import Placebo

__all__ = ["TOPIC", "class_findings"]

TOPIC = "Global saliency"

_DIGITS = 4
"""Of variances, which are small."""


def class_findings(entries: Sequence[AuditEntry], placebos: Mapping[Key, Placebo]) -> list[Finding]:
    """Say of each model and method, under the mean, where the reading on ink is highest and lowest."""
    return [
        _of(entry, placebos.get((entry.model, entry.method, entry.aggregator)))
        for entry in entries
        if entry.aggregator == "mean"
    ]


def _of(entry: AuditEntry, placebo: Placebo | None) -> Finding:
    present = sorted((item for item in entry.classes if item.n), key=lambda item: item.mean)
    name = f"{entry.model}, {method_name(entry.method)}, mean"
    if len(present) < 2:
        text = f"{name}: {entry.variance.reason}, so classes cannot be compared."
        return Finding(TOPIC, text, Strength.UNDEFINED, entry.model)
    test = entry.association
    strength = strength_of(test.p_value)
    ends = f"highest for {_class(present[-1])} and lowest for {_class(present[0])}"
    verdicts = {
        Strength.UNDEFINED: f"whether classes differ is undefined ({test.reason})",
        Strength.NONE: f"no evidence that classes differ ({p_text(test.p_value)})",
    }
    verdict = verdicts.get(strength, f"classes differ ({p_text(test.p_value)})")
    corrected = entry.variance.noise_corrected
    noise = f", {number_text(corrected, _DIGITS)} after noise correction" if corrected == corrected else ""
    text = (
        f"{name}: {verdict}; the reading on ink is {ends}. "
        f"Variance of the class means: {number_text(entry.variance.value, _DIGITS)}{noise}.{_beside(placebo)}"
    )
    return Finding(TOPIC, text, strength, entry.model)


def _class(item: ClassSaliency) -> str:
    few = f", under {FEW_PICTURES}" if item.flagged else ""
    interval = interval_text(item.low, item.high)
    return f"{item.name} (z {number_text(item.mean)}, {interval}, {item.n} pictures{few})"


def _beside(placebo: Placebo | None) -> str:
    """Say what the ink itself adds to the reading."""
    if placebo is None:
        return ""
    added = placebo.overall.difference
    if added.low != added.low:
        return f" What the ink itself adds is undefined: {added.reason}."
    return (
        f" The ink itself adds {number_text(added.estimate)} ({LEVEL_TEXT} "
        f"{interval_text(added.low, added.high)}) to the reading of the same masks without ink "
        f"({added.n:,} pictures)."
    )
