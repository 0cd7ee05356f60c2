"""All saliency methods of one model side by side, what ink does to its answers, and whether maps are sane."""

from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.methods.bar import MethodsBar
from app.methods.effect_plot import ChangePlot, EffectPlot, FlipPlot
from app.methods.stored import Compared, read_compared
from app.methods.table import MethodTable, SortedMethods
from app.theme import Theme
from app.widgets.columns import column
from app.widgets.controls import label, primary_button
from app.widgets.empty_state import EmptyState
from app.widgets.latest import Latest
from app.widgets.record_table import table_view
from gsal.jobs.job import Job
from gsal.project import Project

__all__ = ["MethodsView"]

_OURS = {"counterfactual", "saliency", "sanity"}
_CHANGING_JOBS = _OURS | {"predict", "train classifier", "import model", "import masks", "demo"}
_PLOT_PX = 240
_HALVES_EM = 80
_SAID_LINES = 2
_UNMEASURED = (
    "The pictures are shown to the network without their ink, and others with it. How much its answers "
    "change is what a faithful map has to tell."
)


class MethodsView(QWidget):
    """Layout and wiring."""

    def __init__(self, project: Project, manager: JobManager, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("methodsView")
        self._project, self._manager, self._theme = project, manager, theme
        self._task: Task | None = None
        self.compared: Compared | None = None
        self.reading = Latest("methods", parent=self)
        self.reading.done.connect(self._take)
        self.bar = MethodsBar(is_read_only=project.read_only)
        self._make_table()
        self._make_plots()
        self._lay_out()
        self.bar.changed.connect(self.refresh)
        self.bar.effect_asked.connect(self.measure)
        self.bar.methods_asked.connect(self._compute)
        self.bar.stop_asked.connect(self._stop)
        manager.changed.connect(self._show_task)
        manager.ended.connect(self._job_ended)
        theme.changed.connect(self._draw)
        theme.changed.connect(self._fit)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Compare again what the project has now."""
        model, mask_set = self.bar.model.currentData() or "", self.bar.mask_set.currentData() or ""
        if self.compared is None:
            mask_set = ""
        self.reading.submit("compared", partial(read_compared, self._project, model, mask_set))

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self.reading.shut_down()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _make_table(self) -> None:
        self.table = MethodTable(parent=self)
        self.sorted = SortedMethods(self)
        self.sorted.setSourceModel(self.table)
        self.view = table_view(
            self.sorted, name="methodTable", tip="Saliency methods compared; a column's title sorts by it"
        )
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.view.selectionModel().currentChanged.connect(self._explain)
        self.said = label(role="muted", name="methodSaid", wrap=True)

    def _make_plots(self) -> None:
        self.flips, self.changes = FlipPlot(self._theme), ChangePlot(self._theme)
        self.effect_words = label(role="muted", name="effectWords", wrap=True)
        measure = primary_button("measureFirst", "Measure ink effect", "Predict without and with ink")
        measure.setEnabled(not self._project.read_only)
        measure.clicked.connect(self.measure)
        self.unmeasured = EmptyState("What does the ink do?", _UNMEASURED, measure)

    def _lay_out(self) -> None:
        self.halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.halves.setSpacing(16)
        self.halves.addWidget(column(label("Other answers than before", role="section"), self.flips))
        self.halves.addWidget(column(label("Change of confidence", role="section"), self.changes))
        measured = QWidget()
        effects = QVBoxLayout(measured)
        effects.setContentsMargins(0, 0, 0, 0)
        effects.addLayout(self.halves)
        effects.addWidget(self.effect_words)
        self.effects = QStackedWidget()
        self.effects.addWidget(measured)
        self.effects.addWidget(self.unmeasured)
        content = QWidget()
        below = QVBoxLayout(content)
        below.setContentsMargins(0, 0, 8, 0)
        below.setSpacing(12)
        for part in (self.view, self.said, self.effects):
            below.addWidget(part)
        below.addStretch()
        self.area = QScrollArea()
        self.area.setObjectName("methodsArea")
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(content)
        self.problem = EmptyState("Nothing to compare by yet", "")
        nothing = EmptyState("No classifier yet", "Train one, or import one that was trained elsewhere.")
        self.stack = QStackedWidget()
        # Nothing is said before it is known.
        for page in (QWidget(), self.area, self.problem, nothing):
            self.stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(self.bar)
        layout.addWidget(self.stack, 1)

    @Slot()
    def _fit(self) -> None:
        """Make the table as high as its rows are, and lay plots one below the other where text is large."""
        view = self.view
        rows = view.horizontalHeader().sizeHint().height() + view.verticalHeader().length()
        view.setFixedHeight(rows + view.horizontalScrollBar().sizeHint().height() + 2 * view.frameWidth())
        # Its place is kept, so that what is below does not jump from cell to cell.
        self.said.setMinimumHeight(_SAID_LINES * self.said.fontMetrics().lineSpacing())
        for plot in (self.flips, self.changes):
            plot.setFixedHeight(round(_PLOT_PX * self._theme.font_scale))
        directions = QBoxLayout.Direction
        is_narrow = self.width() < _HALVES_EM * self.fontInfo().pixelSize()
        self.halves.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)

    @Slot()
    def measure(self) -> None:
        """Predict the pictures without their ink and with another's."""
        from gsal.jobs.audits.counterfactual import MeasureInkEffect

        if self.compared is not None:
            self._start(MeasureInkEffect((self.compared.model,), self.compared.mask_set))

    @Slot()
    def _compute(self) -> None:
        from gsal.jobs.saliency.compute import ComputeSaliency

        compared = self.compared
        if compared is not None and compared.methods is not None and compared.methods.missing:
            missing = compared.methods.missing
            self._start(ComputeSaliency((compared.model,), missing, (compared.mask_set,)))

    def _start(self, job: Job) -> None:
        self._manager.submit(job)

    @Slot()
    def _stop(self) -> None:
        if self._task is not None:
            self._manager.cancel(self._task)

    @Slot(object)
    def _show_task(self, task: Task) -> None:
        if task.job.kind in _OURS and task.replaces(self._task):
            self._task = task
            self.bar.show_task(task)

    @Slot(object)
    def _job_ended(self, task: Task) -> None:
        if task.job.kind in _CHANGING_JOBS:
            self.refresh()

    @Slot(object, object)
    def _take(self, key: object, compared: Compared) -> None:
        del key
        self.compared = compared
        self.bar.show_models(compared.models, compared.model, compared.mask_set)
        if compared.methods is None:
            self.problem.say(compared.problem)
            self.stack.setCurrentIndex(2 if compared.problem else 3)
            return
        from gsal.jobs.audits.method_words import COLUMNS, method_rows

        self.table.show_rows(COLUMNS, method_rows(compared.methods))
        self.said.setText(f"{compared.model}, {compared.methods.pictures:,} validation pictures.")
        self.stack.setCurrentIndex(1)
        self._fit()
        self._draw()

    @Slot(QModelIndex)
    def _explain(self, index: QModelIndex) -> None:
        """Say in words what the cell shows that is chosen."""
        if index.isValid():
            method, title = index.siblingAtColumn(0).data(), self._title(index.column())
            self.said.setText(f"{method}, {title}: {index.data(Qt.ItemDataRole.ToolTipRole)}")

    def _title(self, column_number: int) -> str:
        return str(self.sorted.headerData(column_number, Qt.Orientation.Horizontal))

    @Slot()
    def _draw(self) -> None:
        compared = self.compared
        if compared is None or compared.methods is None:
            return
        from gsal.jobs.audits.effect_words import effect_words, waiting_words

        self.effects.setCurrentIndex(0 if compared.effects else 1)
        plots: tuple[EffectPlot, ...] = (self.flips, self.changes)
        for plot in plots:
            plot.show_effects(compared.effects)
        said = [effect_words(one.figures) for one in compared.effects] + waiting_words(compared.effects)
        self.effect_words.setText("\n".join(said))
