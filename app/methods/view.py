"""All saliency methods of one model side by side, what ink does to its answers, and whether maps are sane."""

from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.jobs.changes import Part, has_changed
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.methods.bar import MethodsBar
from app.methods.effect_panel import EffectPanel
from app.methods.sanity_panel import SanityPanel
from app.methods.stored import Compared, read_compared
from app.methods.table import MethodTable, SortedMethods
from app.theme import Theme
from app.widgets.controls import label
from app.widgets.empty_state import EmptyState
from app.widgets.latest import Latest
from app.widgets.record_table import table_view
from gsal.project import Project

__all__ = ["MethodsView"]

_OURS = {"counterfactual", "saliency", "sanity"}
_PARTS = (Part.EFFECTS, Part.SALIENCY, Part.SANITY, Part.ANSWERS, Part.CLASSIFIERS, Part.MASKS)
_SAID_LINES = 2


class MethodsView(QWidget):
    """Layout and wiring.

    Signals:
        saliency_asked(model, methods, mask_set): What they cost is to be told, and they are to be computed.
    """

    saliency_asked = Signal(str, object, str)

    def __init__(self, project: Project, manager: JobManager, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("methodsView")
        self._project, self._manager = project, manager
        self._task: Task | None = None
        self.compared: Compared | None = None
        self.reading = Latest("methods", parent=self)
        self.reading.done.connect(self._take)
        self.bar = MethodsBar(is_read_only=project.read_only)
        self.effects = EffectPanel(theme, is_read_only=project.read_only)
        self.sanity = SanityPanel(theme, is_read_only=project.read_only)
        self._make_table()
        self._lay_out()
        self._connect()
        theme.changed.connect(self._fit)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Masks are changed by reviews too, on other pages and at other desks.
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Compare again what the project has now; what is chosen stays."""
        model = self.bar.model.currentData() or ""
        self.reading.submit("compared", partial(read_compared, self._project, model, self.bar.chosen_masks))

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self.reading.shut_down()

    def _make_table(self) -> None:
        self.table = MethodTable(parent=self)
        self.sorted = SortedMethods(self)
        self.sorted.setSourceModel(self.table)
        self.view = table_view(
            self.sorted, name="methodTable", tip="Saliency methods compared; a column's title sorts by it"
        )
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setTabKeyNavigation(False)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.view.selectionModel().currentChanged.connect(self._explain)
        self.said = label(role="muted", name="methodSaid", wrap=True)

    def _lay_out(self) -> None:
        content = QWidget()
        below = QVBoxLayout(content)
        below.setContentsMargins(0, 0, 8, 0)
        below.setSpacing(12)
        for part in (self.view, self.said, self.effects, self.sanity):
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
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        self.bar.changed.connect(self.refresh)
        self.bar.effect_asked.connect(self._measure)
        self.bar.methods_asked.connect(self._compute)
        self.bar.sanity_asked.connect(self._check)
        self.bar.stop_asked.connect(self._stop)
        self.effects.measure_asked.connect(self._measure)
        self.sanity.check_asked.connect(self._check)
        self._manager.changed.connect(self._show_task)
        self._manager.ended.connect(self._job_ended)

    @Slot()
    def _fit(self) -> None:
        """Make the table as high as its rows are."""
        view = self.view
        rows = view.horizontalHeader().sizeHint().height() + view.verticalHeader().length()
        view.setFixedHeight(rows + view.horizontalScrollBar().sizeHint().height() + 2 * view.frameWidth())
        # Its place is kept, so that what is below does not jump from cell to cell.
        self.said.setMinimumHeight(_SAID_LINES * self.said.fontMetrics().lineSpacing())

    @Slot()
    def _measure(self) -> None:
        from gsal.jobs.audits.counterfactual import MeasureInkEffect

        if self.compared is not None:
            self._manager.submit(MeasureInkEffect((self.compared.model,), self.compared.mask_set))

    @Slot()
    def _compute(self) -> None:
        compared = self.compared
        if compared is not None and compared.methods is not None and compared.methods.missing:
            self.saliency_asked.emit(compared.model, compared.methods.missing, compared.mask_set)

    @Slot()
    def _check(self) -> None:
        from app.methods.sanity_dialog import SanityDialog
        from gsal.jobs.saliency.sanity import DEFAULT_METHODS

        if self.compared is not None and self.compared.model:
            model = self._project.store.models.get(self.compared.model)
            methods = self.compared.explained or DEFAULT_METHODS
            SanityDialog.ask(model, methods, self._manager.submit, parent=self)

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
        if has_changed(task, *_PARTS):
            self.refresh()

    @Slot(object, object)
    def _take(self, key: object, compared: Compared) -> None:
        del key
        self.compared = compared
        methods = compared.methods
        self.bar.show_models(compared.models, compared.model, compared.mask_set)
        self.bar.show_missing(() if methods is None else methods.missing)
        if methods is None:
            self.problem.say(compared.problem)
            self.stack.setCurrentIndex(2 if compared.problem else 3)
            return
        # Statistics are heavy for a window that only opens; they are in memory by now.
        from gsal.jobs.audits.method_words import COLUMNS, method_rows

        chosen = self._chosen_cell()
        self.table.show_rows(COLUMNS, method_rows(methods))
        self.said.setText(
            f"{compared.model}, judged on {methods.pictures:,} pictures. Choose a cell to have it explained."
        )
        self._choose_cell(*chosen)
        self.stack.setCurrentIndex(1)
        self._fit()
        self.effects.show_effects(compared.effects)
        self.sanity.show_checks([one.sanity for one in methods.entries if one.sanity is not None])

    def _chosen_cell(self) -> tuple[str, int]:
        """Return the method and the column of the cell that is chosen; "" for none."""
        index = self.view.currentIndex()
        return (index.siblingAtColumn(0).data(), index.column()) if index.isValid() else ("", 0)

    def _choose_cell(self, method: str, column: int) -> None:
        places = [self.sorted.index(row, 0) for row in range(self.sorted.rowCount())]
        at = next((place for place in places if place.data() == method), QModelIndex())
        self.view.setCurrentIndex(at.siblingAtColumn(column))

    @Slot(QModelIndex)
    def _explain(self, index: QModelIndex) -> None:
        """Say in words what the cell shows that is chosen."""
        if index.isValid():
            method, column = index.siblingAtColumn(0).data(), index.column()
            title = self.sorted.headerData(column, Qt.Orientation.Horizontal)
            self.said.setText(f"{method}, {title}: {index.data(Qt.ItemDataRole.ToolTipRole)}")
