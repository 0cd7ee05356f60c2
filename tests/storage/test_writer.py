"""The writer: strokes first, promises kept after COMMIT, nothing lost when a change fails or at close."""

import contextlib
import threading
from concurrent.futures import Future

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from gsal.errors import ReadOnlyError
from gsal.project import Project
from gsal.storage.database import Database
from gsal.storage.writer import Priority


@pytest.fixture
def database(project: Project) -> Database:
    return project.store._database


def test_strokes_go_before_batches(database: Database) -> None:
    gate, order = threading.Event(), list[str]()
    database.submit(lambda _: gate.wait())
    waiting: list[Future[None]] = [database.submit(lambda _: order.append("batch")) for _ in range(2)]
    waiting.append(database.submit(lambda _: order.append("stroke"), Priority.STROKE))
    gate.set()
    for future in waiting:
        future.result()
    assert order == ["stroke", "batch", "batch"]


def test_a_failing_change_leaves_no_trace_and_the_next_goes_on(database: Database) -> None:
    def fail(session: Session) -> None:
        session.execute(text("UPDATE project SET name = 'half'"))
        raise ValueError("stop here")

    with pytest.raises(ValueError, match="stop here"):
        database.write(fail)
    with database.read() as session:
        assert session.scalar(text("SELECT name FROM project")) == "project"
    database.write(lambda session: session.execute(text("UPDATE project SET name = 'whole'")))
    with database.read() as session:
        assert session.scalar(text("SELECT name FROM project")) == "whole"


def test_closing_finishes_what_waits(project: Project, database: Database) -> None:
    gate = threading.Event()
    database.submit(lambda _: gate.wait())
    last = database.submit(lambda session: session.execute(text("UPDATE project SET name = 'last'")))
    gate.set()
    project.close()
    assert last.done()
    with pytest.raises(ReadOnlyError, match="being closed"):
        database.submit(lambda _: None)
    with Project.open(project.folder) as again:
        assert again.name == "last"


def test_what_is_queued_while_closing_is_refused_or_done(project: Project, database: Database) -> None:
    start, futures = threading.Barrier(5), list[Future[None]]()

    def keep_writing() -> None:
        start.wait()
        with contextlib.suppress(ReadOnlyError):
            while True:
                futures.append(database.submit(lambda _: None))

    threads = [threading.Thread(target=keep_writing) for _ in range(4)]
    for thread in threads:
        thread.start()
    start.wait()
    project.close()
    for thread in threads:
        thread.join()
    assert all(future.done() for future in futures)


def test_submit_does_not_pass_a_close_in_between(project: Project, database: Database) -> None:
    writer = database._writer
    assert writer is not None
    with writer._closing:
        closing = threading.Thread(target=project.close)
        closing.start()
        closing.join(0.05)
        assert closing.is_alive()
        assert not writer._is_closed
    closing.join()
    with pytest.raises(ReadOnlyError):
        writer.submit(lambda _: None)
