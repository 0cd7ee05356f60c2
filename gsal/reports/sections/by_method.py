"""The audit's entries, method by method."""

from collections.abc import Sequence
from dataclasses import dataclass

from gsal.audit import AuditEntry
from gsal.audit.names import method_name

__all__ = ["MethodEntries", "by_method"]


@dataclass(frozen=True, slots=True)
class MethodEntries:
    """The entries of one saliency method."""

    slug: str
    entries: tuple[AuditEntry, ...]

    @property
    def title(self) -> str:
        """Its name with a capital letter."""
        name = method_name(self.slug)
        return name[0].upper() + name[1:]

    def of(self, aggregator: str) -> tuple[AuditEntry, ...]:
        """Return those of "mean" or "peak", model by model."""
        return tuple(entry for entry in self.entries if entry.aggregator == aggregator)


def by_method(entries: Sequence[AuditEntry]) -> list[MethodEntries]:
    """Return the methods in the order first seen."""
    return [
        MethodEntries(slug, tuple(entry for entry in entries if entry.method == slug))
        for slug in dict.fromkeys(entry.method for entry in entries)
    ]
