"""The audit page: what to look at, and two panels that fill while saliency is computed."""

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.audit.collected import Collected
from app.audit.empty import AuditEmpty
from app.audit.figures import LIVE_DRAWS, ModelFigures, Request, compute
from app.audit.findings_view import FindingsView
from app.audit.global_saliency_plot import GlobalSaliencyPlot
from app.audit.method_choice import MethodChoice, why_not
from app.audit.panel import panel
from app.audit.reporting import Reporting
from app.audit.response_plot import ResponsePlot
from app.audit.saliency_dialog import SaliencyDialog
from app.audit.saliency_form import SaliencyForm
from app.audit.stored import StoredSaliency, read_saliency
from app.audit.summary import shortfall, summary
from app.audit.under_way import is_coming, is_live
from app.jobs.background import Background
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.theme import Theme
from app.widgets.coalescer import Coalescer
from app.widgets.controls import label, named, primary_button, push_button
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.jobs.saliency.runs import latest_mask_set
from gsal.progress import SaliencyBatch
from gsal.project import Project
from gsal.records import PAPER_METHODS, Aggregator, MaskSet, SaliencyMethod, Variant

__all__ = ["AuditPage"]

_AGGREGATORS = {Aggregator.MEAN: "Mean over the ink (m)", Aggregator.PEAK: "Peaks in the ink (n)"}
_CHANGING_JOBS = {"saliency", "audit", "train classifier", "import model", "demo"}
_DRAWS = 2000
_LINES = "dashed: accuracy of all (chance)    dotted: oracle"


