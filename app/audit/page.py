"""The audit page: what to look at, and linked figures that fill while saliency is computed."""

from collections.abc import Collection

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.audit.choosers import AuditChoosers
from app.audit.empty import AuditEmpty
from app.audit.figures_view import FiguresView
from app.audit.findings_view import FindingsView
from app.audit.method_choice import why_not
from app.audit.reporting import Reporting
from app.audit.saliency_dialog import SaliencyDialog
from app.audit.saliency_form import SaliencyForm
from app.audit.selection import Selection
from app.audit.source import AuditSource
from app.audit.summary import summaries
from app.audit.under_way import is_coming
from app.jobs.manager import JobManager
from app.theme import Theme
from app.widgets.controls import label, primary_button, push_button
from gsal.audit import AuditResult
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.jobs.saliency.runs import latest_mask_set
from gsal.project import Project
from gsal.records import PAPER_METHODS, MaskSet, SaliencyMethod, Variant

__all__ = ["AuditPage"]

_UNKNOWN = 2
"""The page while the project is being read, or the first figures computed."""


class AuditPage(QWidget):
    """Layout and wiring of the audit."""

    def __init__(self, project: Project, manager: JobManager, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("auditPage")
        self._project, self._manager, self._theme = project, manager, theme
        stored = MaskSet(latest_mask_set(project) or MaskSet.BEST)
        self.choosers = AuditChoosers(len(project.classes), stored)
        self.source = AuditSource(project, manager, self.choosers.choice, self)
        self.selection = Selection(self)
        self._make_controls()
        self._lay_out()
        self._connect()
        self.source.refresh()

    def shut_down(self) -> None:
        """Wait for what is being computed."""
        self.source.reading.shut_down()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.source.watch(True)
        # Masks that were painted since end no job; the first reading is under way by itself.
        if self.source.stored is not None:
            self.source.refresh()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.source.watch(False)

    def _make_controls(self) -> None:
        self.start = primary_button(
            "computeSaliency", "Compute saliency", "Explain all pictures that judge the models"
        )
        self.choose = push_button("chooseSaliency", "More...", "Choose methods, masks, placebo and settings")
        self.report = push_button("writeReport", "Audit and report", "Keep an audit and write the report")
        for button in (self.start, self.choose, self.report):
            button.setEnabled(not self._project.read_only)
        self.view = FiguresView(self._theme, self.selection)
        self.reporting = Reporting(self._manager)
        self.summary = label(role="muted", name="auditSummary", wrap=True)
        self.findings = FindingsView()
        self.empty = AuditEmpty()

    def _connect(self) -> None:
        self.choosers.changed.connect(self._choose)
        self.choosers.masks_changed.connect(self._choose)
        self.choosers.model_changed.connect(self._show_methods)
        self.start.clicked.connect(self._start_saliency)
        self.empty.compute_asked.connect(self._start_saliency)
        self.choose.clicked.connect(self._choose_saliency)
        self.report.clicked.connect(self._start_report)
        self.source.read.connect(self._show_models)
        self.source.computed.connect(self._draw)
        self.source.reading.failed.connect(self._show_state)
        self._manager.changed.connect(self._show_state)
        self.reporting.changed.connect(self._show_state)
        self._theme.changed.connect(self._draw)
        self.selection.classes_changed.connect(self._choose_group)
        self.selection.picture_changed.connect(self._draw)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(label("Audit", role="title"))
        top.addSpacing(8)
        top.addWidget(self.choosers, 1)
        for button in (self.report, self.choose, self.start):
            top.addWidget(button)
        above = QWidget()
        upper = QVBoxLayout(above)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.addWidget(self.view, 1)
        upper.addWidget(self.summary)
        # Words or figures: whoever reads one of them draws the line between them.
        parted = QSplitter(Qt.Orientation.Vertical)
        parted.addWidget(above)
        parted.addWidget(self.findings)
        parted.setStretchFactor(0, 1)
        parted.setStretchFactor(1, 0)
        parted.setCollapsible(0, False)
        figures = QWidget()
        column = QVBoxLayout(figures)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(parted, 1)
        column.addWidget(self.reporting)
        self.stack = QStackedWidget()
        self.stack.addWidget(figures)
        self.stack.addWidget(self.empty)
        # Nothing is said before it is known.
        self.stack.addWidget(QWidget())
        self.stack.setCurrentIndex(_UNKNOWN)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.stack, 1)

    @Slot()
    def _choose(self) -> None:
        self.source.choose(self.choosers.choice)

    @Slot()
    def _choose_group(self) -> None:
        self.source.choose_group(self.selection.classes)
        self._draw()

    @Slot()
    def _start_saliency(self) -> None:
        choice = self.choosers.choice
        models = (choice.model,) if choice.model else ()
        methods, mask_sets = self.choosers.method.to_compute, (str(choice.mask_set),)
        # No figure is read without its placebo.
        self._manager.submit(ComputeSaliency(models, methods, mask_sets, (str(Variant.INPAINTED),)))

    @Slot()
    def _choose_saliency(self) -> None:
        choice = self.choosers.choice
        self.ask_saliency(choice.model, PAPER_METHODS, choice.mask_set)

    def ask_saliency(self, model: str | None, methods: Collection[SaliencyMethod], mask_set: str) -> None:
        """Ask what to compute, and tell what it costs.

        Args:
            model: Name of the network; None for all.
            methods: That are chosen at first.
            mask_set: Likewise.
        """
        asked = [classes for name, classes in self.source.classes.items() if model in {None, name}]
        form = SaliencyForm(
            (model,) if model else (),
            classes=max(map(len, asked), default=len(self._project.classes)),
            mask_set=MaskSet(mask_set),
            refused=why_not(self.source.stored.refused if self.source.stored else {}, model),
            methods=methods,
        )
        SaliencyDialog.ask(form, self._manager.submit, parent=self)

    @Slot()
    def _show_methods(self) -> None:
        if self.source.stored is not None:
            refused = why_not(self.source.stored.refused, self.choosers.choice.model)
            self.choosers.method.show_refused(refused)

    @Slot()
    def _show_models(self) -> None:
        self.choosers.show_models(self.source.classes)
        for button in (self.start, self.choose):
            button.setEnabled(bool(self.source.classes) and not self._project.read_only)
        self._show_methods()
        self._show_state()
        self._choose()  # what was chosen may be gone

    @Slot()
    def _start_report(self) -> None:
        self.reporting.begin(str(self.choosers.choice.mask_set))

    @property
    def _audit(self) -> AuditResult | None:
        """The last audit over these masks."""
        return self.source.stored.audit if self.source.stored else None

    @Slot()
    def _draw(self) -> None:
        figures = self.source.figures.models
        self.view.show_figures(
            self.source.figures, self._audit, self.choosers.choice, models=list(self.source.classes)
        )
        self.summary.setText(summaries(figures, self.source.expected))
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        """Show figures or what is missing, the findings, and whether a report can be written."""
        stored, choice = self.source.stored, self.choosers.choice
        has_figures = bool(self.source.figures.models)
        if stored is None or (not has_figures and self.source.is_pending):
            self.stack.setCurrentIndex(_UNKNOWN)
            return
        reason = self._no_report()
        self.report.setEnabled(not reason)
        tip = f"Keep an audit and write the report. {self.source.left_out()}".strip()
        self.report.setToolTip(reason or tip)
        self.findings.show_findings(self._audit.findings if self._audit else (), choice.model)
        self.stack.setCurrentIndex(0 if has_figures else 1)
        if not self.source.classes:
            self.empty.show_untrained()
        elif is_coming(self._manager, choice.mask_set):
            self.empty.show_computing()
        else:
            can = self.start.isEnabled()
            self.empty.show_missing(self.choosers.words, choice.mask_set, stored.other_sets, can_compute=can)

    def _no_report(self) -> str:
        if self._project.read_only:
            return "The project is open for reading only."
        if self.reporting.is_busy:
            return "An audit and its report are on their way."
        return self.source.no_report()
