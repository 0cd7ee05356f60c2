"""Which labels of another program mean ink."""

import re
from dataclasses import dataclass

__all__ = ["InkLabels"]

_INK_WORDS = frozenset(
    {
        *("ink", "inks", "inked", "pen", "pens", "penmark", "penmarks"),
        *("marker", "markers", "marking", "markings", "tinte", "stift", "encre", "tinta"),
    }
)


@dataclass(frozen=True, slots=True)
class InkLabels:
    """The labels the user chose, or else those that have a word for ink in them.

    Attributes:
        chosen: Exact names, whatever the case.

    >>> ink = InkLabels()
    >>> [ink.has(name) for name in ("Ink", "surgical_marker", "pink skin", "lesion")]
    [True, True, False, False]
    """

    chosen: tuple[str, ...] = ()

    def has(self, label: str) -> bool:
        """Whether a label means ink."""
        if self.chosen:
            return label.casefold() in {name.casefold() for name in self.chosen}
        return not _INK_WORDS.isdisjoint(re.split(r"[\W\d_]+", label.casefold()))
