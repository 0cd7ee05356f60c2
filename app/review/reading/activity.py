"""How long a reader works on a picture: pauses are not work, and a clock set back changes nothing."""

import time
from collections.abc import Callable

from PySide6.QtCore import QChildEvent, QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

__all__ = ["IDLE_S", "ActiveTime", "ActivityWatch"]

IDLE_S = 10.0
"""A pause longer than this is not work."""

_SIGNS = frozenset(
    {
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.Wheel,
        QEvent.Type.KeyPress,
        QEvent.Type.TabletMove,
        QEvent.Type.TabletPress,
    }
)
_PRESSES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.TabletPress})


class ActiveTime:
    """Adds up the time between signs of life that are not further apart than `IDLE_S`.

    Args:
        seconds: Worked before.
        clock: Monotonic, in seconds.
    """

    def __init__(self, seconds: float = 0.0, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds = seconds
        self._last: float | None = None

    @property
    def seconds(self) -> float:
        """Worked until the last sign of life, to a tenth."""
        return round(self._seconds, 1)

    def resume(self) -> None:
        """Begin to count now; what came before was another picture."""
        self._last = self._clock()

    def touch(self) -> None:
        """Note a sign of life."""
        now = self._clock()
        if self._last is not None and now - self._last <= IDLE_S:
            self._seconds += now - self._last
        self._last = now


class ActivityWatch(QObject):
    """Tells when somebody moves, presses or turns something over a widget, or over any that lies in it.

    Signals:
        noticed(): Somebody is there.
        pressed(): Somebody presses a button or a pen; the widget does not know yet.
    """

    noticed = Signal()
    pressed = Signal()

    def follow(self, widget: QWidget) -> None:
        """Watch a widget, all that lie in it, and those that are put there later."""
        for part in (widget, *widget.findChildren(QWidget)):
            part.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _SIGNS:
            self.noticed.emit()
        if kind in _PRESSES:
            self.pressed.emit()
        elif kind is QEvent.Type.ChildPolished and isinstance(event, QChildEvent):
            child = event.child()
            if isinstance(child, QWidget):
                self.follow(child)
        return super().eventFilter(watched, event)
