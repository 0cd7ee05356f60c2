"""Who may see what: blind readings, readers who never meet, blank starts, a network's threshold."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gsal.jobs.masks.making import new_mask
from gsal.project import Project
from gsal.records import Decision, MaskSet, MaskSource, Purpose, ReaderKind, ReviewSettings, StepKind, Verdict
from tests.app.reading_room import Room


@pytest.fixture
def room(qtbot: QtBot, project: Project, tmp_path: Path) -> Iterator[Room]:
    with Room.of(qtbot, project, tmp_path / "spare") as made:
        yield made


@pytest.mark.parametrize(
    "purpose", [Purpose.VALIDATION, Purpose.SECOND_READING, Purpose.REPEAT, Purpose.ADJUDICATION]
)
def test_readings_for_judging_begin_empty_and_see_no_network(room: Room, purpose: Purpose) -> None:
    image_id = room.image_ids[1]
    room.add_network(image_id)
    room.open(image_id)
    assert room.session.picture is not None
    assert {p.key for p in room.session.picture.proposals} == {1, 2, 3, 4}
    assert not room.session.picture.is_blind
    room.draw((20, 30))
    reviewed = room.painting.mask
    room.open(image_id, purpose)
    assert room.session.picture.is_blind
    assert room.painting.ink_pixels == 0
    assert {p.key for p in room.session.picture.proposals} == {1, 2, 3}
    assert "rule" not in room.session.picture.origin
    room.draw((60, 50))
    judged = room.painting.mask
    room.come_back()
    for which, mask in ((purpose, judged), (Purpose.REVIEW, reviewed)):
        room.open(image_id, which)
        assert room.painting.undo_count == 1
        assert np.array_equal(room.painting.mask, mask)


def test_readers_never_meet(room: Room) -> None:
    image_id = room.image_ids[0]
    first = room.reader
    second = room.project.store.readers.add("BX", ReaderKind.EXPERT)
    room.open(image_id, Purpose.VALIDATION)
    room.draw((20, 30))
    mine = room.painting.mask
    with room.qtbot.waitSignal(room.session.decided):
        room.session.decide(Verdict.ACCEPTED)
    room.come_back(second)
    room.open(image_id, Purpose.SECOND_READING)
    assert room.session.picture is not None
    assert room.session.picture.verdict is None
    assert room.painting.ink_pixels == 0
    room.draw((60, 50))
    with room.qtbot.waitSignal(room.session.decided):
        room.session.decide(Verdict.ACCEPTED)
    room.come_back(first)
    room.open(image_id, Purpose.VALIDATION)
    assert np.array_equal(room.painting.mask, mine)
    assert room.session.picture is not None
    assert room.session.picture.verdict is Verdict.ACCEPTED


def test_an_adjudication_makes_the_third_mask_once_it_is_accepted(room: Room) -> None:
    image_id = room.image_ids[1]
    best = room.project.store.masks.best([image_id])[image_id]
    taken = room.project.store.masks.proposals(image_id)[0]
    room.open(image_id, Purpose.ADJUDICATION)
    ink = np.zeros(room.painting.shape, np.bool_)
    ink[10:20, 30:50] = True
    room.session.take_mask(ink, tool="take-1", revision_id=taken.id)
    room.draw((60, 50))
    room.open(room.image_ids[0])
    room.wait_for_the_disk()
    assert room.project.store.masks.best([image_id])[image_id] == best, "not before it is decided"
    room.open(image_id, Purpose.ADJUDICATION)
    with room.qtbot.waitSignal(room.session.decided):
        room.session.decide(Verdict.ACCEPTED)
    third = room.project.store.masks.best([image_id])[image_id]
    assert third.source is MaskSource.ADJUDICATED
    assert third.parent_id == taken.id
    assert third.pixels_removed == 0
    assert third.pixels_added == room.painting.ink_pixels - 200


def test_two_readers_of_one_picture_are_both_kept_and_the_last_to_accept_counts(room: Room) -> None:
    image_id = room.image_ids[0]
    store = room.project.store
    first, second = room.reader, store.readers.add("BX", ReaderKind.EXPERT)
    room.open(image_id)
    room.draw((20, 30))
    mine = room.painting.mask
    with room.qtbot.waitSignal(room.session.decided):
        room.session.decide(Verdict.ACCEPTED)
    room.come_back(second)
    room.open(image_id)
    room.draw((60, 50))
    theirs = room.painting.mask
    with room.qtbot.waitSignal(room.session.decided):
        room.session.decide(Verdict.ACCEPTED)
    for reader, mask in ((first, mine), (second, theirs)):
        room.reader = reader
        assert np.array_equal(room.kept(image_id), mask)
    assert store.masks.best([image_id], MaskSet.HUMAN)[image_id].reader_id == second.id
    assert [d.reader_id for d in store.decisions.latest_by_reader(image_id)] == [first.id, second.id]


def test_a_review_begins_from_no_other_persons_mask(room: Room) -> None:
    image_id = room.image_ids[1]
    store = room.project.store
    other = store.readers.add("BX", ReaderKind.EXPERT)
    image = store.images.get(image_id)

    def begins() -> tuple[str, int | None]:
        room.come_back()
        room.open(image_id)
        assert room.session.picture is not None
        return room.session.picture.origin, room.session.origin_id

    rule = store.masks.best([image_id], MaskSet.RULE)[image_id]
    ink = np.zeros((image.height, image.width), np.bool_)
    ink[4:9, 4:9] = True
    theirs = new_mask(image_id, ink, MaskSource.HUMAN, reader_id=other.id)
    third = replace(
        new_mask(image_id, ink, MaskSource.ADJUDICATED, reader_id=other.id), purpose=Purpose.ADJUDICATION
    )
    for made in (theirs, third):
        record = store.masks.add(made).result()
        store.decisions.add(
            Decision(image_id, other.id, made.purpose, Verdict.ACCEPTED, record.id, 1.0, "")
        ).result()
        assert store.masks.best([image_id])[image_id].id == record.id
    origin, begin_id = begins()
    assert begin_id == rule.id
    assert "automatic pick" in origin
    network_id = room.add_network(image_id)
    assert begins() == ("from: BiSeNet", network_id)
    (exact,) = store.masks.add_many([new_mask(image_id, ink, MaskSource.EXACT)])
    assert begins() == ("from: exact mask", exact.id)
    room.draw((20, 30))
    assert begins()[0] == "your mask"


def test_a_blank_start_accepted_as_it_is_is_recorded(room: Room) -> None:
    store = room.project.store
    first, second = room.image_ids[1:3]
    room.open(first)
    with room.qtbot.waitSignal(room.session.decided):
        room.session.decide(Verdict.ACCEPTED)
    store.set_review_settings(ReviewSettings(blank_share=1.0))
    room.open(second)
    with room.qtbot.waitSignal(room.session.decided):
        room.session.decide(Verdict.ACCEPTED)
    for image_id, is_blank in ((first, False), (second, True)):
        reading = store.readings.latest(image_id, room.reader.id, Purpose.REVIEW)
        decision = store.decisions.latest(image_id, room.reader.id, Purpose.REVIEW)
        assert reading is not None
        assert decision is not None
        assert (reading.is_blank_start, decision.reading_id) == (is_blank, reading.id)
        assert store.readings.steps(reading.id) == []
    room.come_back()
    room.open(second)
    assert room.painting.ink_pixels == 0
    assert room.session.picture is not None
    assert room.session.picture.verdict is Verdict.ACCEPTED


def test_a_share_of_pictures_begins_empty_and_their_proposals_can_be_taken(room: Room) -> None:
    room.project.store.set_review_settings(ReviewSettings(blank_share=1.0))
    room.open(room.image_ids[1])
    assert room.session.picture is not None
    assert room.session.picture.is_blank_start
    assert not room.session.picture.is_blind
    assert room.painting.ink_pixels == 0
    room.session.take_proposal(3)
    assert room.painting.ink_pixels > 0


def test_the_blank_share_follows_the_content(room: Room) -> None:
    images = room.project.store.images.all()
    shares = sorted(int(image.sha256[12:16], 16) / 65536 for image in images)
    room.project.store.set_review_settings(ReviewSettings(blank_share=shares[3]))
    blank = []
    for image in images:
        room.open(image.id)
        assert room.session.picture is not None
        blank.append(room.session.picture.is_blank_start)
    assert sum(blank) == 3


def test_the_threshold_moves_before_the_first_stroke_only(room: Room) -> None:
    image_id = room.image_ids[1]
    network_id = room.add_network(image_id)
    room.open(image_id)
    session = room.session
    session.take_proposal(1)
    assert not session.can_move_threshold
    session.take_proposal(4)
    assert session.can_move_threshold
    before = room.painting.mask
    n_steps = room.painting.undo_count
    for share in (0.3, 0.4, 0.8):
        session.move_threshold(share)
    room.qtbot.waitUntil(lambda: room.painting.undo_count == n_steps + 1)
    assert not room.painting.mask[:, : before.shape[1] * 3 // 4].any()
    assert room.painting.mask[:, -2:].all()
    room.wait_for_the_disk()
    assert room.steps(image_id)[-1] == (StepKind.DO, "threshold-0.80")
    session.undo()
    assert np.array_equal(room.painting.mask, before)
    session.redo()
    room.draw((20, 30))
    assert not session.can_move_threshold
    moved = room.painting.mask
    session.move_threshold(0.1)
    assert np.array_equal(room.painting.mask, moved)
    with room.qtbot.waitSignal(session.decided):
        session.decide(Verdict.ACCEPTED)
    head = room.project.store.masks.head(image_id, room.reader.id, Purpose.REVIEW)
    assert head is not None
    assert head.parent_id == network_id
    room.come_back()
    room.open(image_id)
    assert np.array_equal(room.painting.mask, moved)


def test_a_stroke_on_a_threshold_that_has_not_rested_is_one_step_with_it(room: Room) -> None:
    image_id = room.image_ids[1]
    network_id = room.add_network(image_id)
    room.open(image_id)
    room.session.take_proposal(0)
    room.session.take_proposal(4)
    n_steps = room.painting.undo_count
    room.session.move_threshold(0.8)
    room.draw((20, 30))
    drawn = room.painting.mask
    assert room.painting.undo_count == n_steps + 1
    assert room.session.origin_id == network_id
    room.wait_for_the_disk()
    assert room.steps(image_id)[-2:] == [(StepKind.NOTE, "threshold-0.80"), (StepKind.DO, "brush")]
    room.come_back()
    room.open(image_id)
    assert np.array_equal(room.painting.mask, drawn)
    assert room.session.origin_id == network_id
    assert not room.session.can_move_threshold
