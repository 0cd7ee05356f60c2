"""What the audit found, in words."""

from gsal.reports.content import ReportContent
from gsal.reports.document import Entry, Facts, Section

__all__ = ["section"]


def section(content: ReportContent) -> Section:
    """Return the findings by topic."""
    topics: dict[str, list[str]] = {}
    for finding in content.audit.findings:
        words = f"{finding.strength.words}. " if finding.strength.words else ""
        topics.setdefault(finding.topic, []).append(words + finding.text)
    entries = tuple(Entry(topic, tuple(texts)) for topic, texts in topics.items())
    return Section("findings", "Findings", (Facts(entries, prominent=True),))
