"""Keys that work wherever in a view the focus is."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

__all__ = ["bind_keys"]


def bind_keys(view: QWidget, actions: Mapping[tuple[str, ...], Callable[[], object]]) -> None:
    """Let keys, in Qt's portable spelling, do something while the view or a part of it has the focus."""
    for keys, act in actions.items():
        for key in keys:
            shortcut = QShortcut(QKeySequence(key), view)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
