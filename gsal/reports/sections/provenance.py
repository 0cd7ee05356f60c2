"""Versions, seeds and hashes: what made these figures."""

from gsal.reports.content import ReportContent
from gsal.reports.document import Entry, Facts, Section

__all__ = ["section"]


def section(content: ReportContent) -> Section:
    """Return all that is known of where the figures come from."""
    entries = [Entry(fact.name, (fact.value,)) for fact in content.provenance]
    entries.append(Entry("Bootstrap seed", (str(content.audit.seed),)))
    return Section("provenance", "Provenance", (Facts(tuple(entries)),))
