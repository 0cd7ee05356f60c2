"""The jobs panel: what runs, what waits, what was interrupted and can go on."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from app.jobs.manager import JobManager
from app.jobs.task import Task, TaskState, progress_text
from app.widgets.controls import IconButton, label, line, named, push_button
from app.widgets.dialogs import show_error
from gsal.errors import GsalError
from gsal.jobs.job import to_settings
from gsal.jobs.runner import resume
from gsal.project import Project
from gsal.records import JobRecord

__all__ = ["JobsPanel"]

_SHOWN = 12


class JobsPanel(QWidget):
    """A column over the right edge of the pages.

    Signals:
        closed()
    """

    closed = Signal()

    def __init__(self, project: Project, manager: JobManager) -> None:
        super().__init__()
        self.setObjectName("jobsPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(336)
        self._project, self._manager = project, manager
        self._rows: dict[Task, _TaskRow] = {}
        self._tasks = QVBoxLayout()
        self._unfinished = QVBoxLayout()
        close = named(IconButton("close", role="quiet"), "closeJobs", "Close the jobs panel", key="Ctrl+J")
        close.clicked.connect(self.closed)
        top = QHBoxLayout()
        top.addWidget(label("Jobs", role="title"))
        top.addStretch()
        top.addWidget(close)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._nothing = label(
            "Nothing runs. Jobs started on any page are shown here.", role="muted", wrap=True
        )
        column.addWidget(self._nothing)
        column.addLayout(self._tasks)
        column.addLayout(self._unfinished)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addLayout(top)
        layout.addWidget(scroll, 1)
        manager.changed.connect(self._show_task)
        manager.submitted.connect(self.refresh)
        manager.ended.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read again which jobs of the project stopped before their end."""
        while (item := self._unfinished.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                # It lives until the next turn of the event loop, and must not be clicked again meanwhile.
                old.setEnabled(False)
                old.deleteLater()
        records = [r for r in self._project.store.jobs.all() if r.status.is_resumable][-_SHOWN:]
        if not records:
            return
        self._unfinished.addWidget(line())
        self._unfinished.addWidget(label("Stopped before the end", role="section"))
        for record in reversed(records):
            self._unfinished.addWidget(self._stopped_row(record))

    def _stopped_row(self, record: JobRecord) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        text = label(f"{_title(record)}\n{record.message or record.status}", role="muted", wrap=True)
        again = push_button(f"resumeJob{record.id}", "Resume", "Go on where this job stopped")
        again.setEnabled(not self._project.read_only and not self._is_on_its_way(record))
        again.clicked.connect(lambda: self._resume(record))
        layout.addWidget(text, 1)
        layout.addWidget(again)
        return row

    def _is_on_its_way(self, record: JobRecord) -> bool:
        under_way = (task.job for task in self._manager.tasks if not task.state.is_over)
        return any((job.kind, to_settings(job)) == (record.kind, record.settings) for job in under_way)

    def _resume(self, record: JobRecord) -> None:
        try:
            job = resume(record)
        except GsalError as error:
            show_error(self, "This job cannot go on", str(error))
        else:
            self._manager.submit(job)

    @Slot(object)
    def _show_task(self, task: Task) -> None:
        self._nothing.hide()
        if task not in self._rows:
            row = self._rows[task] = _TaskRow(task, self._manager)
            self._tasks.insertWidget(0, row)
            if len(self._rows) > _SHOWN:
                oldest = next(iter(self._rows))
                self._rows.pop(oldest).deleteLater()
        self._rows[task].refresh()


class _TaskRow(QWidget):
    def __init__(self, task: Task, manager: JobManager) -> None:
        super().__init__()
        self._task = task
        self.title: QLabel = label(task.job.title)
        self.text = label(role="muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.stop = named(IconButton("stop", role="quiet"), "cancelJob", "Stop this job; it can be resumed")
        self.stop.clicked.connect(lambda: manager.cancel(task))
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.bar)
        layout.addWidget(self.text)

    def refresh(self) -> None:
        """Show the task as it is now."""
        task = self._task
        progress = task.progress
        self.stop.setVisible(not task.state.is_over)
        self.stop.setEnabled(task.state is not TaskState.STOPPING)
        self.bar.setVisible(task.state in {TaskState.RUNNING, TaskState.STOPPING})
        if progress is not None and progress.total:
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
        else:
            self.bar.setRange(0, 0)
        running = task.state is TaskState.RUNNING and progress is not None
        text = progress_text(progress) if running and progress is not None else str(task.state).capitalize()
        self.text.setText(f"{text}\n{task.message}" if task.message else text)


def _title(record: JobRecord) -> str:
    name = record.settings.get("name")
    return f"{record.kind.capitalize()} {name}" if name else record.kind.capitalize()
