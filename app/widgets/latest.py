"""Many wishes, one reading at a time: only the newest that waits is carried out."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.background import Background

__all__ = ["Latest"]


class Latest(QObject):
    """Carries out the newest of many wishes off the window's thread; those in between never begin.

    Connect `done` and `failed` to `@Slot` methods only.

    Args:
        name: Of the thread, for logs.

    Signals:
        done(wish, result): Never that of a wish that another one has followed.
        failed(wish, error)
    """

    done = Signal(object, object)
    failed = Signal(object, object)

    def __init__(self, name: str, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(name, parent=self)
        self._background.done.connect(self._take)
        self._background.failed.connect(self._give_up)
        self._is_running = False
        self._next: tuple[object, Callable[[], Any]] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a result is still to come."""
        return self._is_running

    def submit(self, wish: object, function: Callable[[], Any]) -> None:
        """Carry this out next, in place of what waits."""
        self._next = wish, function
        if not self._is_running:
            self._go_on()

    def shut_down(self) -> None:
        """Forget what waits, and wait for what runs."""
        self._next = None
        self._background.shut_down()

    def _go_on(self) -> bool:
        waiting, self._next = self._next, None
        self._is_running = waiting is not None
        if waiting is not None:
            self._background.submit(*waiting)
        return self._is_running

    @Slot(object, object)
    def _take(self, wish: object, result: object) -> None:
        if not self._go_on():
            self.done.emit(wish, result)

    @Slot(object, object)
    def _give_up(self, wish: object, error: BaseException) -> None:
        self._go_on()
        self.failed.emit(wish, error)
