"""The training page: start on the left, live curves on the right, networks and cohorts below."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.jobs.background import Background
from app.jobs.manager import JobManager
from app.jobs.task import Task, TaskState
from app.theme import Theme
from app.training.cohort_dialog import CohortDialog
from app.training.cohort_table import CohortTable
from app.training.curves import Curves
from app.training.start_panel import StartPanel
from app.widgets.controls import label, primary_button
from app.widgets.empty_state import EmptyState
from app.widgets.record_table import TextTable, table_view
from gsal.jobs.job import Job
from gsal.jobs.train_classifier import TrainClassifier
from gsal.jobs.train_segmenter import TrainSegmenter
from gsal.progress import MetricPoint
from gsal.project import Project
from gsal.records import CohortRecord, ModelKind, ModelRecord, ModelStatus

__all__ = ["TrainingPage"]

_CHANGING_JOBS = {"cohort create", "train classifier", "train segmenter", "import model", "demo"}
_MODEL_COLUMNS = ("Network", "Answers", "Architecture", "Cohort", "Seed", "Status")


@dataclass(frozen=True, slots=True)
class _Known:
    cohorts: list[CohortRecord]
    models: list[ModelRecord]
    is_split: bool


class TrainingPage(QWidget):
    """Layout and wiring of training."""

    def __init__(self, project: Project, manager: JobManager, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("trainingPage")
        self._project, self._manager = project, manager
        self._models: list[ModelRecord] = []
        self._is_split = False
        self._is_shown = False
        self._task: Task | None = None
        self._shown_job: Job | None = None
        self.reading = Background("training", parent=self)
        self.reading.done.connect(self._take)
        self.panel = StartPanel()
        self.curves = Curves(theme)
        self.models = TextTable(_MODEL_COLUMNS, left_columns=len(_MODEL_COLUMNS), parent=self)
        self.cohorts = CohortTable(parent=self)
        self._lay_out()
        self.panel.asked.connect(self._start)
        self.panel.stop_asked.connect(self._stop)
        self.panel.cohort_asked.connect(self._ask_cohort)
        self.model_view.clicked.connect(self._show_model)
        manager.changed.connect(self._show_task)
        manager.reported.connect(self._take_event)
        manager.ended.connect(self._job_ended)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read cohorts and networks again."""
        store = self._project.store
        self.reading.submit(
            "known",
            lambda: _Known(
                store.cohorts.all(),
                store.models.all(),
                any(image.side is not None for image in store.images.all()),
            ),
        )

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self.reading.shut_down()

    def _lay_out(self) -> None:
        self.title = label("Loss and accuracy", role="section", name="curvesTitle")
        self.model_view = table_view(self.models, name="modelTable", tip="Networks of the project")
        self.model_view.setToolTip("Click a network to see its curves")
        cohort_view = table_view(self.cohorts, name="cohortTable", tip="Ink by class in each cohort")
        top = _column(self.title, self.curves)
        tables = QSplitter(Qt.Orientation.Vertical)
        tables.setChildrenCollapsible(False)
        tables.addWidget(_column(label("Networks", role="section"), self.model_view))
        tables.addWidget(
            _column(label("Cohorts: P(ink | class), and pictures of the class", role="section"), cohort_view)
        )
        right = QSplitter(Qt.Orientation.Vertical)
        right.setChildrenCollapsible(False)
        right.addWidget(top)
        self.first = primary_button("firstCohort", "Create a cohort...", "Choose training pictures")
        self.first.clicked.connect(self._ask_cohort)
        self.first.setEnabled(not self._project.read_only)
        self.tables = QStackedWidget()
        self.tables.addWidget(tables)
        sentence = "A cohort is the choice of pictures that a network is trained on."
        self.tables.addWidget(EmptyState("Create a cohort first", sentence, self.first))
        right.addWidget(self.tables)
        right.setStretchFactor(0, 1)
        right.setStretchFactor(1, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(0)
        layout.addWidget(self.panel)
        layout.addWidget(right, 1)

    @Slot(object)
    def _start(self, job: Job) -> None:
        self._manager.submit(job)

    @Slot()
    def _stop(self) -> None:
        if self._task is not None:
            self._manager.cancel(self._task)

    @Slot()
    def _ask_cohort(self) -> None:
        dialog = CohortDialog(self._project.classes, is_split=self._is_split, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._start)
        dialog.open()

    @Slot(object)
    def _show_task(self, task: Task) -> None:
        if not isinstance(task.job, TrainClassifier | TrainSegmenter):
            return
        if self._task is None or self._task.state.is_over or task is self._task:
            if task.state is TaskState.RUNNING:
                self._begin_curves(task.job)
            self._task = task
            self.panel.show_task(task)

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

    @Slot(object, object)
    def _take(self, key: object, result: object) -> None:
        if isinstance(result, _Known):
            self._models, self._is_split = result.models, result.is_split
            self.models.show_rows([_model_row(model) for model in result.models])
            self.cohorts.show_cohorts(result.cohorts, self._project.classes)
            ready = any(
                m.kind is ModelKind.SEGMENTER and m.status is ModelStatus.READY for m in result.models
            )
            self.panel.show_cohorts(result.cohorts, is_read_only=self._project.read_only, has_segmenter=ready)
            self.tables.setCurrentIndex(0 if result.cohorts or result.models else 1)
            self._show_newest()
        elif isinstance(result, list):
            self._shown_job = None
            self.title.setText(str(key))
            self.curves.show_points(result)

    def _show_newest(self) -> None:
        ready = [row for row, model in enumerate(self._models) if model.status is ModelStatus.READY]
        if ready and not self._is_shown:
            self._is_shown = True
            row = max(ready, key=lambda r: self._models[r].id)
            self.model_view.selectRow(row)
            self._show_model(self.models.index(row, 0))

    @Slot(QModelIndex)
    def _show_model(self, index: QModelIndex) -> None:
        model = self._models[index.row()]
        self.reading.submit(model.name, partial(self._project.store.models.metrics, model.id))


def _model_row(model: ModelRecord) -> tuple[str, ...]:
    seed = "–" if model.seed is None else str(model.seed)
    return model.name, str(model.kind), model.architecture, model.cohort or "–", seed, str(model.status)


def _column(*widgets: QWidget) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 8)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    layout.setStretch(len(widgets) - 1, 1)
    return made
