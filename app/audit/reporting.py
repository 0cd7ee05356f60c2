"""An audit followed by its report, and the line that tells where the report lies and opens it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.jobs.manager import JobManager
from app.jobs.task import Task, TaskState
from app.widgets.controls import label, push_button
from app.widgets.outside import show_outside
from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.reports.write import WriteReport

__all__ = ["Reporting"]


class Reporting(QWidget):
    """Audits, writes the report only of an audit that was done, and offers to open it.

    Signals:
        changed(): It began or ended.
    """

    changed = Signal()

    def __init__(self, manager: JobManager) -> None:
        super().__init__()
        self._manager = manager
        self._task: Task | None = None
        self.line = label(role="muted", name="reportLine", wrap=True)
        self._paths: dict[str, str] = {}
        self.open = push_button("openReport", "Open", "Open the report in the browser")
        self.open_pdf = push_button("openReportPdf", "Open PDF", "Open the report for printing")
        self.open.clicked.connect(lambda: self._open("report"))
        self.open_pdf.clicked.connect(lambda: self._open("pdf"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.open)
        layout.addWidget(self.open_pdf)
        self.hide()
        manager.ended.connect(self._take_end)

    @property
    def is_busy(self) -> bool:
        """Whether an audit or its report is under way."""
        return self._task is not None

    def begin(self, mask_set: str) -> None:
        """Audit over a mask set, then write the report."""
        if self._task is None:
            self.hide()
            self._task = self._manager.submit(RunAudit(mask_set=mask_set))
            self.changed.emit()

    @Slot(object)
    def _take_end(self, task: Task) -> None:
        if task is not self._task:
            return
        self._task = None
        if task.state is TaskState.DONE:
            if isinstance(task.job, RunAudit):
                self._task = self._manager.submit(WriteReport(audit=task.result["audit"]))
            else:
                self._tell(task.result)
        self.changed.emit()

    def _tell(self, paths: Mapping[str, Any]) -> None:
        """Tell where both files lie; paths are by "report" and "pdf"."""
        self._paths = {kind: paths[kind] for kind in ("report", "pdf")}
        report, pdf = (Path(path) for path in self._paths.values())
        self.line.setText(f"Report written: {report} and {pdf.name}")
        self.show()

    def _open(self, kind: str) -> None:
        show_outside(Path(self._paths[kind]), self.window())
