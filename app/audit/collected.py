"""Tables per picture, of what is stored and of what a running job tells."""

from collections.abc import Iterable

from gsal.audit.data import AuditData
from gsal.records import Variant

__all__ = ["Collected"]

_Key = tuple[str, str, Variant]


class Collected:
    """Parts of tables by model, method and variant; a picture that comes again replaces what was stored."""

    def __init__(self) -> None:
        self._stored: dict[_Key, AuditData] = {}
        self._live: dict[_Key, list[AuditData]] = {}
        self._counts: dict[_Key, int] = {}

    def replace_stored(self, tables: Iterable[AuditData], placebos: Iterable[AuditData]) -> None:
        """Take what the project has now; what a running job told since stays on top of it."""
        self._stored = {(one.model, one.method, Variant.ORIGINAL): one for one in tables}
        self._stored |= {(one.model, one.method, Variant.INPAINTED): one for one in placebos}
        self._counts.clear()

    def add(self, part: AuditData, variant: Variant = Variant.ORIGINAL) -> None:
        """Take some pictures that a running job told of."""
        key = (part.model, part.method, variant)
        self._live.setdefault(key, []).append(part)
        self._counts.pop(key, None)

    def forget_live(self) -> None:
        """Forget what jobs told: it is stored by now."""
        self._live.clear()
        self._counts.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._stored.clear()
        self.forget_live()

    def models(self, method: str) -> list[str]:
        """Return the models with something of this method."""
        known = self._stored.keys() | self._live.keys()
        return sorted(m for m, of_method, of in known if of_method == method and of is Variant.ORIGINAL)

    def parts(self, model: str, method: str, variant: Variant = Variant.ORIGINAL) -> tuple[AuditData, ...]:
        """Return what there is, what is stored first."""
        key = (model, method, variant)
        stored = (self._stored[key],) if key in self._stored else ()
        return (*stored, *self._live.get(key, ()))

    def count(self, model: str, method: str) -> int:
        """Return how many pictures there are, each counted once."""
        key = (model, method, Variant.ORIGINAL)
        if key not in self._counts:
            parts = self.parts(model, method)
            # Counted for every event of every job: one table alone has each picture once.
            self._counts[key] = (
                parts[0].n if len(parts) == 1 else len({i for part in parts for i in part.image_ids.tolist()})
            )
        return self._counts[key]
