"""What the audit found, in words."""

from gsal.audit import Finding
from gsal.audit.findings.verdict import TOPIC as IN_SHORT
from gsal.reports.content import ReportContent
from gsal.reports.document import Entry, Facts, Section

__all__ = ["section"]


def section(content: ReportContent) -> Section:
    """Return the findings by topic, but for the answers in short, with a line beside those that claim."""
    topics: dict[str, list[Finding]] = {}
    for finding in content.audit.findings:
        if finding.topic != IN_SHORT:
            topics.setdefault(finding.topic, []).append(finding)
    entries = tuple(_entry(topic, found) for topic, found in topics.items())
    return Section("findings", "Findings", (Facts(entries, prominent=True),))


def _entry(topic: str, found: list[Finding]) -> Entry:
    texts = (f"{one.strength.words}. {one.text}" if one.strength.words else one.text for one in found)
    return Entry(
        topic, tuple(texts), tuple(place for place, one in enumerate(found) if one.strength.is_claim)
    )
