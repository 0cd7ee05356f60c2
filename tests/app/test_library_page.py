"""The library page: typing reads the newest wish alone, and what a job of files came to is told once."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.jobs.manager import JobManager
from app.library.page import LibraryPage
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.runner import run_job
from gsal.project import Project
from gsal.records import LibraryRequest


@pytest.fixture
def library(qtbot: QtBot, project: Project) -> Iterator[LibraryPage]:
    manager = JobManager(lambda job, ctx: run_job(job, project, ctx))
    page = LibraryPage(project, manager)
    manager.setParent(page)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    qtbot.waitUntil(lambda: page.table.rowCount() == 8)
    yield page
    manager.shut_down()
    page.shut_down()


def test_letters_typed_while_the_list_is_read_cost_one_reading(
    qtbot: QtBot, library: LibraryPage, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, asked = threading.Event(), []
    read = project.store.library.ids

    def slow(request: LibraryRequest) -> list[int]:
        asked.append(request.text)
        assert gate.wait(10)
        return read(request)

    monkeypatch.setattr(project.store.library, "ids", slow)
    QTest.keyClicks(library.search, "patient1")
    gate.set()
    qtbot.waitUntil(lambda: library.table.rowCount() == 2)
    assert asked == ["p", "patient1"]
    assert library.count.text() == "2 of 8"


def test_a_job_of_files_that_fails_or_is_stopped_is_let_go(
    qtbot: QtBot, library: LibraryPage, tmp_path: Path
) -> None:
    manager = library.findChildren(JobManager)[0]
    with qtbot.waitSignal(manager.idle):
        library._start_files(ImportImages(str(tmp_path / "nowhere")))
        library._start_files(ImportImages(str(tmp_path / "nowhere else")))
        manager.cancel(manager.tasks[-1])
    assert [str(task.state) for task in manager.tasks] == ["failed", "stopped"]
    assert not library._file_tasks
    assert not library.strip.isVisible()
