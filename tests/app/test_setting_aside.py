"""One change that the project can never take: it is set aside and said so, and saving goes on."""

import re
import sqlite3
import threading
import uuid
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.review.reading.entries import NewDecision
from app.review.reading.refusal import SetAside, may_pass
from app.review.reading.spare import read_copy, write_copy
from gsal.errors import NotFoundError, ProjectError
from gsal.project import Project
from gsal.records import Decision, NewReading, NewStep, Purpose, Step, StepKind, Verdict
from tests.app.reading_room import Room

_UUID = re.compile(r"(?<!/)[0-9a-f]{8}-[0-9a-f]{4}-")


@pytest.fixture
def room(qtbot: QtBot, project: Project, tmp_path: Path) -> Iterator[Room]:
    with Room.of(qtbot, project, tmp_path / "spare") as made:
        yield made


def new_step(reading_uuid: str) -> NewStep:
    return NewStep(
        uuid=str(uuid.uuid4()),
        reading_uuid=reading_uuid,
        kind=StepKind.DO,
        tool="brush",
        delta=b"x",
        delta_sha256="0" * 64,
        pixels_added=1,
        pixels_removed=0,
        proposal_id=None,
        is_begin=False,
        active_s=0.0,
    )


def new_reading(room: Room, image_id: int) -> NewReading:
    return NewReading(str(uuid.uuid4()), image_id, room.reader.id, Purpose.REVIEW, None, 8, 8)


def new_decision(room: Room, image_id: int, revision_uuid: str, created: str = "2026-01-01") -> NewDecision:
    made = Decision(
        image_id, room.reader.id, Purpose.REVIEW, Verdict.ACCEPTED, None, 1.0, created, str(uuid.uuid4())
    )
    return NewDecision(made, revision_uuid)


def begin_with(room: Room, *entries: NewReading | NewStep | NewDecision) -> tuple[Path, list[SetAside]]:
    """Start again with a copy that holds these; return it, and what will be said."""
    room.session.shut_down()
    copy = room.spare_folder / f"{room.project.uuid}-1.zip"
    write_copy(copy, room.project.uuid, entries, {})
    room.session = room.begin()
    said: list[SetAside] = []
    room.session.set_aside.connect(said.append)
    return copy, said


def test_a_verdict_whose_mask_was_written_before_is_brought_back(room: Room) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    room.draw((20, 30))
    room.session.close()
    room.wait_for_the_disk()
    head = room.project.store.masks.head(image_id, room.reader.id, Purpose.REVIEW)
    assert head is not None
    copy, said = begin_with(room, new_decision(room, image_id, head.uuid))
    room.qtbot.waitUntil(lambda: not copy.exists())
    kept = room.project.store.decisions.latest(image_id, room.reader.id, Purpose.REVIEW)
    assert kept is not None
    assert kept.revision_id == head.id
    assert not said


@pytest.mark.parametrize("lost", ["reading", "mask", "picture"])
def test_what_belongs_to_nothing_is_set_aside_and_saving_goes_on(room: Room, lost: str) -> None:
    image_id = room.image_ids[0]
    entries: dict[str, tuple[NewReading | NewStep | NewDecision, ...]] = {
        "reading": (new_step(str(uuid.uuid4())),),
        "mask": (new_decision(room, image_id, str(uuid.uuid4())),),
        "picture": (of_none := new_reading(room, 9999), new_step(of_none.uuid)),
    }
    copy, said = begin_with(room, *entries[lost])
    room.qtbot.waitUntil(lambda: bool(said))
    aside = copy.with_name(f"rejected-{copy.name}")
    assert aside.exists()
    assert not copy.exists()
    assert str(said[0]).startswith("1 change was not written into the project")
    assert str(aside) in str(said[0])
    assert not _UUID.search(str(said[0]).replace(str(aside), ""))
    room.open(image_id)
    room.draw((20, 30))
    room.wait_for_the_disk()
    assert room.steps(image_id) == [(StepKind.DO, "brush")]
    room.come_back()
    assert aside.exists(), "it does not come back by itself"
    assert room.session.held == 0


