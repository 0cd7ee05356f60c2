"""Audits as the project remembers them."""

from dataclasses import dataclass
from typing import Any

__all__ = ["AuditRecord"]


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """An audit that was kept, without its result, which `store.audits.result(record.id)` brings.

    Attributes:
        settings: What was asked for; earlier versions did not say here what was audited.
        app_version: Of the program that made it.
        created: In UTC, as text.
        mask_set: The masks its figures rest on.
        audited: Models and the methods of each.
    """

    id: int
    settings: dict[str, Any]
    app_version: str
    created: str
    mask_set: str
    audited: dict[str, tuple[str, ...]]

    @property
    def models(self) -> tuple[str, ...]:
        """Their names, in the order audited."""
        return tuple(self.audited)

    @property
    def methods(self) -> tuple[str, ...]:
        """Slugs of all methods, each once."""
        return tuple(dict.fromkeys(method for methods in self.audited.values() for method in methods))

    @property
    def date(self) -> str:
        """When it was made, to the minute: "2026-05-01 12:00 UTC"."""
        return f"{self.created[:16].replace('T', ' ')} UTC"
