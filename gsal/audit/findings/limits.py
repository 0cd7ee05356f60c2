"""What the figures of an audit do not show, in words (BIAS-LAB.md)."""

from collections.abc import Mapping, Sequence

from gsal.audit.comparison import VarianceComparison
from gsal.audit.entry import AuditEntry
from gsal.audit.findings.finding import Finding
from gsal.audit.global_saliency import FEW_PICTURES
from gsal.audit.names import LEVEL_TEXT, percent_text

__all__ = ["TOPIC", "limit_findings"]

TOPIC = "How far this goes"

_SAME_RATE = 0.02
"""Marginal ink rates nearer than this are called the same."""


def limit_findings(
    entries: Sequence[AuditEntry],
    comparisons: Sequence[VarianceComparison],
    *,
    ink_rates: Mapping[str, float],
    has_placebo: bool,
    is_painted_over: bool,
) -> list[Finding]:
    """Return the caveats, those about unequal ink first.

    Args:
        entries: Of all models, methods and aggregators.
        comparisons: Of pairs of models.
        ink_rates: By model, the share of inked pictures in its training set, where known.
        has_placebo: Whether every figure has its placebo beside it.
        is_painted_over: Whether anything rests on pictures with their ink painted over.
    """
    mask_sets = ", ".join(dict.fromkeys(entry.mask_set for entry in entries))
    few = dict.fromkeys(item.name for entry in entries for item in entry.classes if item.flagged)
    beside = (
        "its placebo and a control model" if has_placebo else "a placebo (not computed) and a control model"
    )
    texts = [
        f"All figures rest on the mask set “{mask_sets}” and speak about these trained models "
        "on these pictures. A claim about the training data takes at least five training seeds of each.",
        "An accuracy curve that falls with ink saliency is no evidence of bias by itself: "
        f"compare it with {beside}. Intervals are {LEVEL_TEXT} each, not adjusted for their number; what "
        "is claimed of a model's classes, maps and errors has P adjusted for how many were tested (Holm).",
    ]
    if is_painted_over:
        texts.append(
            "Painting ink over leaves traces of its own, to which a model may answer as well: what is said "
            "of ink compares it with such a repair, not with skin that never had any."
        )
    if few:
        texts.append(f"Under {FEW_PICTURES} inked pictures, read with care: {', '.join(few)}.")
    return [*_ink_rates(comparisons, ink_rates), *(Finding(TOPIC, text) for text in texts)]


def _ink_rates(comparisons: Sequence[VarianceComparison], ink_rates: Mapping[str, float]) -> list[Finding]:
    pairs = dict.fromkeys((item.first, item.second) for item in comparisons)
    findings = []
    for first, second in pairs:
        if first not in ink_rates or second not in ink_rates:
            continue
        rates = f"{percent_text(ink_rates[first])} and {percent_text(ink_rates[second])}"
        if abs(ink_rates[first] - ink_rates[second]) > _SAME_RATE:
            text = (
                f"The training sets of {first} and {second} differ in their share of inked pictures "
                f"({rates}). Rare ink alone raises the variance between classes: "
                "their ratio is no measure of bias by itself."
            )
            findings.append(Finding(TOPIC, text))
    return findings
