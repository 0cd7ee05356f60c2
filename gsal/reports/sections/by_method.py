"""The audit's entries, method by method."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from gsal.audit import AuditEntry
from gsal.audit.global_saliency import absent
from gsal.audit.names import method_name
from gsal.audit.placebo_entry import PlaceboEntry

__all__ = ["MethodEntries", "by_method", "with_all_classes"]

E = TypeVar("E", AuditEntry, PlaceboEntry)


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
    """Return the methods in the order first seen; all entries of one have the same classes in one order."""
    return [
        MethodEntries(slug, with_all_classes([entry for entry in entries if entry.method == slug]))
        for slug in dict.fromkeys(entry.method for entry in entries)
    ]


def with_all_classes(entries: Sequence[E], among: Sequence[AuditEntry] = ()) -> tuple[E, ...]:
    """Return entries with the classes that any of them, or of `among`, has; those a model lacks are empty."""
    of_all = [*(entry.classes for entry in among), *(entry.classes for entry in entries)]
    names = dict.fromkeys(item.name for classes in of_all for item in classes)
    return tuple(
        replace(entry, classes=tuple(known.get(name) or absent(name) for name in names))
        for entry in entries
        for known in [{item.name: item for item in entry.classes}]
    )