def refuse_one(room: Room, monkeypatch: pytest.MonkeyPatch, tool: str) -> None:
    add_step = room.project.store.readings.add_step

    def choosy(step: NewStep) -> "Future[Step]":
        if step.tool == tool:
            raise ValueError(f"no such tool in {step.uuid}")
        return add_step(step)

    monkeypatch.setattr(room.project.store.readings, "add_step", choosy)


def test_a_stroke_the_project_cannot_hold_is_set_aside_with_what_stands_on_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = room.image_ids[:2]
    room.open(first)
    room.draw((20, 30))
    room.wait_for_the_disk()
    before = room.painting.mask
    refuse_one(room, monkeypatch, "eraser")
    said: list[SetAside] = []
    room.session.set_aside.connect(said.append)
    room.draw((20, 30), value=0, radius=1)
    room.draw((50, 30))
    drawn = room.painting.mask
    with room.qtbot.waitSignal(room.session.opened):
        pass
    assert np.array_equal(room.painting.mask, before), "the project's own state is shown again"
    room.draw((60, 40))
    room.wait_for_the_disk()
    assert room.steps(first) == [(StepKind.DO, "brush")] * 2
    room.open(second)
    room.draw((20, 30))
    room.session.decide(Verdict.ACCEPTED)
    room.wait_for_the_disk()
    assert room.project.store.decisions.latest(second, room.reader.id, Purpose.REVIEW) is not None
    assert not _UUID.search(str(said[0]).replace(str(said[0].path), ""))
    held = [work for error in said for work in read_copy(error.path, room.project.uuid)]
    assert sum(isinstance(entry, NewStep) for work in held for entry in work.entries) == 2
    with zipfile.ZipFile(said[0].path) as archive:
        assert [name for name in archive.namelist() if name.startswith("masks/")]
    assert held[0].state is not None
    assert drawn.any()


def test_another_picture_is_saved_while_one_is_set_aside(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    may_go = threading.Event()
    add = room.project.store.readings.add
    first, second = room.image_ids[:2]

    def choosy(reading: NewReading) -> "Future[object]":
        may_go.wait()
        if reading.image_id == first:
            raise ValueError("not this one")
        return add(reading)  # type: ignore[return-value]

    monkeypatch.setattr(room.project.store.readings, "add", choosy)
    for image_id in (first, second):
        room.open(image_id)
        room.draw((20, 30))
        room.session.decide(Verdict.ACCEPTED)
    with room.qtbot.waitSignal(room.session.set_aside) as told:
        may_go.set()
    room.wait_for_the_disk()
    assert told.args is not None
    assert told.args[0].count == 3, "the stroke, the mask and the verdict"
    assert room.steps(second) == [(StepKind.DO, "brush")]
    assert room.steps(first) == []


@pytest.mark.parametrize(
    ("statement", "passes"),
    [("PRAGMA query_only = 1; CREATE TABLE u (a)", True), ("INSERT INTO t VALUES (1)", False)],
)
def test_the_databases_troubles_pass_and_what_breaks_its_rules_does_not(statement: str, passes: bool) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1);")
        with pytest.raises(sqlite3.Error) as refused:
            connection.executescript(statement)
    assert may_pass(refused.value) is passes


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (OSError(28, "full"), True),
        (ProjectError("gone"), True),
        (sqlite3.OperationalError("the server is down"), True),
        (sqlite3.IntegrityError("no such picture"), False),
        (NotFoundError("no"), False),
        (KeyError(), False),
    ],
)
def test_a_disk_may_have_room_later_and_a_lost_mask_does_not_come_back(
    error: Exception, passes: bool
) -> None:
    assert may_pass(error) is passes
