"""The one owner of job threads: one job at a time, the others wait; it cancels, and waits before the end."""

import logging
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from app.jobs.task import Task, TaskState
from app.jobs.thread import JobThread
from gsal.errors import GsalError
from gsal.jobs.job import Job
from gsal.progress import JobContext, Notice, Progress

__all__ = ["JobManager"]

_log = logging.getLogger(__name__)


class JobManager(QObject):
    """Queues jobs and reports on them in the thread it lives in.

    Args:
        run: Runs one job to its end in the calling thread, e.g. `gsal.jobs.runner.run_job` with the project.

    Signals:
        submitted(task): It was given, and waits or runs.
        changed(task): Its state, progress or message changed.
        reported(task, event): One event of `gsal.progress`.
        ended(task): It is over: done, stopped or failed.
        failed(task, sentence): The user has to do something.
        crashed(error): A bug.
        idle(): Nothing runs and nothing waits.
    """

    submitted = Signal(object)
    changed = Signal(object)
    reported = Signal(object, object)
    ended = Signal(object)
    failed = Signal(object, str)
    crashed = Signal(object)
    idle = Signal()

    def __init__(
        self, run: Callable[[Job, JobContext], dict[str, Any]], *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._run = run
        self._waiting: deque[Task] = deque()
        self._thread: JobThread | None = None
        self.current: Task | None = None
        self.tasks: list[Task] = []

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs and nothing waits."""
        return self._thread is None and not self._waiting

    def submit(self, job: Job) -> Task:
        """Start a job, or queue it behind those that were given before."""
        task = Task(job)
        self.tasks.append(task)
        self._waiting.append(task)
        self.changed.emit(task)
        self.submitted.emit(task)
        self._start_next()
        return task

    def cancel(self, task: Task) -> None:
        """Stop a job at its next item; one that still waits is dropped."""
        if task in self._waiting:
            self._waiting.remove(task)
            self._end(task, TaskState.CANCELLED)
        elif task is self.current and self._thread is not None:
            task.state = TaskState.STOPPING
            self._thread.context.cancel.set()
            self.changed.emit(task)

    @Slot()
    def cancel_current(self) -> None:
        """Stop the job that runs, if any."""
        if self.current is not None:
            self.cancel(self.current)

    def cancel_all(self) -> None:
        """Drop what waits and stop what runs; `idle` follows when the thread has ended."""
        for task in list(self._waiting):
            self.cancel(task)
        self.cancel_current()

    def shut_down(self) -> None:
        """Cancel everything and wait for the thread; for the end of the program."""
        self.cancel_all()
        if self._thread is not None:
            self._thread.wait()
            self._thread_finished()

    def _start_next(self) -> None:
        if self._thread is not None or not self._waiting:
            return
        task = self.current = self._waiting.popleft()
        task.state = TaskState.RUNNING
        run = self._run
        thread = self._thread = JobThread(lambda ctx: run(task.job, ctx), self)
        thread.emitted.connect(self._take_event)
        thread.succeeded.connect(self._take_result)
        thread.cancelled.connect(self._take_cancel)
        thread.failed.connect(self._take_error)
        thread.finished.connect(self._thread_finished)
        thread.setObjectName(f"job {task.job.kind}")
        thread.start()
        self.changed.emit(task)

    @Slot(object)
    def _take_event(self, event: object) -> None:
        task = self.current
        if task is None:
            return
        if isinstance(event, Progress):
            task.progress = event
            self.changed.emit(task)
        elif isinstance(event, Notice):
            task.message = event.text
            self.changed.emit(task)
        self.reported.emit(task, event)

    @Slot(object)
    def _take_result(self, result: dict[str, Any]) -> None:
        if self.current is not None:
            self.current.result = result
            self._end(self.current, TaskState.DONE)

    @Slot()
    def _take_cancel(self) -> None:
        if self.current is not None:
            self._end(self.current, TaskState.CANCELLED)

    @Slot(object)
    def _take_error(self, error: Exception) -> None:
        task = self.current
        if task is None:
            return
        if isinstance(error, GsalError):
            task.message = str(error)
            self._end(task, TaskState.FAILED)
            self.failed.emit(task, str(error))
        else:
            _log.error("Job %s failed", task.job.kind, exc_info=error)
            task.message = "An error in the program."
            self._end(task, TaskState.FAILED)
            self.crashed.emit(error)

    @Slot()
    def _thread_finished(self) -> None:
        thread, self._thread = self._thread, None
        if thread is None:
            return
        # finished is emitted shortly before the thread is gone.
        thread.wait()
        thread.deleteLater()
        if self.current is not None and not self.current.state.is_over:
            self._end(self.current, TaskState.CANCELLED)
        self.current = None
        self._start_next()
        if self.is_idle:
            self.idle.emit()

    def _end(self, task: Task, state: TaskState) -> None:
        task.state = state
        self.changed.emit(task)
        self.ended.emit(task)
