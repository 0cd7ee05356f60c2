"""What trained ink networks can do: mask all pictures, and learn again from people's new reviews."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.jobs.task import Task, TaskState, progress_text
from app.widgets.controls import label, line, named, push_button
from gsal.jobs.segmenters.retrain import RetrainSegmenter
from gsal.jobs.segmenters.segment import Segment

__all__ = ["InkPanel"]

_AGAIN_TIP = (
    "Train a new network with the same settings on today's masks, and compare both on pictures that "
    "neither has seen"
)


class InkPanel(QWidget):
    """Two buttons for one of the ink networks, and how far what they started is.

    Signals:
        asked(job)
        stop_asked()
        measure_asked(name): Show how good this network's masks are.
    """

    asked = Signal(object)
    stop_asked = Signal()
    measure_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inkPanel")
        self._reviews: Mapping[str, int] = {}
        self.network = named(QComboBox(), "inkNetwork", "Ink network to use")
        self.segment = push_button("segmentAll", "Mask all pictures", "Mask ink with this network")
        self.measure = push_button("showMeasured", "How good?", "Show how good this network's masks are")
        self.again = push_button("retrain", "Train again", _AGAIN_TIP)
        self.text = label(role="muted", name="inkText", wrap=True)
        self.stop = push_button("stopInk", "Stop", "Stop; it can go on later")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.segment, 1)
        buttons.addWidget(self.measure)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(line())
        layout.addWidget(label("Trained ink networks", role="section"))
        layout.addWidget(self.network)
        layout.addLayout(buttons)
        layout.addWidget(self.again)
        layout.addWidget(self.text)
        layout.addWidget(self.stop)
        self.network.currentIndexChanged.connect(self._show_reviews)
        self.segment.clicked.connect(self._ask_segment)
        self.again.clicked.connect(self._ask_again)
        self.measure.clicked.connect(self._ask_measure)
        self.stop.clicked.connect(self.stop_asked)
        self.show_networks([], {}, is_read_only=False)
        self.show_task(None)

    def show_networks(self, names: Sequence[str], reviews: Mapping[str, int], *, is_read_only: bool) -> None:
        """Offer these networks, the newest last.

        Args:
            names: Of the ready ones.
            reviews: How many pictures people have reviewed since each was trained.
            is_read_only: Whether nothing can be started.
        """
        chosen = self.network.currentData()
        is_newest = self.network.currentIndex() == self.network.count() - 1
        self._reviews = reviews
        with QSignalBlocker(self.network):
            self.network.clear()
            for name in names:
                self.network.addItem(name, name)
            row = self.network.findData(chosen)
            self.network.setCurrentIndex(len(names) - 1 if row < 0 or is_newest else row)
        for button in (self.segment, self.again):
            button.setEnabled(bool(names) and not is_read_only)
        self.setVisible(bool(names))
        self._show_reviews()

    @Slot(object)
    def show_task(self, task: Task | None) -> None:
        """Show how far masking, or training again, is."""
        is_running = task is not None and not task.state.is_over
        is_stoppable = task is not None and is_running and task.state is not TaskState.STOPPING
        if not is_stoppable and self.window().focusWidget() is self.stop:
            # Qt would hand the focus to the next button, and Space would then start something else.
            self.network.setFocus()
        self.stop.setVisible(is_running)
        self.stop.setEnabled(is_stoppable)
        self.text.setVisible(task is not None)
        if task is None:
            self.text.setText("")
        elif task.state is TaskState.RUNNING and task.progress is not None:
            self.text.setText(progress_text(task.progress))
        else:
            self.text.setText(f"{task.job.title}: {task.state}. {task.message}".strip())

    @Slot()
    def _show_reviews(self) -> None:
        name = self.network.currentData()
        n = self._reviews.get(name, 0)
        self.again.setText(f"Train again ({n:,} new review{'' if n == 1 else 's'})")
        since = f"{n:,} pictures were reviewed since {name} was trained" if name else ""
        self.again.setToolTip("\n".join(part for part in (_AGAIN_TIP, since) if part))

    @Slot()
    def _ask_segment(self) -> None:
        self.asked.emit(Segment(str(self.network.currentData())))

    @Slot()
    def _ask_again(self) -> None:
        self.asked.emit(RetrainSegmenter(str(self.network.currentData())))

    @Slot()
    def _ask_measure(self) -> None:
        self.measure_asked.emit(str(self.network.currentData()))
