"""Adjudication with two real readers: what is shown, what is taken and kept, and the figures beside it."""

import math
import uuid
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.review.adjudication.difference import Part, hatched
from app.review.adjudication.figures import FiguresTable
from app.review.adjudication.session import Taking
from app.review.adjudication.view import AdjudicationView
from app.review.canvas.canvas import Canvas
from app.review.canvas.viewport import Viewport
from app.review.reading.opening import OpenedPicture
from app.review.reading.session import ReadingSession
from gsal.arrays import Mask
from gsal.editing.painting import Painting
from gsal.jobs.reading.agreement import Kappa
from gsal.masks import agreement, codec
from gsal.masks.area import ink_px
from gsal.project import Project
from gsal.records import (
    Decision,
    MaskSet,
    MaskSource,
    NewMask,
    Purpose,
    QueueItem,
    Reader,
    ReaderKind,
    Verdict,
)

NONE = Qt.KeyboardModifier.NoModifier
SHAPE = 64, 80


def square(top: int, left: int, side: int) -> Mask:
    mask = np.zeros(SHAPE, np.bool_)
    mask[top : top + side, left : left + side] = True
    return mask


ONE, TWO = square(10, 10, 30), square(20, 20, 30)
NOTHING = np.zeros(SHAPE, np.bool_)


def leave(
    project: Project,
    image_id: int,
    reader: Reader,
    mask: Mask,
    *,
    purpose: Purpose = Purpose.VALIDATION,
    verdict: Verdict = Verdict.ACCEPTED,
) -> None:
    """Keep a reader's mask and verdict as a reading does."""
    new = NewMask(
        uuid=str(uuid.uuid4()),
        image_id=image_id,
        encoded=codec.encode(mask),
        source=MaskSource.HUMAN,
        ink_px=ink_px(mask),
        reader_id=reader.id,
        purpose=purpose,
    )
    revision = project.store.masks.add(new).result()
    decision = Decision(
        image_id=image_id,
        reader_id=reader.id,
        purpose=purpose,
        verdict=verdict,
        revision_id=revision.id,
        active_s=1.0,
        created="",
        uuid=str(uuid.uuid4()),
    )
    project.store.decisions.add(decision).result()


@pytest.fixture
def readers(project: Project) -> tuple[Reader, Reader, Reader]:
    add = project.store.readers.add
    return (
        add("Anna", ReaderKind.EXPERT),
        add("Bert", ReaderKind.RESEARCHER),
        add("Cleo", ReaderKind.EXPERT),
    )


@pytest.fixture
def image_ids(project: Project, readers: tuple[Reader, Reader, Reader]) -> list[int]:
    """Pictures of the project; the first is read twice."""
    ids = [image.id for image in project.store.images.all()]
    leave(project, ids[0], readers[0], ONE)
    leave(project, ids[0], readers[1], TWO, purpose=Purpose.SECOND_READING)
    return ids


class Desk:
    """The view around a canvas, wired as the page does it."""

    def __init__(self, qtbot: QtBot, project: Project, reader: Reader, spare: Path) -> None:
        self.qtbot = qtbot
        self.reading = ReadingSession(project, spare_folder=spare)
        self.reading.set_reader(reader)
        self.canvas = Canvas()
        self.view = AdjudicationView(project, self.reading, self.canvas)
        self.reading.opened.connect(self._show)
        self.reading.changed.connect(self.canvas.refresh)
        self.canvas.stroke_ended.connect(self.reading.stroke_ended)
        qtbot.addWidget(self.view)
        self.view.resize(1200, 700)
        with qtbot.waitExposed(self.view):
            self.view.show()

    def open(self, image_id: int, purpose: Purpose = Purpose.ADJUDICATION) -> None:
        item = QueueItem(image_id, purpose, None)
        self.reading.open(item)
        self.qtbot.waitUntil(lambda: self.reading.picture is not None and self.reading.picture.item == item)
        if purpose is Purpose.ADJUDICATION:
            self.qtbot.waitUntil(lambda: self.text("readersDice") != "–" or not self.is_waiting())

    def is_waiting(self) -> bool:
        message = self.view.message.text()
        return not message and "Being worked out" in self.label("readersDice").toolTip()

    def label(self, name: str) -> QLabel:
        found = self.view.findChild(QLabel, name)
        assert isinstance(found, QLabel)
        return found

    def text(self, name: str) -> str:
        return self.label(name).text()

    @property
    def mask(self) -> Mask:
        assert self.reading.painting is not None
        return self.reading.painting.mask

    def pair(self) -> tuple[Mask, Mask]:
        assert self.view.session.pair is not None
        first, second = self.view.session.pair.paintings
        return first.mask, second.mask

    def press(self, key: Qt.Key) -> None:
        self.canvas.setFocus()
        QTest.keyClick(self.canvas, key)

    def _show(self, picture: OpenedPicture) -> None:
        self.canvas.show_picture(picture.pyramid, self.reading.painting, picture.rgb)
        self.canvas.is_editable = self.reading.can_edit


