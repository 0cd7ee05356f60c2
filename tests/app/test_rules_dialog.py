"""The dialog of the ink rules, over a real page: previews, eyedropper, one picture, the whole project."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.jobs.manager import JobManager
from app.review.page import ReviewPage
from app.review.rules.dialog import RulesDialog
from app.settings import Settings
from app.theme import Theme
from gsal.jobs.runner import run_job
from gsal.masks.picked_ink import colour_at
from gsal.project import Project
from gsal.records import Purpose, QueueItem, Reader, ReaderKind, ReviewSettings, ValidationMember

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
INKED = 2  # every other picture has a blue stroke at its top
USUAL = {"sensitivity": 1.0, "max_pen_width": 0.1, "ink_colour": None}
Opener = Callable[[], RulesDialog]


@pytest.fixture
def reader(project: Project) -> Reader:
    return project.store.readers.add("AW", ReaderKind.RESEARCHER)


@pytest.fixture
def manager(project: Project) -> Iterator[JobManager]:
    made = JobManager(lambda job, ctx: run_job(job, project, ctx))
    yield made
    made.shut_down()


@pytest.fixture
def page(
    qtbot: QtBot, project: Project, reader: Reader, manager: JobManager, theme: Theme, settings: Settings
) -> Iterator[ReviewPage]:
    project.store.set_review_settings(ReviewSettings(random_share=0.0, blank_share=0.0))
    made = ReviewPage(project, manager, theme, settings)
    qtbot.addWidget(made)
    made.set_reader(reader)
    made.resize(1280, 720)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.session.can_edit and made.queue.queue.rowCount() == 8)
    yield made
    manager.shut_down()
    made.shut_down()


@pytest.fixture
def opened(qtbot: QtBot, page: ReviewPage) -> Iterator[Opener]:
    dialogs = []

    def make() -> RulesDialog:
        QTest.mouseClick(page.tools.proposals.rules, LEFT)
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, RulesDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialogs.append(dialog)
        return dialog

    yield make
    for dialog in dialogs:
        dialog.controls.stop_picking()
        dialog.reject()


def go_to(qtbot: QtBot, page: ReviewPage, image_id: int, purpose: Purpose = Purpose.REVIEW) -> None:
    page.session.open(QueueItem(image_id, purpose, None))
    qtbot.waitUntil(lambda: page.session.picture is not None and page.session.picture.image.id == image_id)


def wait_for_preview(qtbot: QtBot, dialog: RulesDialog) -> None:
    qtbot.waitUntil(dialog.use.isEnabled)


def click_on_ink(dialog: RulesDialog, pane: int = 0) -> None:
    canvas = dialog.panes[pane].canvas
    x, y = canvas.viewport.to_widget(30.5, 6.5)
    QTest.mouseClick(canvas, LEFT, NONE, QPoint(round(x), round(y)))


def test_the_previews_are_what_the_rules_find_and_follow_the_sliders(
    qtbot: QtBot, page: ReviewPage, opened: Opener, project: Project
) -> None:
    go_to(qtbot, page, INKED)
    dialog = opened()
    wait_for_preview(qtbot, dialog)
    picture = page.session.picture
    assert picture is not None
    for key, pane in enumerate(dialog.panes, start=1):
        proposal = picture.proposal(key)
        assert proposal is not None
        np.testing.assert_array_equal(pane.found, proposal.mask)
    dialog.controls.width_.setValue(3)
    assert not dialog.use.isEnabled(), "what is seen is what is used"
    wait_for_preview(qtbot, dialog)
    assert not any(pane.found is not None and pane.found.any() for pane in dialog.panes)
    assert project.store.masks.by_rule()[INKED]["hue"].settings == USUAL, "looking changes nothing"


def test_a_click_takes_the_ink_s_colour_and_esc_puts_the_eyedropper_away(
    qtbot: QtBot, page: ReviewPage, opened: Opener
) -> None:
    go_to(qtbot, page, INKED)
    dialog = opened()
    wait_for_preview(qtbot, dialog)
    click_on_ink(dialog)
    assert dialog.controls.colour is None, "without the eyedropper a click takes nothing"
    QTest.mouseClick(dialog.controls.pick, LEFT)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert not dialog.controls.pick.isChecked()
    QTest.mouseClick(dialog.controls.pick, LEFT)
    click_on_ink(dialog, pane=1)
    assert not dialog.controls.pick.isChecked()
    assert page.session.picture is not None
    assert dialog.controls.colour == colour_at(page.session.picture.rgb, (30.5, 6.5))
    assert np.abs(np.array(dialog.controls.colour) - (50, 60, 150)).max() < 8
    wait_for_preview(qtbot, dialog)
    assert dialog.panes[0].found is not None
    assert dialog.panes[0].found[4:9, 8:58].mean() > 0.8
    QTest.mouseClick(dialog.controls.any, LEFT)
    assert dialog.controls.colour is None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_this_picture_s_proposals_are_made_anew_and_can_be_taken_though_it_is_drawn_on(
    qtbot: QtBot, page: ReviewPage, opened: Opener, project: Project
) -> None:
    go_to(qtbot, page, INKED)
    QTest.mouseClick(page.tools.proposals.buttons[0], LEFT)
    dialog = opened()
    wait_for_preview(qtbot, dialog)
    dialog.controls.sensitivity.setValue(150)
    wait_for_preview(qtbot, dialog)
    with qtbot.waitSignal(dialog.renewed):
        QTest.mouseClick(dialog.use, LEFT)
    expected = USUAL | {"sensitivity": 1.5}
    rules = project.store.masks.by_rule()
    assert {mask.settings["sensitivity"] for mask in rules[INKED].values() if mask.settings} == {1.5}
    assert rules[INKED]["hue"].settings == expected
    assert rules[INKED + 2]["hue"].settings == USUAL, "the others stay"
    found = dialog.panes[0].found
    QTest.mouseClick(dialog.close_, LEFT)
    QTest.mouseClick(page.tools.proposals.buttons[1], LEFT)
    assert page.session.painting is not None
    assert page.session.origin_id == rules[INKED]["hue"].id
    np.testing.assert_array_equal(page.session.painting.mask, found)
    page.session.undo()
    assert not page.session.painting.mask.any()


def test_the_whole_project_is_a_job_and_the_next_dialog_begins_with_its_settings(
    qtbot: QtBot, page: ReviewPage, opened: Opener, project: Project, manager: JobManager
) -> None:
    go_to(qtbot, page, INKED)
    dialog = opened()
    wait_for_preview(qtbot, dialog)
    dialog.controls.width_.setValue(20)
    with qtbot.waitSignal(manager.ended, timeout=20_000):
        QTest.mouseClick(dialog.apply, LEFT)
    assert not dialog.isVisible()
    rules = project.store.masks.by_rule()
    assert len(rules) == 8
    assert all(of["dark"].settings == USUAL | {"max_pen_width": 0.2} for of in rules.values())
    qtbot.waitUntil(lambda: page.session.picture is not None)
    again = opened()
    wait_for_preview(qtbot, again)
    assert again.controls.width_.value() == 20


def test_nothing_is_tuned_on_a_locked_patient(
    qtbot: QtBot, page: ReviewPage, opened: Opener, project: Project, reader: Reader
) -> None:
    go_to(qtbot, page, INKED)
    project.store.validation.choose(n_wanted=1, seed=1, members=[ValidationMember(INKED, "", 0)])
    project.store.validation.lock(reader.id)
    dialog = opened()
    qtbot.waitUntil(lambda: "locked validation set" in dialog.message.text())
    assert not dialog.controls.isEnabled()
    assert not dialog.use.isEnabled()
    assert not dialog.apply.isEnabled()
    assert all(pane.found is None and pane.canvas.pyramid is None for pane in dialog.panes)


def is_open_for(page: ReviewPage, purpose: Purpose) -> bool:
    return page.session.picture is not None and page.session.picture.item.purpose is purpose


def test_a_blind_reader_is_not_offered_the_rules(qtbot: QtBot, page: ReviewPage) -> None:
    assert page.tools.proposals.rules.isVisible()
    for purpose in (Purpose.VALIDATION, Purpose.SECOND_READING):
        page.session.open(QueueItem(INKED, purpose, None))
        qtbot.waitUntil(partial(is_open_for, page, purpose))
        assert not page.tools.proposals.rules.isVisible()


def test_no_torch_is_imported() -> None:
    code = "import sys, app.review.rules.dialog as d; assert 'torch' not in sys.modules; print('light')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "light"
