"""The window on a project that is on a server, which other workstations use, and which may be away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.review.keeping import Keeping
from app.review.panels.saved import SaveBanner, SavedText
from app.settings import Settings
from app.theme import Theme
from gsal.jobs.copy_project import copy_project
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import Decision, MaskSet, Purpose, ReaderKind, StepKind, Verdict
from tests.app.reading_room import Room
from tests.postgresql import Server


@pytest.fixture
def shared(postgresql: Server, project: Project, tmp_path: Path) -> Iterator[Path]:
    """The folder of a project on a server, closed, with eight pictures and their proposals."""
    with postgresql.database() as url:
        copy_project(project.folder, tmp_path / "shared", JobContext(), server=url)
        yield tmp_path / "shared"


@pytest.fixture
def room(qtbot: QtBot, shared: Path, tmp_path: Path) -> Iterator[Room]:
    with Project.open(shared) as opened, Room.of(qtbot, opened, tmp_path / "spare") as made:
        yield made


def test_the_window_opens_the_folder_as_any_other(
    qtbot: QtBot, settings: Settings, theme: Theme, shared: Path
) -> None:
    window = MainWindow(theme, settings)
    qtbot.addWidget(window)
    window.open_project(shared)
    assert window.workspace is not None
    assert not window.workspace.project.read_only
    window.shut_down()
    window.open_project(shared, read_only=True)
    assert window.workspace.project.read_only
    window.shut_down()


def test_a_stopped_server_is_named_and_strokes_wait_for_it(room: Room, postgresql: Server) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    room.draw((20, 30))
    room.wait_for_the_disk()
    said: list[str] = []
    room.session.not_saved.connect(lambda error: said.append(str(error)))
    postgresql.stop()
    try:
        room.draw((30, 30))
        room.session.decide(Verdict.ACCEPTED)
        room.qtbot.waitUntil(lambda: bool(said))
    finally:
        postgresql.start()
    assert "changes are not saved" in said[-1] or "change is not saved" in said[-1]
    assert "the server does not answer" in said[-1]
    assert "kept here and tried again" in said[-1]
    room.wait_for_the_disk()
    assert room.steps(image_id) == [(StepKind.DO, "brush")] * 2
    best = room.project.store.masks.best([image_id], MaskSet.HUMAN)
    assert best[image_id].reader_id == room.reader.id


def test_two_windows_that_review_one_picture_are_told_of_each_other(
    room: Room, shared: Path, tmp_path: Path
) -> None:
    image_id = room.image_ids[0]
    banner = SaveBanner()
    room.qtbot.addWidget(banner)
    keeping = Keeping(room.session, SavedText(), banner)
    room.open(image_id)
    with Project.open(shared) as theirs:
        ben = theirs.store.readers.add("Ben", ReaderKind.EXPERT)
        verdict = Decision(image_id, ben.id, Purpose.REVIEW, Verdict.REJECTED, None, 1.0, "")
        theirs.store.decisions.add(verdict).result()
    room.draw((20, 30))
    room.session.decide(Verdict.ACCEPTED)
    room.wait_for_the_disk()
    room.qtbot.waitUntil(lambda: banner.findChild(QMessageBox) is not None)
    box = banner.findChild(QMessageBox)
    assert box is not None
    assert "Ben reviewed picture number" in box.informativeText()
    assert keeping.parent() is banner
    assert room.project.store.masks.best([image_id])[image_id].reader_id == room.reader.id


def test_the_first_to_review_a_picture_is_told_of_nobody(room: Room) -> None:
    decided: list[Decision] = []
    room.session.decided.connect(decided.append)
    room.open(room.image_ids[0])
    for _ in range(2):
        room.session.decide(Verdict.REJECTED)
    room.wait_for_the_disk()
    room.qtbot.waitUntil(lambda: len(decided) == 2)
    assert [decision.overtook for decision in decided] == ["", ""]
