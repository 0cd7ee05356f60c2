"""The review page with real keys and a real project: what is seen, what is kept, what is undone."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.jobs.manager import JobManager
from app.review.page import ReviewPage
from app.settings import Settings
from app.theme import Theme
from gsal.arrays import Mask
from gsal.editing.replay import replay
from gsal.jobs.runner import run_job
from gsal.masks import codec
from gsal.project import Project
from gsal.records import MaskSet, Purpose, Reader, ReaderKind, ReviewSettings, Verdict

NONE = Qt.KeyboardModifier.NoModifier
Key = Qt.Key


@pytest.fixture
def reader(project: Project) -> Reader:
    return project.store.readers.add("AW", ReaderKind.RESEARCHER)


@pytest.fixture
def page(
    qtbot: QtBot, project: Project, reader: Reader, theme: Theme, settings: Settings
) -> Iterator[ReviewPage]:
    project.store.set_review_settings(ReviewSettings(random_share=0.0, blank_share=0.0))
    manager = JobManager(lambda job, ctx: run_job(job, project, ctx))
    made = ReviewPage(project, manager, theme, settings)
    qtbot.addWidget(made)
    made.set_reader(reader)
    made.resize(1200, 700)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.session.can_edit and made.queue.queue.rowCount() == 8)
    yield made
    manager.shut_down()
    made.shut_down()


def test_nothing_can_be_painted_on_while_another_reader_comes(
    qtbot: QtBot, page: ReviewPage, project: Project
) -> None:
    assert page.canvas.painting is page.session.painting
    with qtbot.waitSignal(page.session.closed):
        page.set_reader(project.store.readers.add("BX", ReaderKind.RESEARCHER))
    assert page.session.painting is None
    assert page.canvas.painting is None
    qtbot.waitUntil(lambda: page.session.can_edit)
    assert page.canvas.painting is page.session.painting


def current_id(page: ReviewPage) -> int:
    assert page.session.picture is not None
    return page.session.picture.image.id


def press(page: ReviewPage, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    page.canvas.setFocus()
    QTest.keyClick(page.canvas, key, modifier)


def dab(page: ReviewPage, x: float, y: float) -> None:
    wx, wy = page.canvas.viewport.to_widget(x, y)
    QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton, NONE, QPoint(round(wx), round(wy)))


def kept(project: Project, image_id: int, reader: Reader) -> Mask:
    """Return the mask that the project's steps lead to."""
    reading = project.store.readings.latest(image_id, reader.id, Purpose.REVIEW)
    assert reading is not None
    start = np.zeros((reading.height, reading.width), np.bool_)
    if reading.start_id is not None:
        start = codec.decode(project.store.masks.load(reading.start_id))
    steps = project.store.readings.steps(reading.id)
    return replay(start, steps, project.store.readings.deltas([step.id for step in steps])).mask


def wait_for_another(qtbot: QtBot, page: ReviewPage, image_id: int) -> None:
    qtbot.waitUntil(lambda: current_id(page) != image_id)


def test_pictures_on_which_the_rules_disagree_come_first(page: ReviewPage, project: Project) -> None:
    known = {i.id: i.disagreement or 0.0 for i in project.store.images.all()}
    assert known[current_id(page)] == max(known.values())


def test_a_stroke_is_on_the_disk_before_it_says_saved(
    qtbot: QtBot, page: ReviewPage, project: Project, reader: Reader
) -> None:
    image_id = current_id(page)
    assert page.tools.saved.text() == "All is saved"
    with qtbot.waitSignal(page.session.saved):
        dab(page, 20, 40)
        assert page.tools.saved.text() == "Saving..."
        assert project.store.readings.latest(image_id, reader.id, Purpose.REVIEW) is None
    assert page.tools.saved.text().startswith("Saved ")
    assert page.session.painting is not None
    assert np.array_equal(kept(project, image_id, reader), page.session.painting.mask)


