"""Ends that come from outside: the system asks the program to stop, and it stops as if it were closed."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

__all__ = ["Endings"]


class Endings(QObject):
    """Listens for SIGTERM, and for Ctrl-C in the terminal.

    Python runs its handlers between two of its own instructions, and Qt's event loop may wait for hours
    without one: the wake-up socket lets Qt notice.

    Signals:
        asked()
    """

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._tell)
        self._woken = signal.set_wakeup_fd(self._writing.fileno())
        self._before = {number: signal.signal(number, _let) for number in (signal.SIGTERM, signal.SIGINT)}

    def stop(self) -> None:
        """Listen no more."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._woken)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reading.close()
        self._writing.close()

    @Slot()
    def _tell(self) -> None:
        self._reading.recv(16)
        self.asked.emit()


def _let(number: int, frame: FrameType | None) -> None:
    """Leave it to the socket."""
    del number, frame