@pytest.fixture
def desk(
    qtbot: QtBot, project: Project, readers: tuple[Reader, Reader, Reader], tmp_path: Path
) -> Iterator[Desk]:
    made = Desk(qtbot, project, readers[2], tmp_path / "spare")
    yield made
    made.view.shut_down()
    made.reading.shut_down()


def test_both_masks_are_shown_and_the_readers_unnamed(desk: Desk, image_ids: list[int]) -> None:
    desk.open(image_ids[0])
    first, second = desk.pair()
    assert {first.tobytes(), second.tobytes()} == {ONE.tobytes(), TWO.tobytes()}
    assert desk.view.first.canvas.painting is not None
    assert np.array_equal(desk.view.first.canvas.painting.mask, first)
    shown = [w.text() + w.toolTip() for w in desk.view.findChildren(QLabel)]
    shown += [w.text() + w.toolTip() for w in desk.view.findChildren(QPushButton)]
    assert not [text for text in shown if any(name in text for name in ("Anna", "Bert", "Cleo"))]
    assert not desk.mask.any(), "the third begins empty"


def test_which_reader_is_first_is_no_ones_place(
    desk: Desk, project: Project, readers: tuple[Reader, Reader, Reader], image_ids: list[int]
) -> None:
    for image_id in image_ids[1:]:
        leave(project, image_id, readers[0], ONE)
        leave(project, image_id, readers[1], TWO, purpose=Purpose.SECOND_READING)
    firsts = set()
    for image_id in image_ids:
        desk.open(image_id)
        desk.qtbot.waitUntil(lambda: desk.view.session.pair is not None)
        firsts.add(desk.pair()[0].tobytes())
    assert len(firsts) == 2


@pytest.mark.parametrize(
    ("key", "taking"),
    [
        (Qt.Key.Key_1, Taking.FIRST),
        (Qt.Key.Key_2, Taking.SECOND),
        (Qt.Key.Key_3, Taking.EITHER),
        (Qt.Key.Key_4, Taking.BOTH),
    ],
)
def test_numbers_take_and_undo_brings_back(
    desk: Desk, image_ids: list[int], key: Qt.Key, taking: Taking
) -> None:
    desk.open(image_ids[0])
    first, second = desk.pair()
    expected = {
        Taking.FIRST: first,
        Taking.SECOND: second,
        Taking.EITHER: ONE | TWO,
        Taking.BOTH: ONE & TWO,
    }
    desk.press(key)
    assert np.array_equal(desk.mask, expected[taking])
    desk.reading.undo()
    assert not desk.mask.any()


def test_the_third_mask_is_kept_as_adjudicated(
    desk: Desk, project: Project, readers: tuple[Reader, Reader, Reader], image_ids: list[int]
) -> None:
    desk.open(image_ids[0])
    button = desk.view.findChild(QPushButton, "takeAgreed")
    assert isinstance(button, QPushButton)
    with desk.qtbot.waitSignal(desk.reading.saved):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    with desk.qtbot.waitSignal(desk.reading.decided):
        assert desk.reading.decide(Verdict.ACCEPTED)
    kept = project.store.masks.best([image_ids[0]], MaskSet.ADJUDICATED)[image_ids[0]]
    assert kept.source is MaskSource.ADJUDICATED
    assert (kept.reader_id, kept.purpose) == (readers[2].id, Purpose.ADJUDICATION)
    assert np.array_equal(codec.decode(project.store.masks.load(kept.id)), ONE & TWO)
    for reader, mask, purpose in (
        (readers[0], ONE, Purpose.VALIDATION),
        (readers[1], TWO, Purpose.SECOND_READING),
    ):
        head = project.store.masks.head(image_ids[0], reader.id, purpose)
        assert head is not None
        assert np.array_equal(codec.decode(project.store.masks.load(head.id)), mask), "theirs are untouched"


