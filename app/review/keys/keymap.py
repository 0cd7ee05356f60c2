"""Which key does what: a preset with the reader's own changes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from PySide6.QtGui import QKeySequence

from app.review.keys.bindings import BINDINGS, DEFAULT, Preset

__all__ = ["TAKEN_BY_THE_WINDOW", "Keymap", "normal", "shown"]

TAKEN_BY_THE_WINDOW = {
    **{f"Ctrl+{number}": "the pages of the window" for number in range(1, 5)},
    "Ctrl+J": "the list of jobs",
    "Ctrl+F": "finding a picture in the library",
    "Ctrl+I": "importing pictures",
}
"""Keys that work everywhere in the window, and what they do there."""


def normal(key: str) -> str:
    """Return a key in Qt's portable spelling; "" when it is none.

    >>> normal("ctrl+z")
    'Ctrl+Z'
    """
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    return "" if "," in text[:-1] or not text.isprintable() else text


def shown(key: str) -> str:
    """Return a key as this machine's keyboard names it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys of every action; unchanging, so that what hangs on it is told of each change.

    Attributes:
        keys: By action, in Qt's portable spelling; an action may have none.
    """

    keys: Preset = field(default_factory=lambda: DEFAULT)

    def of(self, action: str) -> tuple[str, ...]:
        """Return the keys of an action."""
        return self.keys[action]

    def tip(self, action: str) -> str:
        """Return an action's first key as tooltips name it; "" when it has none."""
        keys = self.keys[action]
        return shown(keys[0]) if keys else ""

    def action_of(self, key: str) -> str | None:
        """Return which action a key does; the first one when several have it."""
        wanted = normal(key)
        return next((binding.action for binding in BINDINGS if wanted in self.keys[binding.action]), None)

    def with_keys(self, action: str, keys: tuple[str, ...]) -> Self:
        """Return a keymap in which an action has these keys instead."""
        spelled = tuple(dict.fromkeys(key for key in map(normal, keys) if key))
        return type(self)({**self.keys, action: spelled})

    def without_key(self, key: str, *, but: str) -> Self:
        """Return a keymap in which only one action keeps a key."""
        wanted = normal(key)
        return type(self)(
            {
                action: keys if action == but else tuple(k for k in keys if k != wanted)
                for action, keys in self.keys.items()
            }
        )

    def conflicts(self) -> dict[str, tuple[str, ...]]:
        """Return each key that several actions have, or the window besides, with those actions."""
        users: dict[str, list[str]] = {}
        for binding in BINDINGS:
            for key in self.keys[binding.action]:
                users.setdefault(key, []).append(binding.action)
        return {
            key: tuple(actions)
            for key, actions in users.items()
            if len(actions) > 1 or key in TAKEN_BY_THE_WINDOW
        }

    def to_text(self) -> str:
        """Return what differs from the default, to be kept in settings."""
        changed = {action: list(keys) for action, keys in self.keys.items() if keys != DEFAULT[action]}
        return json.dumps(changed, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the keymap that was kept; what cannot be understood stays as delivered."""
        try:
            kept = json.loads(text or "{}")
        except ValueError:
            kept = {}
        keymap = cls()
        for action, keys in (kept if isinstance(kept, Mapping) else {}).items():
            if action in DEFAULT and isinstance(keys, list) and all(isinstance(k, str) for k in keys):
                keymap = keymap.with_keys(action, tuple(keys))
        return keymap
