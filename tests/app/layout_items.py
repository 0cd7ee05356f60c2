"""Finds layout items that Python still knows by an address at which C++ has freed them.

A layout that has widgets when it is put into another gets a Python object for each of its items
(PySide's addLayout). Qt frees the item when its widget leaves the layout, the Python object stays; whatever
Qt then makes at that address is taken for it, and the program ends in a segmentation fault, much later and
elsewhere. So a layout that widgets will leave is filled once it is where it belongs, in a widget.
"""

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import shiboken6
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLayout, QWidget, QWidgetItem

__all__ = ["LayoutItems"]


@dataclass(frozen=True, slots=True)
class _Known:
    """An item that there is a Python object for, and what it holds."""

    item: weakref.ref[QWidgetItem]
    widget: weakref.ref[QWidget]
    layout: weakref.ref[QLayout]
    name: str

    @property
    def is_stale(self) -> bool:
        """Whether Qt has freed the item, and Python has not. Asking the layout for it would be the fault."""
        widget, layout = self.widget(), self.layout()
        if self.item() is None or layout is None or not shiboken6.isValid(layout):
            return False
        return widget is None or not shiboken6.isValid(widget) or layout.indexOf(widget) < 0


class LayoutItems:
    """Knows every item that an `addLayout` made a Python object for, while that lives."""

    def __init__(self) -> None:
        self._known: list[_Known] = []

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """Follow what is put where from now on."""
        for kind, method in (
            (QBoxLayout, "addLayout"),
            (QBoxLayout, "insertLayout"),
            (QGridLayout, "addLayout"),
        ):
            patch.setattr(kind, method, self._noting(getattr(kind, method)))

    def stale(self) -> list[str]:
        """Return the widgets whose items are gone while Python knows them; they are told once."""
        living = [known for known in self._known if known.item() is not None]
        self._known = [known for known in living if not known.is_stale]
        return [known.name for known in living if known.is_stale]

    def _noting(self, add: Callable[..., None]) -> Callable[..., None]:
        def noted(layout: QLayout, *arguments: Any, **options: Any) -> None:
            add(layout, *arguments, **options)
            for child in arguments:
                if isinstance(child, QLayout):
                    self._note(child)

        return noted

    def _note(self, layout: QLayout) -> None:
        if layout.parentWidget() is None:
            # PySide makes none before that, and asking for the items would.
            return
        for item in (layout.itemAt(place) for place in range(layout.count())):
            if isinstance(item, QWidgetItem) and (widget := item.widget()) is not None:
                name = f"{widget.objectName() or type(widget).__name__} of {type(widget.parent()).__name__}"
                self._known.append(_Known(weakref.ref(item), weakref.ref(widget), weakref.ref(layout), name))
            elif isinstance(item, QLayout):
                self._note(item)
