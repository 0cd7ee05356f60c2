"""Keeps Pillow's warnings to itself, also when several threads decode at once."""

import threading
import warnings
from typing import Any

__all__ = ["QUIET_PILLOW"]


class _QuietPillow:
    """Ignores warnings of Pillow's modules (damaged metadata, large pictures) while any thread is inside.

    `warnings.catch_warnings` alone is not safe when threads overlap: the one that leaves last would restore
    the filters that another had set. So the first to enter saves them and the last to leave restores them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._saved: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._saved = warnings.catch_warnings()
                self._saved.__enter__()
                warnings.filterwarnings("ignore", module=r"PIL(\.|$)")
            self._inside += 1

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._saved.__exit__(None, None, None)


QUIET_PILLOW = _QuietPillow()