def test_the_figures_follow_what_is_painted(desk: Desk, image_ids: list[int]) -> None:
    desk.open(image_ids[0])
    first, second = desk.pair()
    assert desk.text("readersDice") == f"{agreement.dice(first, second):.3f}"
    nsd = agreement.surface_dice(first, second, tolerance_px=2.0 * max(SHAPE) / 448)
    assert desk.text("readersNSD") == f"{nsd:.3f}"
    assert desk.text("firstDice") == "0.000"
    desk.press(Qt.Key.Key_1)
    desk.qtbot.waitUntil(lambda: desk.text("firstDice") == "1.000")
    assert desk.text("secondDice") == desk.text("readersDice")
    at = desk.canvas.viewport.to_widget(70, 55)
    QTest.mouseClick(desk.canvas, Qt.MouseButton.LeftButton, NONE, QPoint(round(at[0]), round(at[1])))
    assert desk.mask.sum() > first.sum()
    expected = f"{agreement.dice(desk.mask, first):.3f}"
    assert expected != "1.000"
    desk.qtbot.waitUntil(lambda: desk.text("firstDice") == expected)


def test_c_shows_and_hides_the_differences(desk: Desk, image_ids: list[int]) -> None:
    desk.open(image_ids[0])
    assert desk.view.layer.isVisible()
    desk.press(Qt.Key.Key_C)
    assert not desk.view.layer.isVisible()
    desk.press(Qt.Key.Key_C)
    assert desk.view.layer.isVisible()


def test_the_readers_look_where_the_result_looks(desk: Desk, image_ids: list[int]) -> None:
    desk.open(image_ids[0])
    desk.canvas.zoom_by(3.0)
    for pane in (desk.view.first, desk.view.second):
        assert pane.canvas.viewport.scale == desk.canvas.viewport.scale
    desk.canvas.fit()
    whole = desk.view.first.canvas
    assert whole.viewport == Viewport.fitting(SHAPE, (whole.height(), whole.width()))


def test_an_ordinary_picture_leaves_the_canvas_alone(desk: Desk, image_ids: list[int]) -> None:
    desk.open(image_ids[0])
    desk.open(image_ids[1], Purpose.REVIEW)
    assert not desk.view.is_open
    assert not any(w.isVisible() for w in (desk.view.first, desk.view.second, desk.view.layer))
    before = desk.mask
    desk.press(Qt.Key.Key_3)
    assert np.array_equal(desk.mask, before)
    assert not desk.view.do("proposal-1")
    assert desk.canvas.width() == desk.view.width()


def test_a_picture_read_once_says_so(desk: Desk, image_ids: list[int]) -> None:
    desk.open(image_ids[2])
    assert "fewer than two readers" in desk.view.message.text()
    assert desk.view.message.isVisible()
    assert "fewer than two readers" in desk.label("readersDice").toolTip()
    desk.open(image_ids[0])
    assert not desk.view.message.isVisible()


def test_a_picture_that_cannot_be_read_ends_the_adjudication(
    desk: Desk, project: Project, image_ids: list[int]
) -> None:
    desk.open(image_ids[0])
    project.image_path(project.store.images.get(image_ids[1])).unlink()
    with desk.qtbot.waitSignal(desk.reading.opening_failed):
        desk.reading.open(QueueItem(image_ids[1], Purpose.ADJUDICATION, None))
    assert not desk.view.is_open
    assert not desk.view.first.isVisible()


