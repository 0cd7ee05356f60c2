"""A keymap at work on a widget: keys pressed become actions, keys held become actions that last."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from app.review.keys.bindings import BINDINGS
from app.review.keys.focus import FocusKeys
from app.review.keys.keymap import Keymap

__all__ = ["Shortcuts"]


class Shortcuts(QObject):
    """Listens on a widget and all that stands in it.

    Args:
        widget: A page.

    Signals:
        asked(action): Its key was pressed.
        held(action, is_held): Its key went down, or up again; also up when the window is left meanwhile.
        left(): Typing in a control is over; give the focus back to the picture.
    """

    asked = Signal(str)
    held = Signal(str, bool)
    left = Signal()

    def __init__(self, widget: QWidget, keymap: Keymap) -> None:
        super().__init__(widget)
        self._widget = widget
        self._shortcuts: list[QShortcut] = []
        self._down: dict[str, str] = {}
        FocusKeys(widget).left.connect(self.left)
        self.keymap = keymap
        self.set_keymap(keymap)

    def set_keymap(self, keymap: Keymap) -> None:
        """Listen for these keys instead."""
        self._release_all()
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._shortcuts = []
        self.keymap = keymap
        for binding in BINDINGS:
            for key in keymap.of(binding.action):
                # Of several actions with one key the first has it: Qt would do none of them.
                if keymap.action_of(key) == binding.action:
                    self._listen(binding.action, key, is_held=binding.is_held)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            if not event.isAutoRepeat():
                self._release(QKeySequence(event.key()).toString())
        elif event.type() in {QEvent.Type.WindowDeactivate, QEvent.Type.ApplicationDeactivate}:
            self._release_all()
        return super().eventFilter(watched, event)

    def _listen(self, action: str, key: str, *, is_held: bool) -> None:
        shortcut = QShortcut(QKeySequence(key), self._widget)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._shortcuts.append(shortcut)
        if is_held:
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(partial(self._hold, action, key))
        else:
            shortcut.activated.connect(partial(self._ask, action))

    def _ask(self, action: str) -> None:
        # A letter typed into an open list looks for an entry; it is no verdict.
        if QApplication.activePopupWidget() is None:
            self.asked.emit(action)

    def _hold(self, action: str, key: str) -> None:
        application = QCoreApplication.instance()
        if application is not None and key not in self._down:
            # The release goes to whatever has the focus by then.
            application.installEventFilter(self)
            self._down[key] = action
            self.held.emit(action, True)

    def _release(self, key: str) -> None:
        action = self._down.pop(key, None)
        application = QCoreApplication.instance()
        if application is not None and not self._down:
            application.removeEventFilter(self)
        if action is not None:
            self.held.emit(action, False)

    def _release_all(self) -> None:
        for key in list(self._down):
            self._release(key)
