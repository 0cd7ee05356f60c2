"""Masks side by side: what is shown, what a click or a key takes, and that all look at one place."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.review.canvas.pyramid import Pyramid
from app.review.compare.choice import choices_of
from app.review.compare.pane import ChoicePane
from app.review.compare.view import CompareView, best_columns
from app.review.reading.opening import OpenedPicture
from app.review.reading.proposals import Proposal
from gsal.arrays import Mask
from gsal.editing.painting import Painting
from gsal.records import ImageRecord, MaskRecord, MaskSource, Purpose, QueueItem

NONE = Qt.KeyboardModifier.NoModifier
HEIGHT, WIDTH = 300, 400
RULES = ("hue", "lab", "dark", "")


def mask_of(number: int) -> Mask:
    """A stripe at a place of its own, at half the picture's size."""
    mask = np.zeros((HEIGHT // 2, WIDTH // 2), np.bool_)
    mask[30 * number : 30 * number + 10] = True
    return mask


def proposal(number: int) -> Proposal:
    rule = RULES[number - 1]
    record = MaskRecord(
        id=number,
        uuid=str(number),
        image_id=1,
        source=MaskSource.RULE if rule else MaskSource.MODEL,
        rule=rule,
        model_id=None,
        reader_id=None,
        purpose=Purpose.REVIEW,
        parent_id=None,
        ink_px=1.0,
        sha256="",
        threshold=None,
        created="",
        reading_id=None,
        step_id=None,
        tool="",
        pixels_added=0,
        pixels_removed=0,
        active_s=0.0,
    )
    return Proposal(number, record, mask_of(number))


EMPTY = np.zeros((HEIGHT, WIDTH), np.bool_)


def opened(*, is_blind: bool, proposals: int = 4) -> OpenedPicture:
    rgb = np.full((HEIGHT, WIDTH, 3), 170, np.uint8)
    image = ImageRecord(1, "r", "p.png", "0" * 64, WIDTH, HEIGHT, "MEL", "", "", None, None)
    return OpenedPicture(
        image=image,
        item=QueueItem(1, Purpose.VALIDATION if is_blind else Purpose.REVIEW, None),
        pyramid=Pyramid(rgb),
        proposals=tuple(proposal(n) for n in range(1, proposals + 1)),
        is_blind=is_blind,
        verdict=None,
        origin="",
        is_blank_start=False,
    )


class Page(QWidget):
    """What the view stands in: it has shortcuts of its own for the same keys."""

    def __init__(self) -> None:
        super().__init__()
        self.view = CompareView()
        QVBoxLayout(self).addWidget(self.view)
        self.pressed: list[str] = []
        for key in ("1", "C", "Esc", "Return", "N"):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda key=key: self.pressed.append(key))


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[Page]:
    made = Page()
    qtbot.addWidget(made)
    made.resize(1200, 600)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.view.shut_down()


def compare(qtbot: QtBot, page: Page, *, is_blind: bool = False, proposals: int = 4) -> Painting:
    picture = opened(is_blind=is_blind, proposals=proposals)
    now = Painting(EMPTY)
    page.view.show_choices(picture.pyramid, now, choices_of(picture))
    qtbot.waitUntil(lambda: all(p.canvas.painting is not None for p in page.view.panes))
    return now


def pane(page: Page, key: int) -> ChoicePane:
    return next(p for p in page.view.panes if p.choice.key == key)


def turn_wheel(page: Page, key: int) -> None:
    at = QPointF(60, 50)
    event = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pane(page, key).canvas, event)


def test_each_mask_is_shown_at_the_pictures_size(qtbot: QtBot, page: Page) -> None:
    now = compare(qtbot, page)
    assert [p.choice.key for p in page.view.panes] == [0, 1, 2, 3, 4]
    assert pane(page, 0).canvas.painting is now
    for key in range(1, 5):
        painting = pane(page, key).canvas.painting
        assert painting is not None
        assert np.array_equal(painting.mask, mask_of(key).repeat(2, axis=0).repeat(2, axis=1))


def test_a_click_takes_and_a_click_on_the_mask_of_now_closes(qtbot: QtBot, page: Page) -> None:
    compare(qtbot, page)
    with qtbot.waitSignal(page.view.taken) as taken:
        QTest.mouseClick(pane(page, 3).canvas, Qt.MouseButton.LeftButton)
    assert taken.args == [3]
    with qtbot.waitSignal(page.view.taken) as taken:
        QTest.mouseClick(pane(page, 2).button, Qt.MouseButton.LeftButton)
    assert taken.args == [2]
    with qtbot.waitSignal(page.view.closed), qtbot.assertNotEmitted(page.view.taken):
        QTest.mouseClick(pane(page, 0).canvas, Qt.MouseButton.LeftButton)


def test_its_keys_go_before_the_pages_own(qtbot: QtBot, page: Page) -> None:
    compare(qtbot, page)
    with qtbot.waitSignal(page.view.taken) as taken:
        QTest.keyClick(page.view, Qt.Key.Key_1)
    assert taken.args == [1]
    for key in (Qt.Key.Key_C, Qt.Key.Key_Escape, Qt.Key.Key_Return):
        with qtbot.waitSignal(page.view.closed):
            QTest.keyClick(page.view, key)
    assert page.pressed == []
    QTest.keyClick(page.view, Qt.Key.Key_N)
    assert page.pressed == ["N"]


