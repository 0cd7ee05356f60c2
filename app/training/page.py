"""The training page: what learns, how good the masks of ink networks are, and the answers of classifiers."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.answers.view import AnswersView
from app.jobs.background import Background
from app.jobs.manager import JobManager
from app.jobs.task import Task, TaskState
from app.segmenter.view import SegmenterView
from app.theme import Theme
from app.training.cohort_dialog import CohortDialog
from app.training.cohort_table import CohortTable
from app.training.cohort_trial import Trials
from app.training.curves import Curves
from app.training.known import Known, read_known
from app.training.model_dialog import ModelDialog
from app.training.networks import NetworksView
from app.training.start_panel import StartPanel
from app.widgets.columns import column, vertical_splitter
from app.widgets.controls import label, primary_button, tab_button
from app.widgets.empty_state import EmptyState
from app.widgets.latest import Latest
from app.widgets.record_table import table_view
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.job import Job
from gsal.jobs.segmenters.retrain import RetrainSegmenter
from gsal.jobs.segmenters.segment import Segment
from gsal.jobs.segmenters.train import TrainSegmenter
from gsal.progress import MetricPoint
from gsal.project import Project
from gsal.records import ModelRecord

__all__ = ["TrainingPage"]

_CHANGING_JOBS = {
    "cohort create",
    "train classifier",
    "train segmenter",
    "retrain segmenter",
    "import model",
    "import masks",
    "demo",
}
_LEARN, _MEASURE, _ANSWERS = range(3)
_TABS = (
    ("learnTab", "Train", "Train networks, and see how they learn"),
    ("measureTab", "How good are the masks?", "Measure an ink network's masks against people's"),
    ("answersTab", "Answers", "See a classifier's answers with and without ink"),
)


class TrainingPage(QWidget):
    """Layout and wiring of training.

    Signals:
        picture_asked(image_id): Show a picture in the review.
        review_asked(): Show the review.
    """

    picture_asked = Signal(int)
    review_asked = Signal()

    def __init__(self, project: Project, manager: JobManager, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("trainingPage")
        self._project, self._manager = project, manager
        self._is_split = False
        self._is_shown = False
        self._task: Task | None = None
        self._ink_task: Task | None = None
        self._shown_job: Job | None = None
        self.reading = Background("training", parent=self)
        self.reading.done.connect(self._take)
        self.trying = Latest("cohort", parent=self)
        self.checking = Background("model", parent=self)
        self.panel = StartPanel()
        self.curves = Curves(theme)
        self.networks = NetworksView()
        self.cohorts = CohortTable(parent=self)
        self.masks = SegmenterView(project, manager, theme)
        self.answers = AnswersView(project, manager, theme)
        self._lay_out()
        self._connect()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read cohorts and networks again."""
        self.reading.submit("known", partial(read_known, self._project))

    def set_reader(self, reader_id: int) -> None:
        """Keep from this reader what is still to be read blind."""
        self.masks.set_reader(reader_id)

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self.reading.shut_down()
        self.trying.shut_down()
        self.checking.shut_down()
        self.masks.shut_down()
        self.answers.shut_down()

    @Slot()
    def show_learning(self) -> None:
        """Show what learns."""
        self._show_tab(_LEARN)

    @Slot(str)
    def show_masks(self, network: str) -> None:
        """Show how good a network's masks are."""
        self.masks.show_network(network)
        self._show_tab(_MEASURE)

    @Slot(str)
    def show_answers(self, network: str) -> None:
        """Show a classifier's answers with and without ink."""
        self.answers.show_network(network)
        self._show_tab(_ANSWERS)

    def _lay_out(self) -> None:
        self.title = label("Loss and accuracy", role="section", name="curvesTitle")
        cohort_view = table_view(self.cohorts, name="cohortTable", tip="Ink by class in each cohort")
        self.first = primary_button("firstCohort", "Create a cohort...", "Choose training pictures")
        self.first.setEnabled(not self._project.read_only)
        tables = vertical_splitter(
            self.networks,
            column(label("Cohorts: P(ink | class), and pictures of the class", role="section"), cohort_view),
        )
        self.tables = QStackedWidget()
        self.tables.addWidget(tables)
        sentence = "A cohort is the choice of pictures that a network is trained on."
        self.tables.addWidget(EmptyState("Create a cohort first", sentence, self.first))
        learning = QWidget()
        row = QHBoxLayout(learning)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.panel)
        row.addWidget(vertical_splitter(column(self.title, self.curves), self.tables), 1)
        self.pages = QStackedWidget()
        self.pages.addWidget(learning)
        self.pages.addWidget(self.masks)
        self.pages.addWidget(self.answers)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(self._top())
        layout.addWidget(self.pages, 1)

    def _top(self) -> QHBoxLayout:
        top = QHBoxLayout()
        top.setSpacing(4)
        self.tabs = QButtonGroup(self)
        for number, (name, text, tip) in enumerate(_TABS):
            tab = tab_button(name, text, tip)
            self.tabs.addButton(tab, number)
            top.addWidget(tab)
        top.addSpacing(12)
        top.addWidget(self.masks.bar, 1)
        top.addWidget(self.answers.bar, 1)
        top.addStretch()
        self._show_tab(_LEARN)
        return top

    def _connect(self) -> None:
        panel, manager = self.panel, self._manager
        panel.asked.connect(self._start)
        panel.stop_asked.connect(self._stop)
        panel.cohort_asked.connect(self.ask_cohort)
        panel.model_asked.connect(self.ask_model)
        panel.ink.stop_asked.connect(self._stop_ink)
        panel.ink.measure_asked.connect(self.show_masks)
        self.first.clicked.connect(self.ask_cohort)
        self.networks.chosen.connect(self._show_model)
        self.networks.measure_asked.connect(self.show_masks)
        self.networks.answers_asked.connect(self.show_answers)
        self.tabs.idClicked.connect(self._show_tab)
        self.masks.training_asked.connect(self.show_learning)
        self.masks.training_asked.connect(panel.choose_ink)
        self.masks.picture_asked.connect(self.picture_asked)
        self.masks.review_asked.connect(self.review_asked)
        manager.changed.connect(self._show_task)
        manager.reported.connect(self._take_event)
        manager.ended.connect(self._job_ended)

    @Slot(int)
    def _show_tab(self, number: int) -> None:
        self.tabs.button(number).setChecked(True)
        self.pages.setCurrentIndex(number)
        self.masks.bar.setVisible(number == _MEASURE)
        self.answers.bar.setVisible(number == _ANSWERS)

    @Slot(object)
    def _start(self, job: Job) -> None:
        self._manager.submit(job)

    @Slot()
    def _stop(self) -> None:
        if self._task is not None:
            self._manager.cancel(self._task)

    @Slot()
    def _stop_ink(self) -> None:
        if self._ink_task is not None:
            self._manager.cancel(self._ink_task)

    @Slot()
    def ask_model(self) -> None:
        """Ask for a classifier that was trained elsewhere."""
        dialog = ModelDialog(self._project, self.checking, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._start)
        dialog.open()

    @Slot()
    def ask_cohort(self) -> None:
        """Ask for the pictures of a new cohort."""
        self.show_learning()
        dialog = CohortDialog(
            self._project.classes, Trials(self._project), self.trying, is_split=self._is_split, parent=self
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._start)
        dialog.open()

    @Slot(object)
    def _show_task(self, task: Task) -> None:
        if isinstance(task.job, TrainClassifier | TrainSegmenter) and task.replaces(self._task):
            self._task = task
            self.panel.show_task(task)
        elif isinstance(task.job, Segment | RetrainSegmenter) and task.replaces(self._ink_task):
            self._ink_task = task
            self.panel.ink.show_task(task)
        if isinstance(task.job, TrainClassifier | TrainSegmenter | RetrainSegmenter):
            is_shown = task in {self._task, self._ink_task}
            if is_shown and task.state is TaskState.RUNNING:
                self._begin_curves(task.job)

    @Slot(object, object)
    def _take_event(self, task: Task, event: object) -> None:
        if not isinstance(event, MetricPoint):
            return
        self._begin_curves(task.job)
        self.curves.add(event)

    def _begin_curves(self, job: Job) -> None:
        # A job that is resumed goes on with the curve it began.
        if job != self._shown_job:
            self._is_shown = True
            self._shown_job = job
            self.title.setText(job.title)
            self.curves.clear()

    @Slot(object)
    def _job_ended(self, task: Task) -> None:
        if task.job.kind in _CHANGING_JOBS:
            self.refresh()
        if isinstance(task.job, RetrainSegmenter) and task.state is TaskState.DONE:
            self.show_masks(str(task.result["model"]))

    @Slot(object, object)
    def _take(self, key: object, result: object) -> None:
        if isinstance(result, Known):
            self._is_split = result.is_split
            self.networks.show_models(result.models)
            self.cohorts.show_cohorts(result.cohorts, self._project.classes)
            is_read_only = self._project.read_only
            self.panel.show_cohorts(result.cohorts, is_read_only=is_read_only)
            self.panel.ink.show_networks(result.segmenters, result.reviews, is_read_only=is_read_only)
            self.tables.setCurrentIndex(0 if result.cohorts or result.models else 1)
            if not self._is_shown:
                self._is_shown = self.networks.choose_newest()
        elif isinstance(result, list):
            self._shown_job = None
            self.title.setText(str(key))
            self.curves.show_points(result)

    @Slot(object)
    def _show_model(self, model: ModelRecord) -> None:
        self.reading.submit(model.name, partial(self._project.store.models.metrics, model.id))
