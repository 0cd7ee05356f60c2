"""The audit's tables in the window: those of the report, read anew after an audit, and taken elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.audit.room import AuditRoom
from app.jobs.manager import JobManager
from app.tables.reading import read_tables
from app.theme import Theme
from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.runner import run_job
from gsal.project import Project
from gsal.records import MaskSet
from tests.app.test_accessible import nameless

TABLES = 4


@pytest.fixture
def project(finished_copy: Path) -> Iterator[Project]:
    with Project.open(finished_copy) as opened:
        yield opened


def test_they_are_those_of_the_last_audit(qtbot: QtBot, project: Project, theme: Theme) -> None:
    manager = JobManager(lambda job, ctx: run_job(job, project, ctx))
    room = AuditRoom(project, manager, theme)
    qtbot.addWidget(room)
    room.resize(1280, 672)
    room.show()
    room.show_tab(TABLES)
    view = room.tables
    qtbot.waitUntil(lambda: view.shown is not None, timeout=60_000)
    assert not nameless(view)
    with qtbot.waitSignal(manager.idle, timeout=120_000):
        manager.submit(RunAudit(("biased",), mask_set=MaskSet.EXACT))
    qtbot.waitUntil(lambda: view.shown == read_tables(project).tables, timeout=60_000)
    assert view.shown
    sections = {table.section for table in view.shown}
    assert {"Models", "Global saliency", "Predicting failure", "Tests"} <= sections
    tests = next(table for table in view.shown if table.section == "Tests")
    assert {row[0] for row in tests.rows} == {"biased"}
    assert tests.left_columns == 2
    assert any("textbook P" in note for note in tests.notes)
    assert all(len(row) == len(table.columns) for table in view.shown for row in table.rows)
    room.shut_down()


def test_without_an_audit_the_way_to_one_is_told(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    with Project.create(tmp_path / "new", name="New") as project:
        manager = JobManager(lambda job, ctx: run_job(job, project, ctx))
        room = AuditRoom(project, manager, theme)
        qtbot.addWidget(room)
        room.show()
        room.show_tab(TABLES)
        view = room.tables
        qtbot.waitUntil(lambda: view.stack.currentWidget() is view.nothing)
        assert view.shown == ()
        room.shut_down()
