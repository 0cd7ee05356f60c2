"""Job threads and their manager: done, stopped, failed, a bug, a queue, and closing while one runs."""

import threading
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from pytestqt.qtbot import QtBot

from app.jobs.manager import JobManager
from app.jobs.task import Task, TaskState, duration_text, progress_text
from app.jobs.thread import JobThread
from gsal.errors import ModelError
from gsal.jobs.job import Job
from gsal.progress import JobContext, MetricPoint, Progress
from gsal.project import Project


@dataclass(frozen=True, slots=True)
class Counting:
    """Goes through numbers; between two it waits for nobody, or at `gate` for the test."""

    kind: ClassVar[str] = "counting"
    items: int = 3
    error: Exception | None = None
    reached: threading.Event = field(default_factory=threading.Event)
    gate: threading.Event | None = None

    @property
    def title(self) -> str:
        return "Counting"

    def run(self, ctx: JobContext, project: Project | None) -> dict[str, Any]:
        for number in ctx.track(range(self.items), "Counting"):
            ctx.metric("number", number, number)
            self.reached.set()
            if self.gate is not None:
                assert self.gate.wait(10)
        if self.error is not None:
            raise self.error
        return {"thread": threading.get_ident()}


def run_without_project(job: Job, ctx: JobContext) -> dict[str, Any]:
    return job.run(ctx, None)  # type: ignore[arg-type]


@pytest.fixture
def manager(qtbot: QtBot) -> JobManager:
    return JobManager(run_without_project)


def test_job_thread_runs_elsewhere_and_reports(qtbot: QtBot) -> None:
    thread = JobThread(lambda ctx: run_without_project(Counting(), ctx))
    events: list[object] = []
    thread.emitted.connect(events.append)
    with qtbot.waitSignal(thread.succeeded) as done, qtbot.waitSignal(thread.finished):
        thread.start()
    thread.wait()
    assert done.args[0]["thread"] != threading.get_ident()
    assert [e.value for e in events if isinstance(e, MetricPoint)] == [0, 1, 2]


def test_done_brings_result_and_progress(qtbot: QtBot, manager: JobManager) -> None:
    threads = set()
    manager.reported.connect(lambda *_: threads.add(threading.get_ident()))
    with qtbot.waitSignal(manager.idle):
        task = manager.submit(Counting())
    assert task.state is TaskState.DONE
    assert task.progress is not None
    assert (task.progress.done, task.progress.total) == (3, 3)
    assert threads == {threading.get_ident()}, "events arrive in the window's thread"


def test_cancel_stops_between_items(qtbot: QtBot, manager: JobManager) -> None:
    job = Counting(items=1000, gate=threading.Event())
    task = manager.submit(job)
    qtbot.waitUntil(job.reached.is_set)
    states: list[TaskState] = []
    manager.changed.connect(lambda changed: states.append(changed.state))
    manager.cancel(task)
    assert job.gate is not None
    with qtbot.waitSignal(manager.idle):
        job.gate.set()
    assert states[0] is TaskState.STOPPING
    assert states[-1] is TaskState.CANCELLED


def test_jobs_run_one_at_a_time_and_waiting_ones_can_be_dropped(qtbot: QtBot, manager: JobManager) -> None:
    gate = threading.Event()
    first, second, third = (manager.submit(Counting(gate=gate)) for _ in range(3))
    assert (first.state, second.state) == (TaskState.RUNNING, TaskState.WAITING)
    manager.cancel(second)
    ended: list[Task] = []
    manager.ended.connect(ended.append)
    with qtbot.waitSignal(manager.idle):
        gate.set()
    assert second.state is TaskState.CANCELLED
    assert ended == [first, third]
    assert third.state is TaskState.DONE


def test_user_errors_become_a_sentence(qtbot: QtBot, manager: JobManager) -> None:
    with qtbot.waitSignal(manager.failed) as failed, qtbot.waitSignal(manager.idle):
        task = manager.submit(Counting(error=ModelError("There is no model named x.")))
    assert task.state is TaskState.FAILED
    assert failed.args[1] == "There is no model named x."


def test_bugs_are_logged_and_reported_as_bugs(
    qtbot: QtBot, manager: JobManager, caplog: pytest.LogCaptureFixture
) -> None:
    with qtbot.waitSignal(manager.crashed) as crashed, qtbot.waitSignal(manager.idle):
        task = manager.submit(Counting(error=ZeroDivisionError("planted")))
    assert task.state is TaskState.FAILED
    assert isinstance(crashed.args[0], ZeroDivisionError)
    assert "planted" in caplog.text


def test_shut_down_cancels_and_waits(qtbot: QtBot, manager: JobManager) -> None:
    running = Counting(items=10**9)
    task = manager.submit(running)
    waiting = manager.submit(Counting())
    assert running.reached.wait(10)
    manager.shut_down()
    assert manager.is_idle
    assert task.state.is_over
    assert waiting.state is TaskState.CANCELLED


def test_texts_of_progress() -> None:
    assert progress_text(Progress("Reading", 31, 50, 190.0)) == "Reading 62 %  ETA 3 min"
    assert progress_text(Progress("Reading", 3, 0, float("nan"))) == "Reading 3"
    assert duration_text(float("nan")) == ""
    assert duration_text(7300) == "2 h 2 min"
