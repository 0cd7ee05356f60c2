"""A sign that a map is being made, for what takes long enough to wonder."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from app.jobs.task import progress_text
from app.widgets.controls import label, push_button
from gsal.progress import Progress

__all__ = ["Busy"]

_AFTER_MS = 300
_BAR_PX = 120


class Busy(QWidget):
    """A line with text, bar and a button, hidden while nothing is to be waited for.

    Signals:
        stop_asked()
        again_asked(): Make what was stopped.
    """

    stop_asked = Signal()
    again_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = label(role="muted", name="mapsBusyText")
        self.bar = QProgressBar()
        self.bar.setObjectName("mapsProgress")
        self.bar.setAccessibleName("Progress of the map that is made")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR_PX)
        self.stop = push_button("stopMaps", "Stop", "Stop making this map", key="Esc")
        self.again = push_button("makeMapsAgain", "Make the map", "Make the map that was stopped")
        self.stop.clicked.connect(self.stop_asked)
        self.again.clicked.connect(self.again_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        layout.addWidget(self.bar)
        layout.addWidget(self.stop)
        layout.addWidget(self.again)
        layout.addStretch()
        # Its place is kept, so that the picture above does not jump.
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(_AFTER_MS)
        self._delay.timeout.connect(self._show_waiting)
        self.hide()

    def begin(self) -> None:
        """Show that something is made, unless it is there soon."""
        self.bar.setRange(0, 0)
        self.text.setText("Making the map")
        self._say(is_stopped=False)
        if self.isHidden() and not self._delay.isActive():
            self._delay.start()

    @Slot(object)
    def show_progress(self, progress: Progress) -> None:
        """Show how far it is."""
        is_long = progress.total > 1
        self.bar.setRange(0, progress.total if is_long else 0)
        if is_long:
            self.bar.setValue(progress.done)
            self.text.setText(progress_text(progress))

    def end(self, *, is_stopped: bool) -> None:
        """Show that it is done, or that it was stopped and can be made after all."""
        self._delay.stop()
        if is_stopped:
            self.text.setText("Stopped: the map was not made.")
            self._say(is_stopped=True)
        self.setVisible(is_stopped)

    def _say(self, *, is_stopped: bool) -> None:
        self.bar.setVisible(not is_stopped)
        self.stop.setVisible(not is_stopped)
        self.again.setVisible(is_stopped)

    @Slot()
    def _show_waiting(self) -> None:
        self.show()
