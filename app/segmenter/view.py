"""How good the masks of an ink network are: the figures at the left, picture and curve at the right."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.jobs.background import Background
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.segmenter.empty import MeasureEmpty
from app.segmenter.figures import HeadlineTable, Parts, headline_view
from app.segmenter.measure_bar import MeasureBar
from app.segmenter.pictures import MeasuredPictures
from app.segmenter.stored import StoredMeasurement, StoredMeasurements, read_measurements
from app.segmenter.words import against_others, at_human_level
from app.theme import Theme
from app.widgets.controls import label
from gsal.jobs.evaluation.evaluate import EvaluateSegmenter
from gsal.jobs.job import Job
from gsal.jobs.segmenters.segment import Segment
from gsal.project import Project

__all__ = ["SegmenterView"]

_LEFT_PX, _RIGHT_PX, _PARTS_PX = 740, 480, 260
_HUMAN_LEVEL = (
    "A picture is at human level when network and people agree whether it has ink, and where it has, the "
    "network's Dice is at most 0.05 below that of two readers."
)
_CHANGING_JOBS = {
    "evaluate segmenter",
    "retrain segmenter",
    "segment",
    "train segmenter",
    "import masks",
    "import images",
    "validation choose",
    "validation lock",
    "demo",
}


class SegmenterView(QWidget):
    """Layout and wiring of a segmenter's measurement.

    Signals:
        picture_asked(image_id): Show a picture in the review.
        review_asked(): Show the review.
        training_asked(): Show how a network is trained.

    Attributes:
        bar: What to measure; it is placed by whoever places the view.
    """

    picture_asked = Signal(int)
    review_asked = Signal()
    training_asked = Signal()

    def __init__(self, project: Project, manager: JobManager, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("segmenterView")
        self._project, self._manager = project, manager
        self._reader_id: int | None = None
        self._stored: StoredMeasurements | None = None
        self._shown: StoredMeasurement | None = None
        self._task: Task | None = None
        self._wanted = ""
        self.reading = Background("measurements", parent=self)
        self.reading.done.connect(self._take)
        self.bar = MeasureBar(is_read_only=project.read_only)
        self.verdict = label(name="measuredVerdict", wrap=True)
        self.human_level = label(name="humanLevel", wrap=True)
        self.human_level.setToolTip(_HUMAN_LEVEL)
        self.about = label(role="muted", name="measuredAbout", wrap=True)
        self.headline = HeadlineTable()
        self.headline.setParent(self)
        self.pictures = MeasuredPictures(project, theme)
        self.parts = Parts(theme)
        self.empty = MeasureEmpty(is_read_only=project.read_only)
        self._lay_out()
        self._connect()

    @Slot()
    def refresh(self) -> None:
        """Read again what the project has."""
        self.reading.submit("stored", partial(read_measurements, self._project, self._reader_id))

    def show_network(self, network: str) -> None:
        """Show the last measurement of a network, as soon as it is known."""
        self._wanted = network
        self.bar.choose(network)

    def set_reader(self, reader_id: int) -> None:
        """Keep from this reader what is still to be read blind."""
        self._reader_id = reader_id
        self.refresh()

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self.reading.shut_down()
        self.pictures.shut_down()

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.verdict)
        column.addWidget(headline_view(self.headline))
        column.addWidget(self.human_level)
        column.addWidget(self.about)
        column.addWidget(self.pictures, 1)
        right = QSplitter(Qt.Orientation.Vertical)
        right.setChildrenCollapsible(False)
        right.setHandleWidth(12)
        right.addWidget(self.pictures.pair)
        right.addWidget(self.parts)
        right.setStretchFactor(0, 3)
        right.setStretchFactor(1, 2)
        right.setSizes([_RIGHT_PX, _PARTS_PX])
        whole = QSplitter()
        whole.setChildrenCollapsible(False)
        whole.setHandleWidth(16)
        whole.addWidget(left)
        whole.addWidget(right)
        whole.setStretchFactor(0, 3)
        whole.setStretchFactor(1, 2)
        whole.setSizes([_LEFT_PX, _RIGHT_PX])
        self.stack = QStackedWidget()
        self.stack.addWidget(whole)
        self.stack.addWidget(self.empty)
        self.stack.setCurrentIndex(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    def _connect(self) -> None:
        bar, empty = self.bar, self.empty
        bar.asked.connect(self._start)
        bar.stop_asked.connect(self._stop)
        bar.network_chosen.connect(self._show_network)
        bar.judgements.currentIndexChanged.connect(self._show_state)
        self.pictures.opened.connect(self.picture_asked)
        empty.train_asked.connect(self.training_asked)
        empty.mask_asked.connect(self._start_masking)
        empty.review_asked.connect(self.review_asked)
        empty.measure_asked.connect(bar.ask)
        self._manager.changed.connect(self._show_task)
        self._manager.ended.connect(self._job_ended)
        self.refresh()

    @Slot(object)
    def _start(self, job: Job) -> None:
        self._manager.submit(job)

    @Slot()
    def _stop(self) -> None:
        if self._task is not None:
            self._manager.cancel(self._task)

    @Slot()
    def _start_masking(self) -> None:
        self._manager.submit(Segment(self.bar.chosen_network))

    @Slot(object)
    def _show_task(self, task: Task) -> None:
        if not isinstance(task.job, EvaluateSegmenter | Segment):
            return
        if task.replaces(self._task):
            self._task = task
            self.bar.show_task(task)
            self._show_state()

    @Slot(object)
    def _job_ended(self, task: Task) -> None:
        if task.job.kind in _CHANGING_JOBS:
            self.refresh()

    @Slot(object, object)
    def _take(self, key: object, stored: StoredMeasurements) -> None:
        del key
        self._stored = stored
        self.bar.show_stored(stored)
        if self._wanted in stored.networks:
            self.bar.choose(self._wanted)
            self._wanted = ""
        self._show_network()

    @Slot()
    def _show_network(self) -> None:
        """Show the last measurement of the chosen network, or what is missing."""
        stored = self._stored
        if stored is None:
            return
        network = self.bar.chosen_network
        self._shown = stored.measurements.get(network)
        self.parts.show_retrained(stored.retrained.get(network))
        if self._shown is not None:
            measured = self._shown.measured
            self.verdict.setText(against_others(measured))
            self.about.setText(_about(self._shown))
            self.human_level.setText(at_human_level(measured))
            self.human_level.setVisible(bool(self.human_level.text()))
            self.headline.show_measured(measured)
            self.pictures.show_measured(measured, stored.unread)
            self.parts.show_measured(measured)
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        self.stack.setCurrentIndex(1 if self._shown is None else 0)
        if self._shown is None and self._stored is not None:
            is_running = self._task is not None and not self._task.state.is_over
            self.empty.show_missing(
                self._stored,
                self.bar.chosen_network,
                has_judgements=bool(self.bar.judgements.currentData()),
                is_running=is_running,
            )


def _about(stored: StoredMeasurement) -> str:
    """Say what was measured, against what, and when."""
    settings: dict[str, Any] = stored.settings
    where = "the locked set" if settings.get("locked_only") else "patients it has not learned from"
    judged = settings.get("judgements")
    truth = f"{stored.measured.against} masks" + (f" and the column {judged}" if judged else "")
    n = len(stored.measured.pictures)
    day, _, time = stored.finished.partition("T")
    return f"{n:,} pictures of {where}, against {truth}; measured {day} {time[:5]} UTC"
