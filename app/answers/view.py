"""How good a classifier's answers are, with and without ink: tables at the left, confusions at the right."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.answers.bar import AnswersBar
from app.answers.confusion import ConfusionTable
from app.answers.reliability import ReliabilityPlot
from app.answers.stored import Answered, read_answered
from app.answers.tables import TitledTable
from app.answers.variants_dialog import VariantsDialog
from app.jobs.background import Background
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.theme import Theme
from app.widgets.controls import label, primary_button
from app.widgets.empty_state import EmptyState
from app.widgets.record_table import TextTable
from gsal.jobs.job import Job
from gsal.jobs.predictions.predict import Predict
from gsal.project import Project

__all__ = ["AnswersView"]

_PLOT_PX = 280
_CHANGING_JOBS = {"predict", "train classifier", "import model", "demo"}
_ASK = (
    "It is asked about every picture that it did not learn from: as it is, without its ink, and without all "
    "but its ink."
)


class AnswersView(QWidget):
    """Layout and wiring.

    Attributes:
        bar: What to look at; it is placed by whoever places the view.
    """

    def __init__(self, project: Project, manager: JobManager, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("answersView")
        self._project, self._manager, self._theme = project, manager, theme
        self._task: Task | None = None
        self._wanted = ""
        self.reading = Background("answers", parent=self)
        self.reading.done.connect(self._take)
        self.bar = AnswersBar(is_read_only=project.read_only)
        self._make_tables()
        self._lay_out()
        self.bar.asked.connect(self._start)
        self.bar.stop_asked.connect(self._stop)
        self.bar.chosen.connect(self._show)
        self.bar.preview_asked.connect(self.ask_preview)
        manager.changed.connect(self._show_task)
        manager.ended.connect(self._job_ended)
        theme.changed.connect(self._fit)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read again what the project has."""
        self.reading.submit("answered", partial(read_answered, self._project))

    def show_network(self, name: str) -> None:
        """Show a classifier, as soon as it is known."""
        self._wanted = "" if self.bar.choose(name) else name

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self.reading.shut_down()

    @Slot()
    def ask_preview(self) -> None:
        """Show what a network sees of a picture in each variant."""
        dialog = VariantsDialog(self._project, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _make_tables(self) -> None:
        self.performance = TitledTable(
            "Right answers, with 95 % intervals",
            name="performanceTable",
            tip="AUROC and accuracy on all, inked and uninked pictures; intervals by resampling patients",
            table=TextTable(()),
        )
        self.changes = TitledTable(
            "Without the ink, and without all else",
            name="changesTable",
            tip="Share of answers that stay, and of those not so before that turn to a class",
            table=TextTable(()),
        )
        self.recall = TitledTable(
            "Found of each class",
            name="recallTable",
            tip="Share of a class's pictures that are given this class, with Wilson's interval",
            table=TextTable(()),
        )
        self._counts = ConfusionTable(self._theme)
        self.confusion = TitledTable(
            "True class by the class named",
            name="confusionTable",
            tip="Pictures that watched the training, by true class and by the class that the network named",
            table=self._counts,
        )
        self.reliability = ReliabilityPlot(self._theme)
        self.reliability.setFixedHeight(_PLOT_PX)
        self.calibration = label(role="section", name="calibrationTitle")
        self.about = label(role="muted", name="answersAbout", wrap=True)
        self.said = label(name="answersSaid", wrap=True)
        self.card = QWidget()
        self.no_card = label(
            "Confusions and calibration are in the run cards of networks trained here.",
            role="muted",
            name="noConfusions",
            wrap=True,
        )

    def _lay_out(self) -> None:
        left = _column(self.about, self.performance, self.changes, self.recall, self.said)
        card = QVBoxLayout(self.card)
        card.setContentsMargins(0, 0, 0, 0)
        card.setSpacing(8)
        for widget in (self.confusion, self.calibration, self.reliability):
            card.addWidget(widget)
        self.figures = QStackedWidget()
        self.figures.addWidget(left)
        ask = primary_button("predictFirst", "Predict", "Ask this classifier with and without ink")
        ask.setEnabled(not self._project.read_only)
        ask.clicked.connect(self.bar.ask)
        self.unasked = EmptyState("Not asked yet", _ASK, ask)
        self.figures.addWidget(self.unasked)
        self.trained = _column(self.card, self.no_card)
        content = QWidget()
        self.halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, content)
        self.halves.setContentsMargins(0, 0, 8, 0)
        self.halves.setSpacing(24)
        self.halves.addWidget(self.figures, 3)
        self.halves.addWidget(self.trained, 2)
        self.area = QScrollArea()
        self.area.setObjectName("answersArea")
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(content)
        nothing = EmptyState("No classifier yet", "Train one, or import one that was trained elsewhere.")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.area)
        self.stack.addWidget(nothing)
        # Nothing is said before it is known.
        self.stack.addWidget(QWidget())
        self.stack.setCurrentIndex(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    @Slot(object)
    def _start(self, job: Job) -> None:
        self._manager.submit(job)

    @Slot()
    def _stop(self) -> None:
        if self._task is not None:
            self._manager.cancel(self._task)

    @Slot(object)
    def _show_task(self, task: Task) -> None:
        if isinstance(task.job, Predict) and task.replaces(self._task):
            self._task = task
            self.bar.show_task(task)

    @Slot(object)
    def _job_ended(self, task: Task) -> None:
        if task.job.kind in _CHANGING_JOBS:
            self.refresh()

    @Slot(object, object)
    def _take(self, key: object, known: Sequence[Answered]) -> None:
        del key
        self.bar.show_known(known)
        if self._wanted:
            self.show_network(self._wanted)
        self._show()

    @Slot()
    def _show(self) -> None:
        """Show what is known of the chosen classifier, or what is missing."""
        answered = self.bar.current
        self.stack.setCurrentIndex(1 if answered is None else 0)
        if answered is None:
            return
        self._show_figures(answered)
        self._show_card(answered)
        self._turn()

    def _show_card(self, answered: Answered) -> None:
        validation = answered.validation
        self.card.setVisible(bool(validation))
        self.no_card.setVisible(not validation)
        if validation:
            self._counts.show_counts(answered.classes, validation["confusion"])
            self.confusion.fit()
            self.reliability.show_bins(validation["reliability"])
            error = validation["calibration_error"]
            self.calibration.setText(f"Calibration error {error:.3f}, {validation['n']:,} pictures")

    def _show_figures(self, answered: Answered) -> None:
        # Heavy for a window that only opens; whoever has figures has it in memory already.
        from gsal.jobs.predictions.words import (
            chance_words,
            class_rows,
            few_words,
            left_out_words,
            performance_rows,
            variant_rows,
        )

        figures = answered.figures
        self.figures.setCurrentIndex(1 if figures is None else 0)
        if figures is None:
            return
        self.performance.show_rows(*performance_rows(figures))
        self.recall.show_rows(*class_rows(figures))
        self.changes.show_rows(*variant_rows(figures))
        self.changes.setVisible(bool(figures.changes))
        said = [chance_words(figures), few_words(figures), *left_out_words(answered.left_out)]
        self.said.setText("\n".join(sentence for sentence in said if sentence))
        day, _, time = answered.finished.partition("T")
        self.about.setText(f"By the {answered.mask_set} masks; predicted {day} {time[:5]} UTC")

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    @Slot()
    def _fit(self) -> None:
        for table in (self.performance, self.recall, self.changes, self.confusion):
            table.fit()
        self._turn()

    def _turn(self) -> None:
        """Lay both halves one below the other where large text or a narrow window leaves no room beside."""
        wide = self.figures.minimumSizeHint().width() + self.trained.minimumSizeHint().width()
        wide += self.halves.spacing()
        # Not the width of the area within, which follows only later.
        room = self.width() - self.halves.contentsMargins().right()
        is_narrow = wide > room - self.area.verticalScrollBar().sizeHint().width()
        directions = QBoxLayout.Direction
        self.halves.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)


def _column(*widgets: QWidget) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 8)
    layout.setSpacing(12)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch()
    return made
