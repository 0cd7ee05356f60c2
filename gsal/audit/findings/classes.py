"""Whether ink saliency differs between true classes, in words (SPEC 9)."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from gsal.audit.entry import AuditEntry
from gsal.audit.findings.finding import Finding, Key, Strength, strength_of
from gsal.audit.global_saliency import FEW_PICTURES, ClassSaliency
from gsal.audit.names import LEVEL_TEXT, interval_text, method_name, number_text, p_text
from gsal.audit.placebo import Placebo
from gsal.audit.power import missed_class
from gsal.audit.significance import holm

__all__ = ["TOPIC", "class_findings", "class_tests"]

TOPIC = "Global saliency"

_DIGITS = 4
"""Of variances, which are small."""


def class_findings(entries: Sequence[AuditEntry], placebos: Mapping[Key, Placebo]) -> list[Finding]:
    """Say of each model and method, under the mean, where the reading on ink is highest and lowest."""
    found = []
    for _, of_model in groupby(entries, key=lambda entry: entry.model):
        tests = class_tests(list(of_model))
        for entry, p_value in tests:
            placebo = placebos.get((entry.model, entry.method, entry.aggregator))
            found.append(_of(entry, p_value, placebo, methods=len(tests)))
    return found


def class_tests(entries: Sequence[AuditEntry]) -> list[tuple[AuditEntry, float]]:
    """Return the entries under the mean, each with the P of its classes being alike.

    Args:
        entries: Of one model; P values are adjusted for its methods (Holm).
    """
    under_mean = [entry for entry in entries if entry.aggregator == "mean"]
    adjusted = holm([entry.association.p_value for entry in under_mean])
    return list(zip(under_mean, adjusted, strict=True))


def _of(entry: AuditEntry, p_value: float, placebo: Placebo | None, *, methods: int) -> Finding:
    present = sorted((item for item in entry.classes if item.n), key=lambda item: item.mean)
    name = f"{entry.model}, {method_name(entry.method)}, mean"
    if len(present) < 2:
        text = f"{name}: {entry.variance.reason}, so classes cannot be compared."
        return Finding(TOPIC, text, Strength.UNDEFINED, entry.model)
    strength = strength_of(p_value)
    adjusted = f"{p_text(p_value)}{f' adjusted for {methods} methods' if methods > 1 else ''}"
    ends = f"highest for {_class(present[-1])} and lowest for {_class(present[0])}"
    verdicts = {
        Strength.UNDEFINED: f"whether classes differ is undefined ({entry.association.reason})",
        Strength.NONE: f"no evidence that classes differ ({adjusted}{_missed(entry)})",
    }
    verdict = verdicts.get(strength, f"classes differ ({adjusted})")
    corrected = entry.variance.noise_corrected
    noise = f", {number_text(corrected, _DIGITS)} after noise correction" if corrected == corrected else ""
    text = (
        f"{name}: {verdict}; the reading on ink is {ends}. "
        f"Variance of the class means: {number_text(entry.variance.value, _DIGITS)}{noise}.{_beside(placebo)}"
    )
    return Finding(TOPIC, text, strength, entry.model)


def _missed(entry: AuditEntry) -> str:
    """Say how far a class would have to lie from the others for it to be found."""
    missed = missed_class(entry.classes).effect
    if missed != missed:
        return ""
    return f"; any class {number_text(missed)} from the others would most likely have been found"


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
