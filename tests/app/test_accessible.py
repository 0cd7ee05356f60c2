"""Every control of every page and dialog has a name, a tooltip, and an accessible name."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.settings import Settings
from app.theme import Theme
from app.widgets.dialogs import show_crash, show_error, show_problems
from app.workspace import Workspace
from gsal.jobs.reading.validation import ChooseValidationSet
from gsal.jobs.runner import run_job
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import QueueKind, ReaderKind
from tests.app.test_adjudication import NOTHING, leave

CONTROLS = (
    QAbstractButton,
    QLineEdit,
    QComboBox,
    QAbstractSpinBox,
    QAbstractSlider,
    QAbstractItemView,
)
INNER = {"QTableCornerButton", "QComboBoxListView", "QLineEditIconButton"}
LIBRARY, REVIEW, TRAINING, AUDIT = range(4)


@pytest.fixture
def window(qtbot: QtBot, project: Project, theme: Theme, settings: Settings) -> Iterator[MainWindow]:
    """A window with a project of pictures, two readers, and a validation set they have read."""
    anna, bert = (project.store.readers.add(name, ReaderKind.EXPERT) for name in ("Anna", "Bert"))
    run_job(ChooseValidationSet(2), project, JobContext())
    for member in project.store.validation.members():
        leave(project, member.image_id, anna, NOTHING)
        leave(project, member.image_id, bert, NOTHING)
    settings.remember_reader(project.uuid, "Anna")
    folder: Path = project.folder
    project.close()
    made = MainWindow(theme, settings)
    qtbot.addWidget(made, before_close_func=_stop)
    made.resize(1280, 720)
    with qtbot.waitExposed(made):
        made.show()
    made.open_project(folder)
    yield made
    _stop(made)


def _stop(window: MainWindow) -> None:
    if window.workspace is not None:
        window.workspace.manager.shut_down()
        window.close()


def workspace(window: MainWindow) -> Workspace:
    assert window.workspace is not None
    return window.workspace


def nameless(root: QWidget) -> list[str]:
    """Return what each control within a widget lacks."""
    found = []
    for control in root.findChildren(QWidget):
        if isinstance(control, CONTROLS) and not _is_inner(control):
            lacks = [
                what
                for what, text in (
                    ("name", control.objectName()),
                    ("tooltip", control.toolTip()),
                    ("accessible name", control.accessibleName()),
                )
                if not text
            ]
            if lacks:
                where = f"{type(control).__name__} '{control.objectName()}' in {_path(control)}"
                found.append(f"{where}: no {', '.join(lacks)}")
    return found


def _is_inner(control: QWidget) -> bool:
    """Whether Qt made the control as a part of another: a spin box's field, a table's corner, a popup."""
    parent = control.parentWidget()
    return (
        control.objectName().startswith("qt_")
        or isinstance(control, QHeaderView | QScrollBar)
        or control.metaObject().className()
        in {"QTableCornerButton", "QComboBoxListView", "QLineEditIconButton"}
        or (isinstance(parent, QAbstractSpinBox) and isinstance(control, QLineEdit))
    )


def _path(control: QWidget) -> str:
    names = []
    parent = control.parentWidget()
    while parent is not None:
        names.append(parent.objectName() or type(parent).__name__)
        parent = parent.parentWidget()
    return " < ".join(names[:4])


def test_the_walk_finds_what_has_no_name(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    made = QLineEdit(dialog)
    made.setObjectName("place")
    (found,) = nameless(dialog)
    assert "QLineEdit 'place'" in found
    assert "tooltip, accessible name" in found


@pytest.mark.parametrize("page", [LIBRARY, REVIEW, TRAINING, AUDIT])
def test_pages(window: MainWindow, page: int) -> None:
    workspace(window).show_page(page)
    assert not nameless(window)


def test_the_welcome(qtbot: QtBot, theme: Theme, settings: Settings) -> None:
    window = MainWindow(theme, settings)
    qtbot.addWidget(window)
    assert not nameless(window)


def test_comparing_and_adjudicating(qtbot: QtBot, window: MainWindow) -> None:
    room = workspace(window)
    room.show_page(REVIEW)
    review = room.review
    qtbot.waitUntil(lambda: review.session.picture is not None)
    review.do("compare")
    assert review.centre.comparison.panes
    assert not nameless(window)
    review.do("compare")
    review.queue.show_kind(QueueKind.ADJUDICATION)
    qtbot.waitUntil(lambda: review.centre.adjudication.session.pair is not None)
    assert not nameless(window)


DIALOGS: dict[str, Callable[[MainWindow], object]] = {
    "readerDialog": lambda window: workspace(window).who_reads.ask(),
    "sharesDialog": lambda window: workspace(window).ask_shares(),
    "importDialog": lambda window: workspace(window).library.ask_import(),
    "importMasksDialog": lambda window: workspace(window).library.ask_import_masks(),
    "exportMasksDialog": lambda window: workspace(window).library.ask_export_masks(),
    "validationDialog": lambda window: workspace(window).review.show_validation(),
    "keyEditor": lambda window: workspace(window).review.keys.edit(),
    "keysDialog": lambda window: workspace(window).review.keys.show_help(),
    "practiceDialog": lambda window: window._practise(),
    "cohortDialog": lambda window: workspace(window).training.ask_cohort(),
    "variantsDialog": lambda window: workspace(window).training.answers.ask_preview(),
    "modelDialog": lambda window: workspace(window).training.ask_model(),
    "stopDialog": lambda window: window._ask_stopping(),
    "lockedDialog": lambda window: window._offer_reading(Path("project"), "It is open elsewhere."),
    "errorDialog": lambda window: show_error(window, "Title", "Sentence."),
    "crashDialog": lambda window: show_crash(window, ValueError("wrong")),
    "problemsDialog": lambda window: show_problems(window, "Title", [("a", "b", "c")]),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_dialogs(qtbot: QtBot, window: MainWindow, name: str) -> None:
    DIALOGS[name](window)
    dialog = next(w for w in QApplication.topLevelWidgets() if w.objectName() == name and w.isVisible())
    assert isinstance(dialog, QDialog)
    assert not nameless(dialog)
    with qtbot.waitSignal(dialog.finished):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)


@pytest.mark.parametrize("name", DIALOGS)
def test_large_text_is_not_cut_off(window: MainWindow, theme: Theme, name: str) -> None:
    theme.scale_font(1.6)
    DIALOGS[name](window)
    dialog = next(w for w in QApplication.topLevelWidgets() if w.objectName() == name and w.isVisible())
    cut = [
        f"{part.text()}: {part.width()} of {part.minimumSizeHint().width()} px"
        for part in dialog.findChildren(QWidget)
        if isinstance(part, QLabel | QAbstractButton) and part.isVisible() and part.text()
        if part.width() < part.minimumSizeHint().width()
    ]
    assert not cut
    assert isinstance(dialog, QDialog)
    dialog.reject()


def test_the_locks_question(qtbot: QtBot, window: MainWindow) -> None:
    room = workspace(window)
    room.review.show_validation()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    lock = dialog.findChild(QAbstractButton, "lockValidation")
    assert lock is not None
    qtbot.waitUntil(lock.isEnabled)
    QTest.mouseClick(lock, Qt.MouseButton.LeftButton)
    question = QApplication.activeModalWidget()
    assert question is not None
    assert question.objectName() == "confirmLock"
    assert not nameless(question)