class AuditPage(QWidget):
    """Layout and wiring of the audit."""

    def __init__(self, project: Project, manager: JobManager, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("auditPage")
        self._project, self._manager, self._theme = project, manager, theme
        self._collected = Collected()
        self._classes: dict[str, tuple[str, ...]] = {}
        self._stored: StoredSaliency | None = None
        self._is_computing = self._is_stale = False
        self.figures: list[ModelFigures] = []
        self.reading = Background("audit", parent=self)
        self.reading.done.connect(self._take)
        self.reading.failed.connect(self._end_computing)
        self._redraw = Coalescer(self)
        self._redraw.due.connect(self._compute)
        self._make_controls()
        self._lay_out()
        manager.reported.connect(self._take_event)
        manager.ended.connect(self._job_ended)
        manager.changed.connect(self._show_state)
        self.reporting.changed.connect(self._show_state)
        theme.changed.connect(self._draw)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read again what the project has."""
        self.reading.submit("stored", partial(read_saliency, self._project, self.mask_set.currentData()))

    def shut_down(self) -> None:
        """Wait for what is being computed."""
        self.reading.shut_down()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._redraw.request()

    def _make_controls(self) -> None:
        self.model = named(QComboBox(), "auditModel", "Model to show")
        self.model.addItem("All models", None)
        self.method = MethodChoice(len(self._project.classes))
        self.aggregator = named(QComboBox(), "auditAggregator", "How a map and a mask become one number")
        for aggregator, text in _AGGREGATORS.items():
            self.aggregator.addItem(text, aggregator)
        self.mask_set = named(QComboBox(), "auditMaskSet", "Which masks the figures rest on")
        for mask_set in MaskSet:
            self.mask_set.addItem(f"{mask_set.capitalize()} masks", mask_set)
        stored = latest_mask_set(self._project)
        self.mask_set.setCurrentIndex(max(0, self.mask_set.findData(stored)))
        for chooser in (self.model, self.method, self.aggregator):
            chooser.currentIndexChanged.connect(self._redraw.request)
        self.model.currentIndexChanged.connect(self._show_methods)
        self.mask_set.currentIndexChanged.connect(self._change_masks)
        self.start = primary_button("computeSaliency", "Compute saliency", "Explain all validation pictures")
        self.start.clicked.connect(self._start_saliency)
        self.choose = push_button("chooseSaliency", "More...", "Choose methods, masks, placebo and settings")
        self.choose.clicked.connect(self._choose_saliency)
        self.report = push_button("writeReport", "Audit and report", "Keep an audit and write the report")
        self.report.clicked.connect(self._start_report)
        for button in (self.start, self.choose, self.report):
            button.setEnabled(not self._project.read_only)
        self.global_saliency = GlobalSaliencyPlot(self._theme)
        self.response = ResponsePlot(self._theme)
        self.reporting = Reporting(self._manager)
        self.summary = label(role="muted", name="auditSummary", wrap=True)
        self.findings = FindingsView()

    def _lay_out(self) -> None:
        choosers = QHBoxLayout()
        choosers.setSpacing(8)
        choosers.addWidget(label("Audit", role="title"))
        choosers.addSpacing(8)
        for chooser in (self.model, self.method, self.aggregator, self.mask_set):
            chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choosers.addWidget(chooser, 1)
        for button in (self.report, self.choose, self.start):
            choosers.addWidget(button)
        panels = QSplitter()
        panels.setChildrenCollapsible(False)
        panels.setHandleWidth(12)
        panels.addWidget(panel("Global saliency by class, 95 % intervals", self.global_saliency))
        panels.addWidget(panel("Accuracy against permitted ink saliency", self.response, _LINES))
        figures = QWidget()
        column = QVBoxLayout(figures)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panels, 1)
        column.addWidget(self.summary)
        column.addWidget(self.findings)
        column.addWidget(self.reporting)
        self.stack = QStackedWidget()
        self.stack.addWidget(figures)
        self.empty = AuditEmpty()
        self.empty.compute_asked.connect(self._start_saliency)
        self.stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        layout.addLayout(choosers)
        layout.addWidget(self.stack, 1)

    @Slot()
    def _start_saliency(self) -> None:
        chosen = self.model.currentData()
        models, mask_set = (chosen,) if chosen else (), str(self.mask_set.currentData())
        self._manager.submit(ComputeSaliency(models, self.method.to_compute, (mask_set,)))

    @Slot()
    def _choose_saliency(self) -> None:
        self.ask_saliency(self.model.currentData(), PAPER_METHODS, self.mask_set.currentData())

    def ask_saliency(self, model: str | None, methods: Collection[SaliencyMethod], mask_set: str) -> None:
        """Ask what to compute, and tell what it costs.

        Args:
            model: Name of the network; None for all.
            methods: That are chosen at first.
            mask_set: Likewise.
        """
        refused = self._stored.refused if self._stored else {}
        asked = [classes for name, classes in self._classes.items() if model in {None, name}]
        form = SaliencyForm(
            (model,) if model else (),
            classes=max(map(len, asked), default=len(self._project.classes)),
            mask_set=MaskSet(mask_set),
            refused=why_not(refused, model),
            methods=methods,
        )
        SaliencyDialog.ask(form, self._manager.submit, parent=self)

    @Slot()
    def _show_methods(self) -> None:
        if self._stored is not None:
            self.method.show_refused(why_not(self._stored.refused, self.model.currentData()))

    @Slot()
    def _start_report(self) -> None:
        self.reporting.begin(str(self.mask_set.currentData()))

    @Slot()
    def _change_masks(self) -> None:
        self._collected.clear()
        self.refresh()

    @Slot(object, object)
    def _take_event(self, task: Task, event: object) -> None:
        del task
        if not isinstance(event, SaliencyBatch) or event.mask_set != self.mask_set.currentData():
            return
        if event.variant != Variant.ORIGINAL or event.settings:
            return  # other runs, which are not to be mixed with what is shown
        if event.model not in self._classes:
            self._classes[event.model] = self._project.store.models.get(event.model).classes
            self._fill_models()
        self._collected.add(event)
        self._redraw.request()

    @Slot(object)
    def _job_ended(self, task: Task) -> None:
        if task.job.kind in _CHANGING_JOBS:
            self.refresh()

    @Slot()
    def _compute(self) -> None:
        if self._is_computing:
            self._is_stale = True
            return
        method = str(self.method.currentData())
        chosen = self.model.currentData()
        models = [m for m in self._collected.models(method) if chosen in {None, m}]
        request = Request(
            batches={m: self._collected.batches(m, method) for m in models},
            classes=dict(self._classes),
            aggregator=Aggregator(self.aggregator.currentData()),
            mask_set=str(self.mask_set.currentData()),
            draws=LIVE_DRAWS if is_live(self._manager) else _DRAWS,
        )
        self._is_computing = True
        self.reading.submit("figures", partial(compute, request))

    @Slot(object, object)
    def _take(self, what: str, result: object) -> None:
        del what
        if isinstance(result, StoredSaliency):
            self._take_stored(result)
        elif isinstance(result, list):
            self._is_computing = False
            self.figures = result
            self._draw()
            if self._is_stale:
                self._is_stale = False
                self._redraw.request()

    def _take_stored(self, stored: StoredSaliency) -> None:
        self._stored, self._classes = stored, dict(stored.classes)
        if not is_live(self._manager):
            self._collected.clear()
        for batch in stored.batches:
            self._collected.add(batch)
        self._fill_models()
        self._show_state()
        self._redraw.request()

    @Slot(object, object)
    def _end_computing(self, what: str, error: BaseException) -> None:
        del error
        if what == "figures":
            self._is_computing = False

    @Slot()
    def _draw(self) -> None:
        # In the order they were made, so that a model keeps its colour.
        models = list(self._classes)
        aggregator = Aggregator(self.aggregator.currentData())
        self.global_saliency.show_figures(self.figures, models=models, aggregator=aggregator)
        self.response.show_figures(self.figures, models=models)
        expected = self._stored.expected if self._stored else {}
        self.summary.setText("\n".join(summary(f, expected.get(f.model, 0)) for f in self.figures))
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        """Show figures or what is missing, the findings, and whether a report can be written."""
        stored = self._stored
        if stored is None:
            return
        reason = self._no_report(stored)
        self.report.setEnabled(not reason)
        self.report.setToolTip(reason or "Keep an audit and write the report")
        self.findings.show_findings(stored.findings, self.model.currentData())
        self.stack.setCurrentIndex(0 if self.figures else 1)
        if not self._classes:
            self.empty.show_untrained()
        elif is_coming(self._manager, self.mask_set.currentData()):
            self.empty.show_computing()
        else:
            choice = f"{self.model.currentText()}: no {self.method.currentText()}"
            mask_set, can = str(self.mask_set.currentData()), self.start.isEnabled()
            self.empty.show_missing(choice, mask_set, stored.other_sets, can_compute=can)

    def _no_report(self, stored: StoredSaliency) -> str:
        """Return why no report can be written now; "" if it can."""
        if self._project.read_only:
            return "The project is open for reading only."
        if self.reporting.is_busy:
            return "An audit and its report are on their way."
        missing = shortfall(self._collected, stored.begun, stored.expected)
        if is_coming(self._manager, self.mask_set.currentData()):
            return f"Saliency is still being computed. {missing}".strip()
        if not stored.begun:
            return "Compute saliency over these masks first."
        return f"{missing}. Compute saliency first; it goes on where it stopped." if missing else ""

    def _fill_models(self) -> None:
        chosen = self.model.currentData()
        with QSignalBlocker(self.model):
            self.model.clear()
            self.model.addItem("All models", None)
            for name in self._classes:
                self.model.addItem(name, name)
            self.model.setCurrentIndex(max(0, self.model.findData(chosen)))
        for button in (self.start, self.choose):
            button.setEnabled(bool(self._classes) and not self._project.read_only)
        self._show_methods()
