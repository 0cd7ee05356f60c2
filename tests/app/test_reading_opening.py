"""Which picture is open: the one asked for last, as it is on the disk; nothing else can be painted."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGroupBox, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.review.canvas.canvas import Canvas
from app.review.reading import shelf
from app.review.reading.activity import ActiveTime
from app.review.reading.desk import Desk
from app.review.reading.fetching import open_desk
from gsal.jobs.masks.making import new_mask
from gsal.project import Project
from gsal.records import MaskSource, Purpose, QueueItem, ReaderKind, StepKind
from tests.app.reading_room import Room
from tests.app.test_durability import draw_until_refused, fill_the_disk, free_the_disk


@pytest.fixture
def room(qtbot: QtBot, project: Project, tmp_path: Path) -> Iterator[Room]:
    with Room.of(qtbot, project, tmp_path / "spare") as made:
        yield made


class Gate:
    """Holds pictures back that were read, while it is closed."""

    def __init__(self) -> None:
        self.has_come = threading.Event()
        self._is_open = threading.Event()
        self._is_open.set()

    def close(self) -> None:
        self._is_open.clear()

    def open(self) -> None:
        self._is_open.set()

    def read(self, project: Project, item: QueueItem, reader_id: int | None) -> Desk:
        desk = open_desk(project, item, reader_id)
        self.has_come.set()
        assert self._is_open.wait(20)
        return desk


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate()
    monkeypatch.setattr(shelf, "open_desk", made.read)
    yield made
    made.open()


def unsaved_copy(room: Room) -> Path:
    """Draw on the first picture what the disk does not take, end the session, return the spare copy."""
    room.open(room.image_ids[0])
    fill_the_disk(room)
    draw_until_refused(room)
    copy = room.session.shut_down()
    free_the_disk(room)
    assert copy is not None
    return copy


def shows(room: Room, image_id: int) -> bool:
    return room.session.picture is not None and room.session.picture.image.id == image_id


def test_the_first_picture_opens_also_when_an_earlier_copy_is_brought_back(room: Room, gate: Gate) -> None:
    unsaved_copy(room)
    gate.close()
    room.session = room.begin()
    with room.qtbot.waitSignal(room.session.saved):
        room.session.open(room.item(room.image_ids[1]))
    gate.open()
    room.qtbot.waitUntil(lambda: shows(room, room.image_ids[1]))


def test_what_was_asked_for_opens_while_a_copy_is_brought_back(
    room: Room, tmp_path: Path, gate: Gate
) -> None:
    first, second = room.image_ids[:2]
    copy = unsaved_copy(room).rename(tmp_path / "copy.zip")
    room.session = room.begin()
    room.open(first)
    gate.close()
    room.session.bring_back(copy)
    room.session.open(room.item(second))
    room.qtbot.waitUntil(lambda: not room.session._is_behind)
    gate.open()
    room.qtbot.waitUntil(lambda: shows(room, second))


def test_a_stroke_in_hand_is_not_lost_to_what_is_brought_back(room: Room, tmp_path: Path) -> None:
    first, second = room.image_ids[:2]
    copy = unsaved_copy(room).rename(tmp_path / "copy.zip")
    room.session = room.begin()
    room.open(second)
    before = room.painting.ink_pixels
    room.draw((5, 5), radius=1)
    painting = room.painting
    painting.extend((20, 30), (40, 30), radius=3, value=1)
    with room.qtbot.waitSignal(room.session.saved):
        room.session.bring_back(copy)
    assert room.session.painting is painting
    room.draw((40, 30), (60, 30))
    room.wait_for_the_disk()
    room.qtbot.waitUntil(lambda: room.session.painting not in (None, painting))
    assert room.painting.mask[30, 20:60].all()
    assert room.painting.ink_pixels > before
    room.open(first)
    assert room.painting.undo_count > 0, "what was brought back is there"


def test_what_is_brought_back_is_seen_also_when_the_stroke_in_hand_was_cancelled(
    room: Room, tmp_path: Path
) -> None:
    first, second = room.image_ids[:2]
    copy = unsaved_copy(room).rename(tmp_path / "copy.zip")
    room.session = room.begin()
    room.open(first)
    kept = room.painting.undo_count
    room.painting.extend((20, 30), (40, 30), radius=3, value=1)
    with room.qtbot.waitSignal(room.session.saved):
        room.session.bring_back(copy)
    room.painting.abandon_stroke()
    room.session.open(room.item(second))
    room.qtbot.waitUntil(lambda: shows(room, second))
    room.open(first)
    assert room.painting.undo_count > kept


def test_what_was_read_before_new_masks_came_is_not_shown(room: Room, gate: Gate) -> None:
    image_id = room.image_ids[0]
    gate.close()
    room.session.open(room.item(image_id))
    assert gate.has_come.wait(20)
    image = room.project.store.images.get(image_id)
    ink = np.zeros((image.height, image.width), np.bool_)
    ink[5:50, 5:50] = True
    room.project.store.masks.add_many([new_mask(image_id, ink, MaskSource.EXACT)])
    room.session.forget_read()
    gate.open()
    room.qtbot.waitUntil(lambda: shows(room, image_id))
    assert np.array_equal(room.painting.mask, ink)


def canvas_of(room: Room) -> Canvas:
    """Return a canvas wired as the page wires its own."""
    canvas = Canvas()
    canvas.resize(400, 300)
    session = room.session
    session.opened.connect(
        lambda picture: canvas.show_picture(picture.pyramid, session.painting, picture.rgb)
    )
    session.closed.connect(partial(canvas.show_picture, None, None))
    session.changed.connect(canvas.refresh)
    canvas.stroke_ended.connect(session.stroke_ended)
    session.watch(canvas)
    return canvas


def test_nothing_is_painted_where_no_picture_is_open(room: Room, qtbot: QtBot, gate: Gate) -> None:
    canvas = canvas_of(room)
    qtbot.addWidget(canvas)
    first, second = room.image_ids[:2]
    room.open(first)
    assert canvas.painting is room.painting
    gate.close()
    with qtbot.waitSignal(room.session.closed):
        room.session.set_reader(room.project.store.readers.add("BX", ReaderKind.EXPERT))
    assert room.session.painting is None
    assert canvas.painting is None
    gate.open()
    room.open(first)
    assert canvas.painting is room.painting
    room.project.image_path(room.project.store.images.get(second)).unlink()
    with qtbot.waitSignals([room.session.opening_failed, room.session.closed]):
        room.session.open(room.item(second))
    assert canvas.painting is None
    room.open(first)
    with qtbot.waitSignal(room.session.closed):
        room.session.close()
    assert canvas.painting is None


def test_a_stroke_on_a_threshold_still_moving_is_whole(room: Room, qtbot: QtBot) -> None:
    canvas = canvas_of(room)
    qtbot.addWidget(canvas)
    canvas.show()
    image_id = room.image_ids[0]
    room.add_network(image_id)
    room.open(image_id)
    room.session.take_proposal(0)
    room.session.take_proposal(4)
    room.session.move_threshold(0.7)
    moved = room.painting.mask
    at = QPointF(*canvas.viewport.to_widget(20, 20)).toPoint()
    with qtbot.assertNotEmitted(room.session._threshold.rested, wait=600):
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at + QPoint(60, 0))
    room.wait_for_the_disk()
    assert room.steps(image_id)[-2:] == [(StepKind.DO, "threshold-0.70"), (StepKind.DO, "brush")]
    room.session.undo()
    assert np.array_equal(room.painting.mask, moved)


def test_what_was_read_ahead_while_it_was_open_is_read_again(room: Room, gate: Gate) -> None:
    first, second, third = room.image_ids[:3]
    room.open(first)
    room.draw((20, 30))
    room.wait_for_the_disk()
    gate.close()
    gate.has_come.clear()
    room.session.open(room.item(second), (room.item(first),))
    assert gate.has_come.wait(20)
    room.draw((60, 40))
    drawn = room.painting.mask
    gate.open()
    room.qtbot.waitUntil(lambda: shows(room, second))
    room.wait_for_the_disk()
    room.open(third, Purpose.REVIEW, room.item(first))
    room.wait_for_the_disk()
    room.open(first)
    assert np.array_equal(room.painting.mask, drawn)


def test_looking_closely_at_any_pane_is_work(qtbot: QtBot, room: Room) -> None:
    room.open(room.image_ids[0])
    whole = QWidget()
    qtbot.addWidget(whole)
    layout = QVBoxLayout(whole)
    pane = QWidget()
    layout.addWidget(pane)
    room.session.watch(whole)
    late = QGroupBox()
    late_pane = QLabel("another mask", late)
    whole.show()
    layout.addWidget(late)
    qtbot.waitUntil(late_pane.isVisible)
    assert room.session._desk is not None
    now = [0.0]
    clock = ActiveTime(clock=lambda: now[0])
    room.session._desk.active = clock
    clock.resume()
    for place in (pane, late, late_pane):
        now[0] += 8
        QTest.mouseClick(place, Qt.MouseButton.LeftButton)
    assert room.session.active_s == 24
