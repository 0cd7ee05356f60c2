"""One reader's work: what is recorded, what comes back after a restart."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.review.reading.activity import ActiveTime
from gsal.project import Project
from gsal.records import MaskSet, Purpose, QueueItem, ReaderKind, StepKind, Verdict
from tests.app.reading_room import Room


@pytest.fixture
def room(qtbot: QtBot, project: Project, tmp_path: Path) -> Iterator[Room]:
    with Room.of(qtbot, project, tmp_path / "spare") as made:
        yield made


def test_opening_and_looking_writes_nothing(room: Room) -> None:
    first, second, *_ = room.image_ids
    room.open(first)
    room.open(second)
    room.come_back()
    assert room.steps(first) == []
    assert room.project.store.masks.head(first, room.reader.id, Purpose.REVIEW) is None


def test_every_step_is_in_the_project_before_saved_is_said(room: Room) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    with room.qtbot.waitSignal(room.session.saved):
        room.draw((20, 30))
    assert room.steps(image_id) == [(StepKind.DO, "brush")]
    room.session.undo()
    room.session.redo()
    room.wait_for_the_disk()
    kinds = [kind for kind, _ in room.steps(image_id)]
    assert kinds == [StepKind.DO, StepKind.UNDO, StepKind.REDO]
    assert room.session.held == 0


def test_two_hundred_steps_come_back_after_a_restart(room: Room) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    before = room.painting.mask
    room.strokes_at_random(220)
    states = [room.painting.mask]
    for _ in range(15):
        room.session.undo()
    states.append(room.painting.mask)
    room.come_back()
    room.open(image_id)
    assert np.array_equal(room.painting.mask, states[1])
    assert (room.painting.undo_count, room.painting.redo_count) == (205, 15)
    for _ in range(15):
        room.session.redo()
    assert np.array_equal(room.painting.mask, states[0])
    for _ in range(220):
        room.session.undo()
    assert np.array_equal(room.painting.mask, before)
    room.come_back()
    room.open(image_id)
    assert np.array_equal(room.painting.mask, before)
    assert room.painting.redo_count == 220


def test_a_changed_picture_is_kept_whole_when_it_is_left_and_once_only(room: Room) -> None:
    first, second, *_ = room.image_ids
    room.open(first)
    room.draw((20, 30))
    room.wait_for_the_disk()
    assert room.project.store.masks.head(first, room.reader.id, Purpose.REVIEW) is None
    drawn = room.painting.mask
    room.open(second)
    room.wait_for_the_disk()
    assert np.array_equal(room.kept(first), drawn)
    head = room.project.store.masks.head(first, room.reader.id, Purpose.REVIEW)
    assert head is not None
    assert head.step_id is not None
    room.open(first)
    room.open(second)
    room.come_back()
    assert room.project.store.masks.head(first, room.reader.id, Purpose.REVIEW) == head
    room.open(first)
    room.come_back()
    assert room.project.store.masks.head(first, room.reader.id, Purpose.REVIEW) == head


def test_it_is_recorded_which_proposal_was_taken_and_what_was_changed(room: Room) -> None:
    image_id = room.image_ids[1]
    room.open(image_id)
    assert room.session.picture is not None
    proposal = room.session.picture.proposal(2)
    assert proposal is not None
    room.session.take_proposal(0)
    room.session.take_proposal(2)
    before = room.painting.mask
    assert np.array_equal(before, proposal.mask)
    room.draw((70, 60), radius=2)
    room.draw((30, 6), value=0, radius=2)
    after = room.painting.mask
    with room.qtbot.waitSignal(room.session.decided) as decided:
        room.session.decide(Verdict.ACCEPTED)
    assert decided.args is not None
    head = room.project.store.masks.head(image_id, room.reader.id, Purpose.REVIEW)
    assert head is not None
    assert decided.args[0].revision_id == head.id
    assert head.parent_id == proposal.record.id
    assert head.pixels_added == np.count_nonzero(after & ~before)
    assert head.pixels_removed == np.count_nonzero(before & ~after)
    assert [tool for _, tool in room.steps(image_id)] == ["empty", "proposal-2", "brush", "eraser"]
    human = room.project.store.masks.best([image_id], MaskSet.HUMAN)[image_id]
    assert human.id == head.id


def test_a_proposal_that_is_there_already_is_recorded_as_well(room: Room) -> None:
    image_id = room.image_ids[1]
    room.open(image_id)
    assert room.session.picture is not None
    first = room.session.picture.proposal(1)
    assert first is not None
    is_there = np.array_equal(room.painting.mask, first.mask)
    room.session.take_proposal(1)
    n_steps = room.painting.undo_count
    assert n_steps == (0 if is_there else 1)
    room.session.take_proposal(1)
    assert room.painting.undo_count == n_steps
    with room.qtbot.waitSignal(room.session.decided):
        room.session.decide(Verdict.ACCEPTED)
    head = room.project.store.masks.head(image_id, room.reader.id, Purpose.REVIEW)
    assert head is not None
    assert head.parent_id == first.record.id
    assert (head.pixels_added, head.pixels_removed) == (0, 0)
    reading = room.project.store.readings.latest(image_id, room.reader.id, Purpose.REVIEW)
    assert reading is not None
    last = room.project.store.readings.steps(reading.id)[-1]
    assert (last.kind, last.tool) == (StepKind.NOTE, "proposal-1")
    assert (last.proposal_id, last.is_begin) == (first.record.id, True)
    room.come_back()
    room.open(image_id)
    assert (room.session.origin_id, room.painting.undo_count) == (first.record.id, n_steps)


def test_a_proposal_noted_on_a_stroke_comes_and_goes_with_it(room: Room) -> None:
    image_id = room.image_ids[1]
    room.open(image_id)
    assert room.session.picture is not None
    first = room.session.picture.proposal(1)
    assert first is not None
    room.session.take_proposal(0)
    room.session.take_mask(first.mask, tool="take-1", revision_id=None)
    room.session.take_proposal(1)
    room.session.undo()
    assert room.session.origin_id is None
    room.session.redo()
    assert room.session.origin_id == first.record.id
    room.session.undo()
    room.come_back()
    room.open(image_id)
    assert (room.painting.undo_count, room.painting.redo_count) == (1, 1)
    assert room.session.origin_id is None
    room.session.redo()
    assert room.session.origin_id == first.record.id
    assert np.array_equal(room.painting.mask, first.mask)


def test_undoing_a_proposal_begins_where_it_began_before(room: Room) -> None:
    room.open(room.image_ids[1])
    start = room.session.start_mask
    assert start is not None
    room.session.take_proposal(0)
    assert not np.asarray(room.session.start_mask).any()
    room.session.undo()
    assert np.array_equal(np.asarray(room.session.start_mask), start)
    assert np.array_equal(room.painting.mask, start)


def test_pauses_are_not_work() -> None:
    now = [100.0]
    time = ActiveTime(5.0, clock=lambda: now[0])
    time.resume()
    for seconds in (3, 4, 11, 3600, 2):
        now[0] += seconds
        time.touch()
    assert time.seconds == 5 + 3 + 4 + 2


def test_moving_over_the_picture_is_work(qtbot: QtBot, room: Room) -> None:
    room.open(room.image_ids[0])
    widget = QWidget()
    qtbot.addWidget(widget)
    room.session.watch(widget)
    now = [0.0]
    clock = ActiveTime(clock=lambda: now[0])
    assert room.session._desk is not None
    room.session._desk.active = clock
    clock.resume()
    for seconds in (8, 8, 8):
        now[0] += seconds
        QTest.mouseMove(widget)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    assert room.session.active_s == 24


def test_active_seconds_go_on_after_a_restart(room: Room) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    assert room.session._desk is not None
    now = [0.0]
    room.session._desk.active = ActiveTime(41.5, clock=lambda: now[0])
    room.session._desk.active.resume()
    for x in (20, 40):
        now[0] += 4
        room.draw((x, 30))
    now[0] += 5
    with room.qtbot.waitSignal(room.session.decided) as decided:
        room.session.decide(Verdict.ACCEPTED)
    assert decided.args is not None
    assert decided.args[0].active_s == 41.5 + 4 + 4 + 5
    room.come_back()
    room.open(image_id)
    assert room.session.active_s == 41.5 + 4 + 4 + 5


@pytest.mark.parametrize("action", ["remove-specks", "fill-holes", "grow", "shrink"])
def test_clean_up_is_one_step(room: Room, action: str) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    room.session.take_proposal(0)
    corners = [(20, 20), (50, 20), (50, 50), (20, 50), (20, 20)]
    for start, end in pairwise(corners):
        room.draw(start, end, radius=4)
    room.draw((70.5, 60.5), radius=0.6)
    before = room.painting.mask
    n_steps = room.painting.undo_count
    room.session.clean_up(action)
    after = room.painting.mask
    assert room.painting.undo_count == n_steps + 1
    expected = {"remove-specks": 1, "fill-holes": -1, "grow": -1, "shrink": 1}
    assert np.sign(int(before.sum()) - int(after.sum())) == expected[action]
    room.wait_for_the_disk()
    assert room.steps(image_id)[-1] == (StepKind.DO, action)
    room.session.undo()
    assert np.array_equal(room.painting.mask, before)


def test_what_comes_next_is_read_ahead_and_what_was_left_stays(room: Room) -> None:
    first, second, third, fourth, *_ = room.image_ids
    ahead = tuple(QueueItem(i, Purpose.REVIEW, None) for i in (second, third))
    room.open(first, Purpose.REVIEW, *ahead)
    room.qtbot.waitUntil(lambda: len(room.session._shelf._ahead) == 2)
    for image_id in (second, third, second):
        room.session.open(QueueItem(image_id, Purpose.REVIEW, None), ahead)
        assert room.session.picture is not None
        assert room.session.picture.image.id == image_id, "it opens at once"
        room.wait_for_the_disk()
    room.session.open(QueueItem(fourth, Purpose.REVIEW, None))
    assert room.session.picture is not None
    assert room.session.picture.image.id == second, "this one has to be read"
    room.qtbot.waitUntil(lambda: room.session.picture is not None and room.session.picture.image.id == fourth)


def test_new_proposals_are_seen_and_what_was_begun_stays(room: Room) -> None:
    first, second, *_ = room.image_ids
    room.open(first)
    network_id = room.add_network(first)
    room.session.forget_read()
    room.session.open(room.item(first))
    room.qtbot.waitUntil(lambda: room.session.picture is not None and bool(room.session.picture.proposal(4)))
    room.session.take_proposal(4)
    assert room.session.origin_id == network_id
    room.draw((20, 30))
    painting = room.painting
    room.session.forget_read()
    room.session.open(room.item(first))
    assert room.painting is painting
    room.open(second)
    room.open(first)
    assert room.painting.undo_count == 1


def test_a_stroke_made_while_the_picture_is_read_anew_is_kept(room: Room) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    room.session.forget_read()
    room.session.open(room.item(image_id))
    room.draw((20, 30))
    drawn = room.painting.mask
    room.open(room.image_ids[1])
    room.open(image_id)
    assert np.array_equal(room.painting.mask, drawn)


def test_a_reader_who_comes_while_a_picture_opens_gets_it_as_theirs(room: Room) -> None:
    image_id = room.image_ids[0]
    other = room.project.store.readers.add("BX", ReaderKind.EXPERT)
    room.session.open(room.item(image_id))
    room.session.set_reader(other)
    room.qtbot.waitUntil(lambda: room.session.picture is not None)
    room.reader = other
    room.draw((20, 30))
    room.wait_for_the_disk()
    assert room.steps(image_id) == [(StepKind.DO, "brush")]


def test_a_stroke_in_hand_is_no_part_of_what_is_accepted(room: Room) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    room.draw((20, 30))
    ended = room.painting.mask
    room.painting.extend((60, 40), (70, 40), radius=3, value=1)
    with room.qtbot.waitSignals([room.session.changed, room.session.decided]):
        room.session.decide(Verdict.ACCEPTED)
    assert np.array_equal(room.kept(image_id), ended)
    assert np.array_equal(room.painting.mask, ended)
