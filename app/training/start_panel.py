"""What to train: network, cohort or masks, recipe; and the button that starts it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.jobs.task import Task, TaskState, progress_text
from app.training.classifier_form import ClassifierForm
from app.training.ink_form import InkForm
from app.training.ink_panel import InkPanel
from app.widgets.controls import centre_titles, choice, label, named, primary_button, push_button, spin_box
from gsal.jobs.job import Job
from gsal.records import CohortRecord

__all__ = ["StartPanel"]

_READ_ONLY = "Open for reading only"
_LEAST_PX = 316
_CHANGING = {QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.LayoutRequest}
"""When the text may have become larger or smaller."""
_RECIPES = {"short": "Short", "demo": "Demo (for synthetic pictures)", "paper": "Paper (for a GPU)"}
_CLASSIFIER, _SEGMENTER = "classifier", "segmenter"


class StartPanel(QScrollArea):
    """A form, and below it what trained ink networks can do.

    Signals:
        asked(job)
        stop_asked()
        cohort_asked()
        model_asked()

    Attributes:
        ink: What trained ink networks can do.
    """

    asked = Signal(object)
    stop_asked = Signal()
    cohort_asked = Signal()
    model_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("startPanel")
        self.setFixedWidth(_LEAST_PX)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._is_read_only = False
        kinds = {_CLASSIFIER: "Classifier", _SEGMENTER: "Ink network"}
        self.kind = choice("networkKind", "What the network answers", kinds)
        self.name = named(QLineEdit(), "networkName", "Name of the network")
        self.recipe = choice("trainingRecipe", "Epochs, batches and learning rate", _RECIPES)
        self.seed = spin_box("trainingSeed", "Seed of the first network", least=0, most=2**31 - 1)
        self.start = primary_button("startTraining", "Start training", "Start training this network")
        self.stop = push_button("stopTraining", "Stop", "Stop; what is learned so far is kept")
        self.text = label(role="muted", name="trainingText", wrap=True)
        self.ink = InkPanel()
        self._lay_out()
        self.start.clicked.connect(self._ask)
        self.stop.clicked.connect(self.stop_asked)
        self.ink.asked.connect(self.asked)
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self._kind_changed()
        self.show_task(None)

    def show_cohorts(self, cohorts: Sequence[CohortRecord], *, is_read_only: bool) -> None:
        """Offer these cohorts."""
        self.classifier.show_cohorts(cohorts)
        self._is_read_only = is_read_only
        self.create_cohort.setEnabled(not is_read_only)
        self.import_model.setEnabled(not is_read_only)
        if is_read_only:
            self.text.setText(_READ_ONLY)
        self._kind_changed()

    @Slot()
    def choose_ink(self) -> None:
        """Show what an ink network is trained with."""
        self.kind.setCurrentIndex(self.kind.findData(_SEGMENTER))
        self.start.setFocus()

    @Slot(object)
    def show_task(self, task: Task | None) -> None:
        """Show how far the training is."""
        is_running = task is not None and not task.state.is_over
        is_stoppable = task is not None and is_running and task.state is not TaskState.STOPPING
        if not is_stoppable and self.window().focusWidget() is self.stop:
            # Qt would hand the focus to the next button, and Space would then mask all pictures.
            self.start.setFocus()
        self.stop.setVisible(is_running)
        if task is None:
            self.text.setText("")
        elif task.state is TaskState.RUNNING and task.progress is not None:
            self.text.setText(progress_text(task.progress))
        else:
            self.text.setText(f"{task.job.title}: {task.state}. {task.message}".strip())
        self.stop.setEnabled(is_stoppable)

    def _lay_out(self) -> None:
        self.create_cohort = push_button("createCohort", "Create a cohort...", "Choose training pictures")
        self.create_cohort.clicked.connect(self.cohort_asked)
        self.import_model = push_button(
            "importModel", "Import a model...", "Bring in a classifier that was trained elsewhere"
        )
        self.import_model.clicked.connect(self.model_asked)
        self.form = QFormLayout()
        self.form.setVerticalSpacing(8)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for title, widget in (("Network", self.kind), ("Name", self.name), ("Recipe", self.recipe)):
            self.form.addRow(title, widget)
        self.classifier = ClassifierForm(self.form)
        self.segmenter = InkForm(self.form, self.recipe)
        self.form.addRow("First seed", self.seed)
        centre_titles(self.form)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 16, 0)
        layout.setSpacing(8)
        layout.addLayout(self.form)
        layout.addWidget(self.start)
        layout.addWidget(self.stop)
        layout.addWidget(self.text)
        layout.addStretch()
        layout.addWidget(self.ink)
        layout.addWidget(self.create_cohort)
        layout.addWidget(self.import_model)
        self.setWidget(content)

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in _CHANGING and (content := self.widget()) is not None:
            needed = content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
            self.setFixedWidth(max(_LEAST_PX, needed))
        return done

    @Slot()
    def _kind_changed(self) -> None:
        is_classifier = self.kind.currentData() == _CLASSIFIER
        self.classifier.set_visible(is_classifier)
        self.segmenter.set_visible(not is_classifier)
        self.create_cohort.setVisible(is_classifier)
        self.import_model.setVisible(is_classifier)
        self.name.setPlaceholderText("after the cohort" if is_classifier else "after the architecture")
        has_cohort = self.classifier.has_cohort
        self.start.setEnabled(not self._is_read_only and (has_cohort or not is_classifier))
        tip = "Create a cohort first" if is_classifier and not has_cohort else "Start training this network"
        self.start.setToolTip(_READ_ONLY if self._is_read_only else tip)

    @Slot()
    def _ask(self) -> None:
        self.asked.emit(self._job())

    def _job(self) -> Job:
        name, recipe, seed = self.name.text().strip(), str(self.recipe.currentData()), self.seed.value()
        if self.kind.currentData() == _SEGMENTER:
            return self.segmenter.job(name=name, recipe=recipe, seed=seed)
        return self.classifier.job(name=name, recipe=recipe, seed=seed)
