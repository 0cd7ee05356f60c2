"""The validation set's dialog on a real project: choosing, how it stands, locking."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QTableView
from pytestqt.qtbot import QtBot

from app.jobs.background import Background
from app.jobs.manager import JobManager
from app.review.validation.dialog import ValidationDialog
from app.review.validation.precision import precision_text
from gsal.errors import LockedError
from gsal.jobs.runner import run_job
from gsal.masks.proportions import wilson
from gsal.project import Project
from gsal.records import Decision, NewImage, Purpose, Reader, ReaderKind, Verdict

LEFT = Qt.MouseButton.LeftButton
Opener = Callable[[Reader | None], ValidationDialog]


@pytest.fixture
def reader(project: Project) -> Reader:
    return project.store.readers.add("Anna", ReaderKind.EXPERT)


@pytest.fixture
def opened(qtbot: QtBot, project: Project) -> Iterator[Opener]:
    manager = JobManager(lambda job, ctx: run_job(job, project, ctx))
    background = Background("validation")
    dialogs = []

    def open_dialog(reader: Reader | None) -> ValidationDialog:
        dialog = ValidationDialog(project, manager, reader, background)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialogs.append(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        return dialog

    yield open_dialog
    manager.shut_down()
    background.shut_down()
    for dialog in dialogs:
        dialog.reject()


def choose(qtbot: QtBot, dialog: ValidationDialog, count: int) -> None:
    dialog.choosing.count.setValue(count)
    with qtbot.waitSignal(dialog.changed):
        QTest.mouseClick(dialog.choosing.choose, LEFT)
    qtbot.waitUntil(lambda: dialog.standing.isVisible() and f"of {count}" in dialog.standing.read.text())


def rows(dialog: ValidationDialog, name: str) -> list[list[str]]:
    view = dialog.findChild(QTableView, name)
    assert isinstance(view, QTableView)
    model = view.model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def answer(dialog: ValidationDialog, text: str) -> None:
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    button = next(b for b in box.buttons() if text in b.text())
    QTest.mouseClick(button, LEFT)


def test_choosing_shows_strata_and_is_kept(
    qtbot: QtBot, project: Project, reader: Reader, opened: Opener
) -> None:
    dialog = opened(reader)
    assert not dialog.standing.isVisible()
    assert not dialog.lock.isEnabled(), "there is nothing to lock"
    empty_px = dialog.height()
    choose(qtbot, dialog, 4)
    assert dialog.height() > empty_px, "an empty one has no empty middle"
    readers = dialog.findChild(QTableView, "validationReaders")
    assert isinstance(readers, QTableView)
    assert not readers.horizontalScrollBar().isVisible(), "all columns are seen"
    assert len(project.store.validation.members()) == 4
    strata = rows(dialog, "validationStrata")
    assert sum(int(row[1]) for row in strata) == 4
    assert {row[0].split(",")[0] for row in strata} == {"ink", "no ink"}
    assert dialog.standing.read.text() == "0 of 4 pictures are read"
    again = opened(reader)
    qtbot.waitUntil(again.standing.isVisible)
    assert again.choosing.count.value() == 4
    assert again.choosing.choose.text() == "Choose again"


def test_progress_and_who_read(qtbot: QtBot, project: Project, reader: Reader, opened: Opener) -> None:
    choose(qtbot, opened(reader), 4)
    for member in project.store.validation.members()[:3]:
        project.store.decisions.add(
            Decision(
                image_id=member.image_id,
                reader_id=reader.id,
                purpose=Purpose.VALIDATION,
                verdict=Verdict.ACCEPTED,
                revision_id=None,
                active_s=1.0,
                created="",
            )
        ).result()
    dialog = opened(reader)
    qtbot.waitUntil(lambda: dialog.standing.read.text() == "3 of 4 pictures are read")
    assert (dialog.standing.progress.value(), dialog.standing.progress.maximum()) == (3, 4)
    assert rows(dialog, "validationReaders") == [["Anna", "expert", "3"]]
    assert precision_text(3) in dialog.standing.precision.text()


def test_locking_asks_and_is_for_good(qtbot: QtBot, project: Project, reader: Reader, opened: Opener) -> None:
    dialog = opened(reader)
    choose(qtbot, dialog, 2)
    QTest.mouseClick(dialog.lock, LEFT)
    answer(dialog, "Cancel")
    found = project.store.validation.get()
    assert found is not None
    assert found.locked is None
    QTest.mouseClick(dialog.lock, LEFT)
    with qtbot.waitSignal(dialog.changed):
        answer(dialog, "Lock for good")
    qtbot.waitUntil(lambda: "Locked on" in dialog.locking.text())
    assert "by Anna" in dialog.locking.text()
    assert f"{len(project.store.validation.locked_images()):,} in all" in dialog.locking.text()
    assert not dialog.lock.isVisible()
    assert not dialog.choosing.isVisible()
    with pytest.raises(LockedError):
        project.store.validation.add([1])


def test_nobody_unnamed_locks(qtbot: QtBot, project: Project, reader: Reader, opened: Opener) -> None:
    dialog = opened(None)
    choose(qtbot, dialog, 2)
    assert not dialog.lock.isEnabled()
    assert "who is reading" in dialog.lock.toolTip()


def test_a_refused_choice_says_why(qtbot: QtBot, project: Project, reader: Reader, opened: Opener) -> None:
    dialog, other = opened(reader), opened(reader)
    choose(qtbot, other, 2)
    project.store.validation.lock(reader.id)
    dialog.choosing.count.setValue(3)
    QTest.mouseClick(dialog.choosing.choose, LEFT)
    qtbot.waitUntil(lambda: dialog.message.isVisible())
    assert "locked" in dialog.message.text()
    assert len(project.store.validation.members()) == 2


def test_a_project_open_for_reading_changes_nothing(qtbot: QtBot, project: Project, reader: Reader) -> None:
    folder: Path = project.folder
    project.close()
    with Project.open(folder, read_only=True) as reading:
        manager = JobManager(lambda job, ctx: run_job(job, reading, ctx))
        background = Background("validation")
        dialog = ValidationDialog(reading, manager, reader, background)
        qtbot.addWidget(dialog)
        assert not dialog.choosing.isEnabled()
        assert not dialog.lock.isEnabled()
        dialog.reject()
        background.shut_down()
        manager.shut_down()


def test_closing_waits_for_no_reading(
    qtbot: QtBot, project: Project, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow disk: the dialog is closed while it is read, and the page is left afterwards."""
    may_end, ended = Event(), Event()

    def slow(asked: Project) -> None:
        assert asked is project
        may_end.wait(10.0)
        ended.set()

    monkeypatch.setattr("app.review.validation.dialog.status", slow)
    manager = JobManager(lambda job, ctx: run_job(job, project, ctx))
    background = Background("validation")
    dialog = ValidationDialog(project, manager, reader, background)
    dialog.show()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    assert not ended.is_set()
    may_end.set()
    background.shut_down()
    assert ended.is_set(), "who owns the thread waits for it"
    manager.shut_down()


def test_the_interval_follows_the_number(qtbot: QtBot, opened: Opener, reader: Reader) -> None:
    dialog = opened(reader)
    dialog.choosing.count.setValue(300)
    interval = wilson(285, 300)
    expected = f"± {50 * (interval.high - interval.low):.1f} %"
    assert expected in dialog.choosing.precision.text()
    assert dialog.choosing.precision.text().startswith("With 300 pictures")


def test_it_warns_where_no_patient_is_known(
    qtbot: QtBot, opened: Opener, reader: Reader, project: Project
) -> None:
    dialog = opened(reader)
    choose(qtbot, dialog, 3)
    assert not dialog.unknown.isVisible(), "all of these pictures have patients"
    nobodys = NewImage("more.png", "f" * 64, 1, 1, 8, 8)
    project.store.validation.add(project.store.images.add([nobodys], folder=project.folder))
    again = opened(reader)
    qtbot.waitUntil(lambda: again.unknown.isVisible())
    assert again.unknown.text().startswith("Of 1 of these pictures no patient is known")
