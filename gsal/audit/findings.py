"""What an audit found, in a few plain sentences, none stronger than the test behind it (BIAS-LAB.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from gsal.audit.comparison import VarianceComparison
from gsal.audit.entry import AuditEntry
from gsal.audit.global_saliency import FEW_PICTURES
from gsal.audit.names import PERCENT, interval_text, method_name, number_text, percent_text
from gsal.audit.performance import Performance, Subset

__all__ = ["Finding", "find"]

_LEVEL = f"95{PERCENT}"

_DIGITS = 4
"""Of variances, which are small."""

_SAME_RATE = 0.02
"""Marginal ink rates nearer than this are called the same."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence or two under a heading."""

    topic: str
    text: str


def _accuracy(rows: Sequence[Performance]) -> Finding:
    parts = [
        f"{percent_text(row.accuracy)} ({percent_interval(row.accuracy_low, row.accuracy_high)}) "
        f"of {row.n} pictures {'with' if row.subset is Subset.INKED else 'without'} ink"
        for row in rows
        if row.subset is not Subset.ALL and row.n
    ]
    return Finding("Accuracy", f"{rows[0].model} is right on " + " and on ".join(parts) + ".")


def percent_interval(low: float, high: float) -> str:
    """Write a 95 % interval of a share in whole percent."""
    text = interval_text(100 * low, 100 * high, 0)
    return f"interval {text}" if text == "undefined" else f"{_LEVEL} interval {text}{PERCENT}"


def _saliency(entry: AuditEntry) -> Finding:
    present = sorted((item for item in entry.classes if item.n), key=lambda item: item.mean)
    name = f"{entry.model}, {method_name(entry.method)}, mean"
    if len(present) < 2:
        return Finding("Global saliency", f"{name}: {entry.variance.reason}, so classes cannot be compared.")
    low, high = present[0], present[-1]
    ends = [
        f"{item.name} (z {number_text(item.mean)}, {interval_text(item.low, item.high)}, {item.n} pictures"
        f"{f', under {FEW_PICTURES}' if item.flagged else ''})"
        for item in (high, low)
    ]
    corrected = entry.variance.noise_corrected
    noise = f", {number_text(corrected, _DIGITS)} after noise correction" if corrected == corrected else ""
    return Finding(
        "Global saliency",
        f"{name}: the reading on ink is highest for {ends[0]} and lowest for {ends[1]}. "
        f"Variance of the class means: {number_text(entry.variance.value, _DIGITS)}{noise}.",
    )


def _comparison(item: VarianceComparison) -> Finding:
    method = method_name(item.saliency_method)
    name = f"{method[0].upper()}{method[1:]}, {item.aggregator}"
    ratio = f"{number_text(item.ratio)} times that of {item.second}"
    text = f"{name}: the variance between classes of {item.first} is {ratio}"
    if item.reason:
        return Finding("Models compared", f"{text}; no interval: {item.reason}.")
    verdict = "the interval includes no difference"
    if item.low > 0 or item.high < 0:
        verdict = f"on these pictures it is larger for {item.first if item.low > 0 else item.second}"
    return Finding(
        "Models compared",
        f"{text} (difference after noise correction {number_text(item.difference, _DIGITS)}, {_LEVEL} "
        f"{interval_text(item.low, item.high, _DIGITS)}; {item.n} pictures of {item.n_patients} patients): "
        f"{verdict}.",
    )


def _failure(entries: Sequence[AuditEntry]) -> Finding:
    parts = [
        f"{number_text(entry.response.failure_auroc)} "
        f"({interval_text(entry.band.failure_auroc.low, entry.band.failure_auroc.high)}) "
        f"by {method_name(entry.method)}, {entry.aggregator}"
        for entry in entries
        if entry.response.failure_auroc == entry.response.failure_auroc
    ]
    if not parts:
        return Finding("Predicting failure", f"{entries[0].model}: undefined, {_why(entries[0])}.")
    return Finding(
        "Predicting failure",
        f"{entries[0].model}: a wrong answer has more ink saliency than a right one with probability "
        + "; ".join(parts)
        + " (0.50 = no relation).",
    )


def _why(entry: AuditEntry) -> str:
    return entry.response.reasons.get("failure_auroc", "no reason known")


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
            findings.append(Finding("How far this goes", text))
    return findings


def _limits(entries: Sequence[AuditEntry]) -> list[Finding]:
    mask_sets = ", ".join(dict.fromkeys(entry.mask_set for entry in entries))
    few = dict.fromkeys(item.name for entry in entries for item in entry.classes if item.flagged)
    texts = [
        f"All figures rest on the mask set “{mask_sets}” and speak about these trained models "
        "on these pictures. A claim about the training data takes at least five training seeds of each.",
        "An accuracy curve that falls with ink saliency is no evidence of bias by itself: "
        f"compare it with a control model. Intervals are {_LEVEL} each, not adjusted for their number.",
    ]
    if few:
        texts.append(f"Under {FEW_PICTURES} inked pictures, read with care: {', '.join(few)}.")
    return [Finding("How far this goes", text) for text in texts]


def find(
    entries: Sequence[AuditEntry],
    performance: Sequence[Performance],
    comparisons: Sequence[VarianceComparison],
    *,
    ink_rates: Mapping[str, float],
) -> tuple[Finding, ...]:
    """Return the findings in reading order.

    Args:
        entries: Of all models, methods and aggregators.
        performance: Of all models.
        comparisons: Of pairs of models.
        ink_rates: By model, the share of inked pictures in its training set, where known.
    """
    if not entries:
        return (Finding("How far this goes", "No model has been audited yet."),)
    findings = [_accuracy(list(rows)) for _, rows in groupby(performance, key=lambda row: row.model)]
    findings += [_saliency(entry) for entry in entries if entry.aggregator == "mean"]
    findings += [_comparison(item) for item in comparisons]
    by_model: dict[str, list[AuditEntry]] = {}
    for entry in entries:
        by_model.setdefault(entry.model, []).append(entry)
    findings += [_failure(group) for group in by_model.values()]
    return tuple(findings + _ink_rates(comparisons, ink_rates) + _limits(entries))
