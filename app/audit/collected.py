"""Tables per picture as they come in, from a running job and from the store alike."""

from gsal.audit.data import AuditData
from gsal.records import Variant

__all__ = ["Collected"]


class Collected:
    """Parts of tables by model, method and variant; a picture that comes again replaces what was known."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, str, Variant], list[AuditData]] = {}

    def add(self, part: AuditData, variant: Variant = Variant.ORIGINAL) -> None:
        """Take some pictures."""
        self._parts.setdefault((part.model, part.method, variant), []).append(part)

    def clear(self) -> None:
        """Forget everything."""
        self._parts.clear()

    def models(self, method: str) -> list[str]:
        """Return the models with something of this method."""
        return sorted(m for m, known, of in self._parts if known == method and of is Variant.ORIGINAL)

    def parts(self, model: str, method: str, variant: Variant = Variant.ORIGINAL) -> tuple[AuditData, ...]:
        """Return what came in, in that order."""
        return tuple(self._parts.get((model, method, variant), ()))

    def count(self, model: str, method: str) -> int:
        """Return how many pictures came in, each counted once."""
        return len({i for part in self.parts(model, method) for i in part.image_ids.tolist()})
