"""What has changed since the last audit of the same models."""

from collections.abc import Iterator

from gsal.audit.entry import AuditEntry
from gsal.audit.findings.finding import Finding
from gsal.audit.names import method_name, number_text, percent_text
from gsal.audit.result import AuditResult

__all__ = ["TOPIC", "since"]

TOPIC = "Since the last audit"


def since(before: AuditResult, now: AuditResult) -> tuple[Finding, ...]:
    """Return sentences on what differs: models that came or went, pictures with ink, and their figures.

    They tell numbers, not tests: both audits may rest on the same pictures, or on other masks of them.

    Args:
        before: The last audit over the same mask set.
        now: This one.
    """
    known, present = ({entry.model for entry in result.entries} for result in (before, now))
    found = []
    if new := [model for model in _models(now) if model not in known]:
        found.append(Finding(TOPIC, f"Not in the audit before: {', '.join(new)}."))
    if gone := [model for model in _models(before) if model not in present]:
        found.append(Finding(TOPIC, f"In the audit before, not in this one: {', '.join(gone)}."))
    earlier = {(entry.model, entry.method, entry.aggregator): entry for entry in before.entries}
    for entry in now.entries:
        old = earlier.get((entry.model, entry.method, entry.aggregator))
        if old is not None and (changes := list(_changes(old, entry))):
            name = f"{entry.model}, {method_name(entry.method)}, {entry.aggregator}"
            found.append(Finding(TOPIC, f"{name}: {'; '.join(changes)}.", model=entry.model))
    if not found:
        text = (
            "Accuracy with ink, AURRAC, AUROC for errors and class variances are those of the audit before."
        )
        found.append(Finding(TOPIC, text))
    return tuple(found)


def _models(result: AuditResult) -> list[str]:
    return list(dict.fromkeys(entry.model for entry in result.entries))


def _changes(old: AuditEntry, new: AuditEntry) -> Iterator[str]:
    if old.response.n != new.response.n:
        yield f"{new.response.n:,} pictures with ink instead of {old.response.n:,}"
    figures = {
        "accuracy with ink": (old.response.accuracy, new.response.accuracy, percent_text),
        "AURRAC": (old.response.aurrac, new.response.aurrac, _three),
        "AUROC for errors": (old.response.failure_auroc, new.response.failure_auroc, _three),
        "variance of the class means": (old.variance.value, new.variance.value, _four),
    }
    for name, (was, is_now, write) in figures.items():
        if write(is_now) != write(was):
            yield f"{name} {write(is_now)} instead of {write(was)}"


def _three(value: float) -> str:
    return number_text(value, 3)


def _four(value: float) -> str:
    return number_text(value, 4)