def test_nothing_is_taken_in_a_project_open_for_reading(
    qtbot: QtBot,
    project: Project,
    readers: tuple[Reader, Reader, Reader],
    image_ids: list[int],
    tmp_path: Path,
) -> None:
    project.close()
    with Project.open(project.folder, read_only=True) as reading:
        desk = Desk(qtbot, reading, readers[2], tmp_path / "spare")
        desk.open(image_ids[0])
        assert desk.text("readersDice") != "–", "one may look"
        assert not desk.view.first.take.isEnabled()
        desk.press(Qt.Key.Key_1)
        assert not desk.mask.any()
        desk.view.shut_down()
        desk.reading.shut_down()


def test_of_three_readings_two_are_shown_and_the_screen_says_so(
    desk: Desk, project: Project, readers: tuple[Reader, Reader, Reader], image_ids: list[int]
) -> None:
    desk.open(image_ids[0])
    assert desk.text("readingsShown") == ""
    leave(project, image_ids[0], readers[2], NOTHING, purpose=Purpose.SECOND_READING)
    desk.open(image_ids[1], Purpose.REVIEW)
    desk.open(image_ids[0])
    desk.qtbot.waitUntil(lambda: desk.text("readingsShown") == "2 of 3 readings")
    first, second = desk.pair()
    assert {first.tobytes(), second.tobytes()} == {TWO.tobytes(), NOTHING.tobytes()}
    assert "3 pairs of readings of 1 picture" in desk.text("kappa")


def test_two_empty_masks_agree_and_their_overlap_is_a_dash(
    desk: Desk, project: Project, readers: tuple[Reader, Reader, Reader], image_ids: list[int]
) -> None:
    leave(project, image_ids[3], readers[0], NOTHING)
    leave(project, image_ids[3], readers[1], NOTHING, purpose=Purpose.SECOND_READING)
    desk.open(image_ids[3])
    desk.qtbot.waitUntil(lambda: not desk.is_waiting())
    assert desk.text("readersDice") == desk.text("readersNSD") == "–"
    assert "Neither mask has any ink" in desk.label("readersDice").toolTip()
    assert desk.text("readersInk") == "both free of ink"
    assert desk.text("readerNote1") == "no ink"


def test_undefined_kappa_is_a_dash_with_its_reason(qtbot: QtBot) -> None:
    table = FiguresTable(min_ink_px=100.0)
    qtbot.addWidget(table)
    for kappa, reason in (
        (Kappa(math.nan, 0, 2, 0), "no picture yet"),
        (Kappa(math.nan, 3, 0, 3), "chance alone would always agree"),
    ):
        table.show_kappa(kappa)
        assert table.kappa.text().startswith("–")
        assert reason in table.kappa.toolTip()
    table.show_kappa(Kappa(0.5, 4, 1, 4))
    assert table.kappa.text() == "0.500 on 4 pictures, 1 left out"
    table.show_kappa(Kappa(0.5, 6, 0, 4))
    assert table.kappa.text() == "0.500 on 6 pairs of readings of 4 pictures"


def test_the_parts_are_told_by_their_lines_and_not_by_colour_alone() -> None:
    first, second = Painting(square(8, 8, 40)), Painting(square(8, 40, 30))
    image = hatched(
        first, second, viewport=Viewport(4.0, 0.0, 0.0), size=QSize(320, 256), ratio=1.0, parts=tuple(Part)
    )
    drawn = np.array(
        [[image.pixelColor(x, y).alpha() > 0 for x in range(320)] for y in range(256)], dtype=np.uint8
    )
    only_first, both, only_second = drawn[60:124, 60:124], drawn[60:140, 164:188], drawn[60:124, 200:264]
    assert not drawn[:30].any(), "where neither has ink nothing is drawn"
    assert 0 < only_first.mean() < 1
    assert 0 < both.mean() < 1
    # Lines that rise are the same one step right and up, lines that fall one step right and down.
    assert np.array_equal(only_first[1:, :-1], only_first[:-1, 1:])
    assert not np.array_equal(only_first[:-1, :-1], only_first[1:, 1:])
    assert np.array_equal(only_second[:-1, :-1], only_second[1:, 1:])
    assert cv2.countNonZero(both) != 0
    assert isinstance(image, QImage)
