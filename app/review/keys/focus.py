"""Keys that belong to the control that has the focus, before they are the page's."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QWidget
from typing_extensions import override

__all__ = ["FocusKeys"]

_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_ENDING = _ENTER | {Qt.Key.Key_Escape}
_PRESSING = _ENTER | {Qt.Key.Key_Space}


class FocusKeys(QObject):
    """Lets Enter end typing and press a button that was reached by Tab, where it else were a verdict.

    Args:
        widget: A page with shortcuts of its own.

    Signals:
        left(): Typing is over; the focus should go back to where the keys are meant for.
    """

    left = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Both kinds of event come here from the control with the focus, which did not want them.
        if isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride and _is_wanted(event.key()):
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress and self._use(event.key()):
                return True
        return super().eventFilter(watched, event)

    def _use(self, key: int) -> bool:
        focused = QApplication.focusWidget()
        if isinstance(focused, QLineEdit | QAbstractSpinBox) and key in _ENDING:
            self.left.emit()
            return True
        if isinstance(focused, QAbstractButton) and key in _ENTER:
            focused.click()
            return True
        return False


def _is_wanted(key: int) -> bool:
    match QApplication.focusWidget():
        case QLineEdit() | QAbstractSpinBox():
            return key in _ENDING
        case QAbstractButton():
            return key in _PRESSING
        case QComboBox():
            return key == Qt.Key.Key_Space
        case _:
            return False