def test_a_number_without_a_mask_takes_nothing(qtbot: QtBot, page: Page) -> None:
    compare(qtbot, page, proposals=3)
    with qtbot.assertNotEmitted(page.view.taken), qtbot.assertNotEmitted(page.view.closed):
        QTest.keyClick(page.view, Qt.Key.Key_4)


def test_all_zoom_and_move_together_and_dragging_takes_nothing(qtbot: QtBot, page: Page) -> None:
    compare(qtbot, page)
    before = pane(page, 1).canvas.viewport
    turn_wheel(page, 2)
    zoomed = pane(page, 2).canvas.viewport
    assert zoomed.scale == pytest.approx(1.25 * before.scale)
    assert all(p.canvas.viewport.scale == zoomed.scale for p in page.view.panes)
    canvas = pane(page, 4).canvas
    start, end = QPoint(100, 100), QPoint(140, 100)
    with qtbot.assertNotEmitted(page.view.taken):
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NONE, start)
        QTest.mouseMove(canvas, end)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, end)
    middles = []
    for p in page.view.panes:
        view, size = p.canvas.viewport, p.canvas.size()
        middles.append(view.to_picture(size.width() / 2, size.height() / 2))
    assert np.allclose(middles, middles[0])
    assert canvas.viewport.x == pytest.approx(zoomed.x + 40, abs=2)
    page.view.fit()
    assert pane(page, 1).canvas.viewport.scale == pytest.approx(before.scale)


def test_a_blind_reader_sees_numbers_only(qtbot: QtBot, page: Page) -> None:
    def texts() -> str:
        return " ".join(label.text() for label in page.view.findChildren(QLabel))

    compare(qtbot, page)
    assert all(word in texts() for word in ("hue", "dark", "BiSeNet", "% ink"))
    compare(qtbot, page, is_blind=True)
    # What was shown before is about to be deleted.
    shown = " ".join(label.text() for p in page.view.panes for label in p.findChildren(QLabel))
    assert shown.split() == ["Now", "1", "2", "3", "4"]
    tips = " ".join(p.button.toolTip() + p.canvas.accessibleName() for p in page.view.panes)
    assert not any(word in tips for word in ("hue", "lab", "BiSeNet", "%"))


def test_the_pages_own_keys_are_led_here(qtbot: QtBot, page: Page) -> None:
    compare(qtbot, page)
    with qtbot.waitSignal(page.view.taken) as taken:
        assert page.view.do("proposal-2")
    assert taken.args == [2]
    with qtbot.waitSignal(page.view.closed):
        assert page.view.do("cancel-stroke")
    with qtbot.assertNotEmitted(page.view.taken), qtbot.assertNotEmitted(page.view.closed):
        assert not page.view.do("brush")


def test_h_hides_all_masks_while_it_is_held(qtbot: QtBot, page: Page) -> None:
    compare(qtbot, page)
    QTest.keyPress(page.view, Qt.Key.Key_H)
    assert all(p.canvas.looks.is_hidden for p in page.view.panes)
    QTest.keyRelease(page.view, Qt.Key.Key_H)
    assert not any(p.canvas.looks.is_hidden for p in page.view.panes)


def test_painting_with_any_button_changes_nothing(qtbot: QtBot, page: Page) -> None:
    now = compare(qtbot, page)
    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
        QTest.mousePress(pane(page, 0).canvas, button, NONE, QPoint(80, 80))
        QTest.mouseMove(pane(page, 0).canvas, QPoint(120, 90))
        QTest.mouseRelease(pane(page, 0).canvas, button, NONE, QPoint(120, 90))
    assert now.ink_pixels == 0


def test_a_newer_picture_replaces_one_that_is_still_laid_out(qtbot: QtBot, page: Page) -> None:
    first, second = opened(is_blind=False), opened(is_blind=False, proposals=2)
    page.view.show_choices(first.pyramid, Painting(EMPTY), choices_of(first))
    page.view.show_choices(second.pyramid, Painting(EMPTY), choices_of(second))
    qtbot.waitUntil(lambda: all(p.canvas.painting is not None for p in page.view.panes))
    assert [p.choice.key for p in page.view.panes] == [0, 1, 2]
    assert all(p.canvas.pyramid is second.pyramid for p in page.view.panes)


@pytest.mark.parametrize(
    ("count", "picture", "room", "columns"),
    [
        (5, (300, 400), (700, 1200), 3),
        (5, (400, 300), (500, 1600), 5),
        (4, (640, 640), (560, 760), 2),
        (1, (10, 10), (500, 500), 1),
    ],
)
def test_pictures_are_laid_out_as_large_as_they_can_be(
    count: int, picture: tuple[int, int], room: tuple[int, int], columns: int
) -> None:
    assert best_columns(count, picture, room) == columns
