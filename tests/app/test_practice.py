"""The guided practice: each step is passed by doing it, skipped on request, and nothing is written."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.review.keys.bindings import LEFT_HANDED
from app.review.keys.keymap import Keymap
from app.review.practice.dialog import PracticeDialog
from app.review.practice.lesson import STEPS, Lesson, StepName
from app.review.practice.scene import PracticeScene, make_scene
from gsal.arrays import Mask
from gsal.project import Project

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture(scope="module")
def scene() -> PracticeScene:
    return make_scene()


@pytest.fixture
def dialog(qtbot: QtBot, scene: PracticeScene, monkeypatch: pytest.MonkeyPatch) -> Iterator[PracticeDialog]:
    monkeypatch.setattr("app.review.practice.dialog.make_scene", lambda: scene)
    made = PracticeDialog()
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.lesson is not None)
    yield made
    made.reject()


def lesson_of(dialog: PracticeDialog) -> Lesson:
    assert dialog.lesson is not None
    return dialog.lesson


def asked(dialog: PracticeDialog) -> StepName | None:
    step = lesson_of(dialog).step
    return step.name if step else None


def skip_to(dialog: PracticeDialog, name: StepName) -> None:
    while asked(dialog) is not name:
        dialog.do("skip")


def point(dialog: PracticeDialog, row: float, column: float) -> QPoint:
    x, y = dialog.canvas.viewport.to_widget(column + 0.5, row + 0.5)
    return QPoint(round(x), round(y))


def turn_wheel(dialog: PracticeDialog, turns: int) -> None:
    at = QPointF(200, 200)
    event = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(dialog.canvas, event)


def rub(dialog: PracticeDialog, place: Mask, *, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """Drag to and fro over every fourth row of a place."""
    rows = np.flatnonzero(place.any(axis=1))[::4]
    first = point(dialog, rows[0], np.flatnonzero(place[rows[0]])[0])
    QTest.mousePress(dialog.canvas, button, NONE, first)
    for row in rows:
        columns = np.flatnonzero(place[row])
        for column in (columns[0], columns[-1]):
            QTest.mouseMove(dialog.canvas, point(dialog, row, column))
    QTest.mouseRelease(dialog.canvas, button, NONE, first)


def press(dialog: PracticeDialog, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    dialog.canvas.setFocus()
    QTest.keyClick(dialog.canvas, key, modifier)


def test_the_proposal_is_wrong_in_two_places(scene: PracticeScene) -> None:
    assert scene.missing.any()
    assert scene.wrong.any()
    assert not (scene.missing & ~scene.ink).any()
    assert not (scene.wrong & scene.ink).any()
    assert np.array_equal(scene.proposal ^ scene.ink, scene.missing | scene.wrong)
    assert np.array_equal(make_scene().picture, scene.picture), "the same picture each time"


def test_all_six_steps_by_mouse_and_key(dialog: PracticeDialog, scene: PracticeScene) -> None:
    assert asked(dialog) is StepName.ZOOM
    turn_wheel(dialog, 1)
    assert asked(dialog) is StepName.HIDE
    turn_wheel(dialog, -1)
    QTest.keyPress(dialog.canvas, Key.Key_H)
    assert dialog.canvas.looks.is_hidden
    assert asked(dialog) is StepName.HIDE, "it counts once it is let go"
    QTest.keyRelease(dialog.canvas, Key.Key_H)
    assert not dialog.canvas.looks.is_hidden
    assert asked(dialog) is StepName.BRUSH
    press(dialog, Key.Key_B)
    rub(dialog, scene.missing)
    assert asked(dialog) is StepName.ERASE
    press(dialog, Key.Key_E)
    rub(dialog, scene.wrong)
    assert asked(dialog) is StepName.UNDO
    press(dialog, Key.Key_Z, CTRL)
    assert asked(dialog) is StepName.UNDO
    press(dialog, Key.Key_Y, CTRL)
    assert asked(dialog) is StepName.ACCEPT
    press(dialog, Key.Key_Return)
    assert asked(dialog) is None
    result = lesson_of(dialog).result
    assert result.n_done == len(STEPS)
    assert result.after > 0.8 > result.before
    assert "6 of 6" in dialog.panel.text.text()
    assert not dialog.canvas.is_editable
    assert dialog.isVisible(), "Enter presses no button of the dialog"


def test_all_six_steps_by_button(qtbot: QtBot, dialog: PracticeDialog, scene: PracticeScene) -> None:
    buttons = dialog.panel.buttons

    def click(action: str) -> None:
        QTest.mouseClick(buttons[action], Qt.MouseButton.LeftButton)

    click("zoom-in")
    click("hide")
    assert asked(dialog) is StepName.BRUSH
    click("brush")
    rub(dialog, scene.missing)
    click("eraser")
    rub(dialog, scene.wrong)
    click("undo")
    click("redo")
    QTest.mouseClick(dialog.panel.accept, Qt.MouseButton.LeftButton)
    assert lesson_of(dialog).result.n_done == len(STEPS)


def test_the_right_button_erases_too(dialog: PracticeDialog, scene: PracticeScene) -> None:
    skip_to(dialog, StepName.ERASE)
    rub(dialog, scene.wrong, button=Qt.MouseButton.RightButton)
    assert asked(dialog) is StepName.UNDO


def test_doing_something_else_passes_no_step(dialog: PracticeDialog, scene: PracticeScene) -> None:
    press(dialog, Key.Key_Return)
    press(dialog, Key.Key_Z, CTRL)
    assert asked(dialog) is StepName.ZOOM
    skip_to(dialog, StepName.BRUSH)
    press(dialog, Key.Key_E)
    rub(dialog, scene.wrong)
    assert asked(dialog) is StepName.BRUSH
    skip_to(dialog, StepName.UNDO)
    press(dialog, Key.Key_Y, CTRL)
    assert asked(dialog) is StepName.UNDO, "nothing was taken back yet"


def test_what_was_done_before_it_is_asked_for_counts(dialog: PracticeDialog, scene: PracticeScene) -> None:
    rub(dialog, scene.missing)
    skip_to(dialog, StepName.BRUSH) if asked(dialog) is StepName.HIDE else dialog.do("skip")
    dialog.do("skip")
    assert asked(dialog) is StepName.ERASE
    assert lesson_of(dialog).done == {StepName.BRUSH}


def test_it_names_and_obeys_the_readers_own_keys(
    qtbot: QtBot, scene: PracticeScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.review.practice.dialog.make_scene", lambda: scene)
    made = PracticeDialog(keymap=Keymap(LEFT_HANDED).with_keys("accept", ("Ctrl+M",)))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.lesson is not None)
    skip_to(made, StepName.BRUSH)
    assert "Press N and paint" in made.panel.text.text()
    press(made, Key.Key_M)
    assert made.canvas.tool == "eraser"
    press(made, Key.Key_B)
    assert made.canvas.tool == "eraser", "B is another key here"
    press(made, Key.Key_N)
    assert made.canvas.tool == "brush"
    skip_to(made, StepName.ACCEPT)
    press(made, Key.Key_Return)
    assert asked(made) is StepName.ACCEPT
    press(made, Key.Key_M, CTRL)
    assert asked(made) is None
    made.reject()


def test_space_held_moves_the_picture(dialog: PracticeDialog, scene: PracticeScene) -> None:
    dialog.canvas.setFocus()
    x = dialog.canvas.viewport.x
    QTest.keyPress(dialog.canvas, Key.Key_Space)
    QTest.mousePress(dialog.canvas, Qt.MouseButton.LeftButton, NONE, QPoint(100, 100))
    QTest.mouseMove(dialog.canvas, QPoint(140, 100))
    QTest.mouseRelease(dialog.canvas, Qt.MouseButton.LeftButton, NONE, QPoint(140, 100))
    QTest.keyRelease(dialog.canvas, Key.Key_Space)
    assert dialog.canvas.viewport.x == pytest.approx(x + 40)
    assert np.array_equal(lesson_of(dialog).painting.mask, scene.proposal)


def test_skipping_and_starting_again(qtbot: QtBot, dialog: PracticeDialog, scene: PracticeScene) -> None:
    skip = dialog.findChild(QPushButton, "practice-skip")
    again = dialog.findChild(QPushButton, "practice-again")
    assert isinstance(skip, QPushButton)
    assert isinstance(again, QPushButton)
    rub(dialog, scene.missing)
    for _ in STEPS:
        QTest.mouseClick(skip, Qt.MouseButton.LeftButton)
    assert asked(dialog) is None
    assert not skip.isEnabled()
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    assert asked(dialog) is StepName.ZOOM
    assert np.array_equal(lesson_of(dialog).painting.mask, scene.proposal)
    assert dialog.canvas.painting is lesson_of(dialog).painting
    assert dialog.canvas.is_editable
    assert dialog.panel.progress.value() == 0


def test_no_project_changes_by_a_byte(
    qtbot: QtBot, project: Project, dialog: PracticeDialog, scene: PracticeScene, tmp_path: Path
) -> None:
    def state() -> dict[str, str]:
        files = [p for folder in (project.folder, Path.home()) for p in folder.rglob("*") if p.is_file()]
        return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    before = state()
    assert before
    turn_wheel(dialog, 1)
    skip_to(dialog, StepName.BRUSH)
    rub(dialog, scene.missing)
    press(dialog, Key.Key_Z, CTRL)
    skip_to(dialog, StepName.ACCEPT)
    press(dialog, Key.Key_Return)
    press(dialog, Key.Key_Escape)
    assert not dialog.isVisible()
    assert state() == before


def test_closing_before_the_picture_is_drawn(qtbot: QtBot) -> None:
    made = PracticeDialog()
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    assert not made.panel.accept.isEnabled()
    made.do("close")
    assert not made.isVisible()


def test_no_torch_is_imported() -> None:
    code = "import sys, app.review.practice.dialog as d; assert 'torch' not in sys.modules; print('light')"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.stdout == "light\n", result.stderr
