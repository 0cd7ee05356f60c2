"""The review page as a whole: other queues, comparing, blinking, cleaning up, what is remembered."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.jobs.manager import JobManager
from app.review.keys.editor import KeyEditor
from app.review.page import ReviewPage
from app.settings import Settings
from app.theme import Theme
from gsal.arrays import Mask
from gsal.jobs.masks.making import new_mask
from gsal.jobs.reading.validation import ChooseValidationSet
from gsal.jobs.runner import run_job
from gsal.masks import codec, probabilities
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import (
    Decision,
    MaskSet,
    MaskSource,
    ModelKind,
    Preprocessing,
    Purpose,
    QueueKind,
    Reader,
    ReaderKind,
    ReviewSettings,
    Verdict,
)
from tests.app.test_review import current_id, dab, press

Key = Qt.Key
Make = Callable[[str], ReviewPage]
HEADER_PX = 50


@pytest.fixture
def make(qtbot: QtBot, project: Project, theme: Theme, settings: Settings) -> Iterator[Make]:
    """Return a maker of pages, each for a reader of a name."""
    project.store.set_review_settings(ReviewSettings(random_share=0.0, blank_share=0.0, repeat_share=0.0))
    made: list[tuple[ReviewPage, JobManager]] = []

    def page_of(name: str) -> ReviewPage:
        manager = JobManager(lambda job, ctx: run_job(job, project, ctx))
        page = ReviewPage(project, manager, theme, settings)
        made.append((page, manager))
        qtbot.addWidget(page)
        page.set_reader(reader(project, name))
        page.resize(1280, 720)
        with qtbot.waitExposed(page):
            page.show()
        qtbot.waitUntil(lambda: page.session.can_edit)
        return page

    yield page_of
    for page, manager in made:
        manager.shut_down()
        page.shut_down()


def reader(project: Project, name: str) -> Reader:
    return project.store.readers.add(name, ReaderKind.EXPERT)


def mask_of(page: ReviewPage) -> Mask:
    assert page.session.painting is not None
    return page.session.painting.mask


def choose_set(project: Project, n: int = 2) -> list[int]:
    run_job(ChooseValidationSet(n, seed=0), project, JobContext())
    return [member.image_id for member in project.store.validation.members()]


def decide_all(qtbot: QtBot, page: ReviewPage, kind: QueueKind, at: float) -> None:
    """Draw one dab on each picture of a queue and accept it."""
    page.queue.show_kind(kind)
    qtbot.waitUntil(lambda: page.session.picture is not None and _purpose(page) in _PURPOSES[kind])
    for _ in range(page.queue.queue.rowCount()):
        decide(qtbot, page, at)
    assert page.queue.queue.left == 0


def decide(qtbot: QtBot, page: ReviewPage, at: float) -> None:
    image_id = current_id(page)
    dab(page, at, at)
    with qtbot.waitSignal(page.session.decided):
        press(page, Key.Key_Return)
    qtbot.waitUntil(lambda: page.queue.queue.left == 0 or current_id(page) != image_id)


_PURPOSES = {
    QueueKind.VALIDATION: {Purpose.VALIDATION},
    QueueKind.SECOND_READING: {Purpose.SECOND_READING},
    QueueKind.ADJUDICATION: {Purpose.ADJUDICATION},
}


def _purpose(page: ReviewPage) -> Purpose:
    assert page.session.picture is not None
    return page.session.picture.item.purpose


def test_c_compares_and_a_number_takes(qtbot: QtBot, make: Make) -> None:
    page = make("AW")
    press(page, Key.Key_C)
    comparison = page.centre.comparison
    assert page.centre.currentWidget() is comparison
    assert [pane.choice.key for pane in comparison.panes] == [0, 1, 2, 3]
    QTest.keyClick(comparison, Key.Key_3)
    assert page.centre.currentWidget() is not comparison
    assert page.session.picture is not None
    taken = page.session.picture.proposal(3)
    assert taken is not None
    assert page.session.origin_id == taken.record.id
    assert page.tools.proposals.buttons[3].isChecked()


def test_x_shows_the_mask_as_it_was_while_it_is_held(qtbot: QtBot, make: Make) -> None:
    page = make("AW")
    before = page.canvas.grab().toImage()
    dab(page, 5, 5)
    page.canvas.clearFocus()
    painted = page.canvas.grab().toImage()
    page.setFocus()
    QTest.keyPress(page, Key.Key_X)
    assert page.session.painting is not None
    shown = page.canvas.grab().toImage()
    assert shown != painted
    QTest.keyRelease(page, Key.Key_X)
    assert page.canvas.grab().toImage() == painted
    assert before != painted


def test_keys_clean_the_mask_up_as_one_step_each(qtbot: QtBot, make: Make) -> None:
    page = make("AW")
    page.canvas.set_brush(3)
    dab(page, 4, 4)
    speck = mask_of(page)
    assert speck[4, 4]
    press(page, Key.Key_R)
    assert not mask_of(page)[4, 4]
    assert page.session.painting is not None
    steps = page.session.painting.undo_count
    press(page, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(mask_of(page), speck)
    press(page, Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert mask_of(page).sum() > speck.sum()
    assert page.session.painting.undo_count == steps


def test_the_networks_threshold_can_be_moved_until_the_first_stroke(
    qtbot: QtBot, make: Make, project: Project
) -> None:
    share = np.linspace(0, 1, 64, dtype=np.float32)[None].repeat(64, axis=0)
    model = project.store.models.add(
        name="net",
        kind=ModelKind.SEGMENTER,
        architecture="bisenet",
        classes=("ink",),
        preprocessing=Preprocessing(size=64),
        run_card={},
    )
    for image in project.store.images.all():
        mask = new_mask(image.id, share > 0.5, MaskSource.MODEL, model_id=model.id, threshold=0.5)
        project.store.masks.add_many([replace(mask, probabilities=probabilities.encode(share))])
    page = make("AW")
    panel = page.tools.proposals
    press(page, Key.Key_4)
    assert panel.has_threshold
    fewer = mask_of(page).sum()
    panel.threshold.setValue(20)
    assert mask_of(page).sum() > fewer
    dab(page, 5, 5)
    assert not panel.has_threshold


def test_a_picture_of_the_validation_set_opens_blind_wherever_it_is_asked_for(
    qtbot: QtBot, make: Make, project: Project
) -> None:
    member = choose_set(project)[0]
    page = make("AW")
    assert page.queue.queue.row_of(member) is None
    page.show_picture(member)
    qtbot.waitUntil(lambda: current_id(page) == member)
    assert page.queue.kind is QueueKind.VALIDATION
    picture = page.session.picture
    assert picture is not None
    assert (_purpose(page), picture.is_blind) == (Purpose.VALIDATION, True)
    assert not mask_of(page).any(), "a blind reading begins empty"
    assert [page.tools.proposals.buttons[key].text() for key in (1, 2, 3)] == ["1", "2", "3"]


def test_an_empty_queue_leaves_nothing_to_paint_on(qtbot: QtBot, make: Make) -> None:
    page = make("AW")
    page.queue.show_kind(QueueKind.FLAGGED)
    qtbot.waitUntil(lambda: page.session.picture is None)
    assert page.canvas.painting is None
    assert not page.tools.verdicts.isEnabled()
    page.queue.show_kind(QueueKind.REVIEW)
    qtbot.waitUntil(lambda: page.session.picture is not None)
    assert page.tools.verdicts.isEnabled()


def test_a_hidden_mask_comes_back_with_the_next_picture(qtbot: QtBot, make: Make) -> None:
    page = make("AW")
    image_id = current_id(page)
    press(page, Key.Key_S)
    assert page.canvas.looks.is_hidden
    press(page, Key.Key_D)
    qtbot.waitUntil(lambda: current_id(page) != image_id)
    assert not page.canvas.looks.is_hidden


def test_the_slider_says_how_alike_colours_have_to_be(qtbot: QtBot, make: Make) -> None:
    page = make("AW")
    page.tools.tools.tolerance.setValue(40)
    assert page.canvas.colour_tolerance == 40


def test_two_readers_and_a_third_mask(qtbot: QtBot, make: Make, project: Project) -> None:
    members = choose_set(project)
    decide_all(qtbot, make("AW"), QueueKind.VALIDATION, at=20)
    decide_all(qtbot, make("BX"), QueueKind.SECOND_READING, at=40)
    page = make("CY")
    page.queue.show_kind(QueueKind.ADJUDICATION)
    view = page.centre.adjudication
    qtbot.waitUntil(lambda: view.session.pair is not None)
    assert not mask_of(page).any()
    press(page, Key.Key_Return)
    assert page.queue.queue.left == 2, "an empty mask is not accepted unasked where readers found ink"
    assert "Take a mask or draw one first" in page.tools.tools.what.text()
    press(page, Key.Key_3)
    both = mask_of(page)
    assert both[20, 20]
    assert both[40, 40]
    image_id = current_id(page)
    with qtbot.waitSignal(page.session.decided):
        press(page, Key.Key_Return)
    (record,) = project.store.masks.best([image_id], MaskSet.ADJUDICATED).values()
    assert record.source is MaskSource.ADJUDICATED
    assert np.array_equal(codec.decode(project.store.masks.load(record.id)), both)
    assert project.store.masks.best(members)[image_id].id == record.id


def test_a_flag_leads_over_a_second_reading_to_an_adjudication(
    qtbot: QtBot, make: Make, project: Project
) -> None:
    first = make("AW")
    image_id = current_id(first)
    dab(first, 20, 20)
    with qtbot.waitSignal(first.session.decided):
        press(first, Key.Key_F)
    assert project.store.masks.best([image_id]) == {}, "until somebody decides nobody knows"
    second = make("BX")
    second.queue.show_kind(QueueKind.FLAGGED)
    qtbot.waitUntil(lambda: second.session.picture is None)
    decide_all(qtbot, second, QueueKind.SECOND_READING, at=20)
    third = make("CY")
    third.queue.show_kind(QueueKind.ADJUDICATION)
    qtbot.waitUntil(lambda: third.centre.adjudication.session.pair is not None)
    assert current_id(third) == image_id
    press(third, Key.Key_0)
    with qtbot.waitSignal(third.session.decided):
        press(third, Key.Key_Return)
    assert third.tools.verdicts.decided.text() == "Your verdict: accepted"
    best = project.store.masks.best([image_id])[image_id]
    assert (best.source, best.ink_px) == (MaskSource.ADJUDICATED, 0.0)


def test_the_validation_set_opens_from_its_queue(qtbot: QtBot, make: Make) -> None:
    page = make("AW")
    assert page.queue.set.isHidden()
    page.queue.show_kind(QueueKind.VALIDATION)
    QTest.mouseClick(page.queue.set, Qt.MouseButton.LeftButton)
    dialog = page.findChild(QDialog, "validationDialog")
    assert dialog is not None
    assert dialog.isVisible()
    dialog.reject()


def test_brush_looks_and_keys_are_as_they_were_left(qtbot: QtBot, make: Make, settings: Settings) -> None:
    page = make("AW")
    page.canvas.set_brush(57)
    press(page, Key.Key_P)
    press(page, Key.Key_Comma)
    looks = page.canvas.looks
    page.keys.edit()
    editor = page.findChild(KeyEditor)
    assert editor is not None
    editor.chosen.emit(page.keys.keymap.with_keys("accept", ("Ctrl+Return",)))
    editor.reject()
    again = make("AW")
    assert again.canvas.brush_px == 57
    assert again.tools.tools.brush_size.value() == 57
    assert (again.canvas.looks.palette, again.canvas.looks.opacity) == (looks.palette, looks.opacity)
    press(again, Key.Key_Return)
    assert again.queue.queue.left == 8
    with qtbot.waitSignal(again.session.decided) as decided:
        press(again, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert decided.args[0].verdict is Verdict.ACCEPTED


def leave_two_readings(project: Project) -> None:
    """Let two others read the first picture."""
    image = project.store.images.all()[0]
    mask = np.zeros((image.height, image.width), np.bool_)
    for name in ("R1", "R2"):
        new = new_mask(image.id, mask, MaskSource.HUMAN, reader_id=reader(project, name).id)
        revision = project.store.masks.add(new).result()
        assert revision.reader_id is not None
        project.store.decisions.add(
            Decision(image.id, revision.reader_id, Purpose.VALIDATION, Verdict.ACCEPTED, revision.id, 0.0, "")
        ).result()


def test_an_empty_queue_ends_the_adjudication(qtbot: QtBot, project: Project, make: Make) -> None:
    leave_two_readings(project)
    page = make("AW")
    beside = page.centre.adjudication
    page.queue.show_kind(QueueKind.ADJUDICATION)
    qtbot.waitUntil(lambda: beside.is_open and beside.session.pair is not None)
    page.queue.show_kind(QueueKind.FLAGGED)
    qtbot.waitUntil(lambda: page.session.picture is None)
    assert not beside.is_open
    assert not any(part.isVisible() for part in (beside.first, beside.second, beside.figures, beside.layer))
    assert beside.session.pair is None


@pytest.mark.parametrize(("kind", "scale"), [(QueueKind.REVIEW, 1.6), (QueueKind.ADJUDICATION, 1.45)])
def test_large_text_fits_a_small_window(
    qtbot: QtBot, project: Project, make: Make, theme: Theme, kind: QueueKind, scale: float
) -> None:
    leave_two_readings(project)
    theme.scale_font(scale)
    page = make("AW")
    page.queue.show_kind(kind)
    if kind is QueueKind.ADJUDICATION:
        qtbot.waitUntil(lambda: page.centre.adjudication.session.pair is not None)
    qtbot.waitUntil(lambda: page.session.picture is not None)
    least = page.minimumSizeHint()
    assert least.width() <= 1280
    assert least.height() <= 720 - HEADER_PX * scale
    assert (page.width(), page.height()) == (1280, 720)
    beside = page.centre.adjudication
    shown = (beside.canvas,) if kind is QueueKind.REVIEW else (beside.first, beside.second, beside.figures)
    # Nothing is cut off, once the figures that come later are laid out too.
    qtbot.waitUntil(lambda: all(part.width() >= part.minimumSizeHint().width() for part in shown))
    if kind is QueueKind.REVIEW:
        assert beside.canvas.width() == beside.width(), "the picture has all the room"


def test_a_wide_window_can_become_small_again(qtbot: QtBot, project: Project, make: Make) -> None:
    leave_two_readings(project)
    page = make("AW")
    page.resize(1800, 900)
    page.queue.show_kind(QueueKind.ADJUDICATION)
    beside = page.centre.adjudication
    qtbot.waitUntil(lambda: beside.session.pair is not None)
    qtbot.waitUntil(lambda: beside.first.y() == beside.second.y())
    page.resize(1100, 700)
    assert page.width() == 1100
    qtbot.waitUntil(lambda: beside.first.y() < beside.second.y())


def test_a_correction_of_an_accepted_mask_counts(qtbot: QtBot, make: Make, project: Project) -> None:
    page = make("AW")
    image_id = current_id(page)
    page.canvas.set_brush(8)
    decide(qtbot, page, at=20)
    press(page, Key.Key_A)
    qtbot.waitUntil(lambda: current_id(page) == image_id)
    assert page.tools.verdicts.decided.text() == "Your verdict: accepted"
    dab(page, 40, 40)
    corrected = mask_of(page)
    with qtbot.waitSignal(page.session.decided) as decided:
        press(page, Key.Key_D)
    assert (decided.args[0].image_id, decided.args[0].verdict) == (image_id, Verdict.ACCEPTED)
    (record,) = project.store.masks.best([image_id], MaskSet.HUMAN).values()
    assert np.array_equal(codec.decode(project.store.masks.load(record.id)), corrected)


def test_a_rejected_picture_that_is_corrected_stays_rejected(
    qtbot: QtBot, make: Make, project: Project
) -> None:
    page = make("AW")
    image_id = current_id(page)
    with qtbot.waitSignal(page.session.decided):
        press(page, Key.Key_Backspace)
    press(page, Key.Key_A)
    qtbot.waitUntil(lambda: current_id(page) == image_id)
    dab(page, 40, 40)
    with qtbot.waitSignal(page.session.saved):
        press(page, Key.Key_D)
    assert project.store.masks.best([image_id]) == {}


def test_a_copy_of_unsaved_work_comes_back_by_hand(
    qtbot: QtBot, make: Make, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make("AW")
    path = tmp_path / "unsaved.zip"

    def refuse(step: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(project.store.readings, "add_step", refuse)
        with qtbot.waitSignal(page.session.not_saved):
            dab(page, 20, 20)
        with qtbot.waitSignal(page.session.copied):
            page.banner.copy_asked.emit(path)
    qtbot.waitUntil(lambda: page.session.held == 0, timeout=10_000)
    painted = mask_of(page)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    page.keeping.ask_bring_back()
    qtbot.waitUntil(lambda: page.session.held == 0 and page.session.picture is not None)
    assert np.array_equal(mask_of(page), painted), "nothing comes twice"
    path.write_bytes(b"no copy")
    page.keeping.ask_bring_back()
    error = page.findChild(QMessageBox, "errorDialog")
    assert error is not None
    assert str(path) in error.informativeText()
