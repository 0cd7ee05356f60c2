"""Whether ink saliency tells wrong answers from right ones, in words, beside its placebo (SPEC 10)."""

from collections.abc import Mapping, Sequence

from gsal.audit.entry import AuditEntry
from gsal.audit.findings.finding import Finding, Strength
from gsal.audit.names import PERCENT, interval_text, method_name, number_text
from gsal.audit.placebo import PlaceboResponse

__all__ = ["TOPIC", "error_findings"]

TOPIC = "Predicting failure"

_LEVEL = f"95{PERCENT}"
_NO_RELATION = 0.5
Key = tuple[str, str, str]
"""Model, method and aggregator."""


def error_findings(entries: Sequence[AuditEntry], placebos: Mapping[Key, PlaceboResponse]) -> list[Finding]:
    """Say of each model, method and aggregator whether more saliency on ink goes with wrong answers."""
    return [_of(entry, placebos.get((entry.model, entry.method, entry.aggregator))) for entry in entries]


def _of(entry: AuditEntry, placebo: PlaceboResponse | None) -> Finding:
    response, interval, area = entry.response, entry.band.failure_auroc, entry.band.aurrac
    name = f"{entry.model}, {method_name(entry.method)}, {entry.aggregator}"
    if response.failure_auroc != response.failure_auroc or interval.low != interval.low:
        reason = response.reasons.get("failure_auroc", "too few patients for an interval")
        text = f"{name}: whether saliency on ink predicts errors is undefined: {reason}."
        return Finding(TOPIC, text, Strength.UNDEFINED, entry.model)
    figures = (
        f"AURRAC {number_text(response.aurrac)} ({interval_text(area.low, area.high)}) against "
        f"{number_text(response.accuracy)} by chance; a wrong answer has more of it than a right one with "
        f"probability {number_text(response.failure_auroc)} "
        f"({_LEVEL} {interval_text(interval.low, interval.high)}; {response.n:,} pictures)"
    )
    if interval.low <= _NO_RELATION <= interval.high:
        text = f"{name}: no evidence that saliency on ink goes with errors ({figures})."
        return Finding(TOPIC, text, Strength.NONE, entry.model)
    way = "more" if response.failure_auroc > _NO_RELATION else "less"
    text = f"{name}: wrong answers have {way} saliency on ink ({figures}).{_beside(placebo)}"
    return Finding(TOPIC, text, Strength.CLEAR, entry.model)


def _beside(placebo: PlaceboResponse | None) -> str:
    """Say what is left of it without any ink."""
    if placebo is None:
        return " Without its placebo this is no evidence that the ink is the cause."
    without, difference = placebo.placebo.failure_auroc, placebo.failure_auroc
    if difference.low != difference.low:
        reason = difference.reason or "the placebo's own figure is undefined"
        return f" How much of it stays without ink is not known: {reason}."
    told = (
        f"{number_text(without)} with the ink painted over; difference {number_text(difference.estimate)}, "
        f"{interval_text(difference.low, difference.high)}"
    )
    if difference.low <= 0 <= difference.high:
        return f" The same masks without ink do as much ({told}): no evidence that the ink is the cause."
    return f" The same masks without ink do not do as much ({told})."
