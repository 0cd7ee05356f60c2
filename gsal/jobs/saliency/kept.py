"""What was computed last and may be wanted again, up to a bound of memory."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

__all__ = ["Kept"]

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Forgets what was not asked for longest; the newest is always kept.

    Args:
        most_bytes: What all of it may take.

    >>> kept = Kept[str, int](most_bytes=10)
    >>> kept.put("a", 1, size=6)
    >>> kept.put("b", 2, size=6)
    >>> kept.get("a"), kept.get("b"), kept.total_bytes
    (None, 2, 6)
    """

    def __init__(self, *, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._values: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self.total_bytes = 0

    def get(self, key: Key) -> Value | None:
        """Return what is kept under a key; None if nothing is."""
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: Key, value: Value, *, size: int) -> None:
        """Keep a value of so many bytes."""
        if key in self._values:
            self.total_bytes -= self._values.pop(key)[1]
        self._values[key] = value, size
        self.total_bytes += size
        while self.total_bytes > self._most_bytes and len(self._values) > 1:
            self.total_bytes -= self._values.popitem(last=False)[1][1]