def test_undo_and_redo_by_key_are_kept_too(
    qtbot: QtBot, page: ReviewPage, project: Project, reader: Reader
) -> None:
    assert page.session.painting is not None
    before = page.session.painting.mask
    dab(page, 20, 40)
    after = page.session.painting.mask
    assert not np.array_equal(before, after)
    press(page, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(page.session.painting.mask, before)
    qtbot.waitUntil(lambda: page.session.held == 0)
    assert np.array_equal(kept(project, current_id(page), reader), before)
    with qtbot.waitSignal(page.session.saved):
        press(page, Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(page.session.painting.mask, after)
    assert np.array_equal(kept(project, current_id(page), reader), after)


def test_number_keys_take_proposals_and_zero_empties(qtbot: QtBot, page: ReviewPage) -> None:
    picture, painting = page.session.picture, page.session.painting
    assert picture is not None
    assert painting is not None
    assert [p.key for p in picture.proposals] == [1, 2, 3]
    for key, qt_key in ((3, Key.Key_3), (1, Key.Key_1), (2, Key.Key_2)):
        press(page, qt_key)
        proposal = picture.proposal(key)
        assert proposal is not None
        assert np.array_equal(painting.mask, proposal.mask)
    press(page, Key.Key_0)
    assert painting.ink_pixels == 0
    press(page, Key.Key_4)
    assert painting.ink_pixels == 0, "there is no network yet"


def test_accepting_keeps_mask_and_verdict_and_goes_on(
    qtbot: QtBot, page: ReviewPage, project: Project, reader: Reader
) -> None:
    image_id = current_id(page)
    press(page, Key.Key_2)
    assert page.session.painting is not None
    chosen = page.session.painting.mask
    with qtbot.waitSignal(page.decided):
        press(page, Key.Key_Return)
    wait_for_another(qtbot, page, image_id)
    decision = project.store.decisions.latest(image_id, reader.id, Purpose.REVIEW)
    assert decision is not None
    assert decision.verdict is Verdict.ACCEPTED
    human = project.store.masks.best([image_id], MaskSet.HUMAN)[image_id]
    assert human.id == decision.revision_id
    assert np.array_equal(codec.decode(project.store.masks.load(human.id)), chosen)
    assert page.queue.left.text() == "7 left of 8"


def test_rejecting_and_flagging_make_no_human_mask(
    qtbot: QtBot, page: ReviewPage, project: Project, reader: Reader
) -> None:
    for key, verdict in ((Key.Key_Backspace, Verdict.REJECTED), (Key.Key_F, Verdict.FLAGGED)):
        image_id = current_id(page)
        with qtbot.waitSignal(page.decided):
            press(page, key)
        wait_for_another(qtbot, page, image_id)
        decision = project.store.decisions.latest(image_id, reader.id, Purpose.REVIEW)
        assert decision is not None
        assert decision.verdict is verdict
    assert project.store.masks.best(None, MaskSet.HUMAN) == {}


def test_going_back_finds_the_work_and_its_undo(qtbot: QtBot, page: ReviewPage) -> None:
    first = current_id(page)
    dab(page, 20, 40)
    assert page.session.painting is not None
    mask = page.session.painting.mask
    press(page, Key.Key_D)
    qtbot.waitUntil(lambda: current_id(page) != first)
    press(page, Key.Key_A)
    qtbot.waitUntil(lambda: current_id(page) == first)
    assert np.array_equal(page.session.painting.mask, mask)
    press(page, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not np.array_equal(page.session.painting.mask, mask)


def test_brackets_change_the_brush_and_s_hides(page: ReviewPage) -> None:
    size = page.canvas.brush_px
    press(page, Key.Key_BracketRight)
    assert page.canvas.brush_px > size
    assert page.tools.tools.brush_size.value() == page.canvas.brush_px
    press(page, Key.Key_BracketLeft)
    press(page, Key.Key_S)
    assert page.canvas.looks.is_hidden
    press(page, Key.Key_E)
    dab(page, 20, 40)
    assert page.session.painting is not None
    assert page.session.painting.ink_pixels == 0 or page.canvas.tool == "eraser"


def test_the_page_opens_at_the_first_picture_to_review(
    qtbot: QtBot, page: ReviewPage, project: Project, reader: Reader, theme: Theme, settings: Settings
) -> None:
    first = current_id(page)
    with qtbot.waitSignal(page.decided):
        press(page, Key.Key_F)
    again = ReviewPage(project, JobManager(lambda job, ctx: run_job(job, project, ctx)), theme, settings)
    qtbot.addWidget(again)
    qtbot.waitUntil(lambda: again.session.picture is not None)
    again.set_reader(reader)
    qtbot.waitUntil(lambda: again.session.picture is not None and current_id(again) != first)
    assert again.queue.queue.next_pending(-1) == again.queue.queue.row_of(current_id(again))
    again.shut_down()


def test_it_says_where_the_mask_came_from(page: ReviewPage) -> None:
    assert page.tools.proposals.origin.text().startswith("from: ")
    dab(page, 20, 40)
    assert page.tools.proposals.origin.text() == "your mask"


def test_a_missing_picture_is_named(qtbot: QtBot, page: ReviewPage, project: Project) -> None:
    row = page.queue.queue.rowCount() - 1
    image = project.store.images.get(page.queue.queue.item_at(row).image_id)
    project.image_path(image).unlink()
    with qtbot.waitSignal(page.session.opening_failed):
        page.show_picture(image.id)
    assert image.name in page.canvas.accessibleDescription()
    assert not page.session.can_edit


def test_a_write_that_fails_is_said_and_tried_again(
    qtbot: QtBot, page: ReviewPage, project: Project, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(step: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(project.store.readings, "add_step", refuse)
        with qtbot.waitSignal(page.session.not_saved):
            dab(page, 20, 40)
    assert page.tools.saved.text() == "Not saved"
    assert page.banner.isVisible()
    assert "1 change is not saved: no space left on device" in page.banner.text.text()
    with qtbot.waitSignal(page.session.recovered):
        dab(page, 30, 10)
    assert not page.banner.isVisible()
    assert page.session.painting is not None
    assert np.array_equal(kept(project, current_id(page), reader), page.session.painting.mask)
