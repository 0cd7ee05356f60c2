"""The disk refuses, is slow, is away or damaged: nothing is lost, and it is said in words."""

import sqlite3
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from app.review.reading.place import Place
from app.review.reading.spare import write_copy
from gsal.errors import InputError, ProjectError
from gsal.project import DATABASE_NAME, Project
from gsal.records import MaskSet, NewStep, Purpose, Step, StepKind, Verdict
from tests.app.reading_room import Room


@pytest.fixture
def room(qtbot: QtBot, project: Project, tmp_path: Path) -> Iterator[Room]:
    with Room.of(qtbot, project, tmp_path / "spare") as made:
        yield made


def pragma(project: Project, statement: str) -> int:
    """Run a PRAGMA on the writing connection."""
    return project.store._database.write(lambda session: int(session.execute(text(statement)).scalar_one()))


def fill_the_disk(room: Room) -> None:
    pragma(room.project, f"PRAGMA max_page_count = {pragma(room.project, 'PRAGMA page_count')}")


def free_the_disk(room: Room) -> None:
    pragma(room.project, "PRAGMA max_page_count = 1000000")


def draw_until_refused(room: Room) -> str:
    """Draw until the disk does not take it; return what is said."""
    said: list[str] = []
    room.session.not_saved.connect(lambda error: said.append(str(error)))
    for seed in range(200):
        room.strokes_at_random(1, seed)
        room.qtbot.waitUntil(lambda: bool(said) or room.session.held == 0)
        if said:
            return said[0]
    raise AssertionError("the disk was never full")


def test_a_full_disk_is_said_the_strokes_are_held_and_kept_once_there_is_room(room: Room) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    fill_the_disk(room)
    told = draw_until_refused(room)
    assert told.startswith("1 change is not saved: the disk is full.")
    room.strokes_at_random(5, 77)
    room.session.undo()
    assert room.session.held == 7
    n_steps = room.painting.undo_count
    drawn = room.painting.mask
    with room.qtbot.waitSignal(room.session.recovered):
        free_the_disk(room)
    assert room.session.held == 0
    assert len(room.steps(image_id)) == n_steps + 2
    room.come_back()
    room.open(image_id)
    assert np.array_equal(room.painting.mask, drawn)
    assert (room.painting.undo_count, room.painting.redo_count) == (n_steps, 1)


def test_a_full_disk_leaves_a_copy_that_is_brought_back_by_the_next_start(room: Room) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    fill_the_disk(room)
    draw_until_refused(room)
    room.strokes_at_random(3, 5)
    room.session.decide(Verdict.ACCEPTED)
    drawn = room.painting.mask
    copy = room.session.shut_down()
    assert copy is not None
    with zipfile.ZipFile(copy) as archive:
        assert any(name.startswith("masks/") for name in archive.namelist())
    free_the_disk(room)
    room.session = room.begin()
    room.qtbot.waitUntil(lambda: not copy.exists())
    room.open(image_id)
    assert np.array_equal(room.painting.mask, drawn)
    assert np.array_equal(room.kept(image_id), drawn)
    assert room.project.store.masks.best([image_id], MaskSet.HUMAN)[image_id].reader_id == room.reader.id


def test_a_copy_saved_elsewhere_is_brought_back_without_duplicates(room: Room, tmp_path: Path) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    fill_the_disk(room)
    draw_until_refused(room)
    room.strokes_at_random(3, 5)
    copy = tmp_path / "elsewhere" / "copy.zip"
    with room.qtbot.waitSignal(room.session.copied):
        room.session.save_copy(copy)
    n_steps = room.painting.undo_count
    drawn = room.painting.mask
    with room.qtbot.waitSignal(room.session.recovered):
        free_the_disk(room)
    assert room.session.bring_back(copy) >= 4
    room.wait_for_the_disk()
    assert len(room.steps(image_id)) == n_steps
    room.come_back()
    room.open(image_id)
    assert np.array_equal(room.painting.mask, drawn)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no archive"])
def test_a_file_that_is_no_copy_is_refused(room: Room, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "copy.zip"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"copy\.zip"):
        room.session.bring_back(path)
    assert room.session.held == 0


def test_the_copy_goes_elsewhere_when_its_folder_cannot_be_written(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    image_id = room.image_ids[0]
    room.open(image_id)
    fill_the_disk(room)
    draw_until_refused(room)
    drawn = room.painting.mask
    room.spare_folder.write_text("a file is in the way")
    copy = room.session.shut_down()
    assert copy is not None
    assert copy.parent == elsewhere
    free_the_disk(room)
    room.session = room.begin()
    room.session.bring_back(copy)
    room.wait_for_the_disk()
    room.open(image_id)
    assert np.array_equal(room.painting.mask, drawn)


def test_what_is_brought_back_is_seen_in_the_open_picture(room: Room, tmp_path: Path) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    fill_the_disk(room)
    draw_until_refused(room)
    drawn = room.painting.mask
    copy = room.session.shut_down()
    assert copy is not None
    elsewhere = copy.rename(tmp_path / "copy.zip")
    free_the_disk(room)
    room.session = room.begin()
    room.open(image_id)
    assert not np.array_equal(room.painting.mask, drawn)
    with room.qtbot.waitSignal(room.session.opened):
        room.session.bring_back(elsewhere)
    assert np.array_equal(room.painting.mask, drawn)


def test_a_damaged_spare_copy_does_not_keep_the_project_closed(room: Room) -> None:
    room.session.shut_down()
    room.spare_folder.mkdir(exist_ok=True)
    damaged = room.spare_folder / f"{room.project.uuid}-1.zip"
    damaged.write_bytes(b"cut off")
    room.session = room.begin()
    room.open(room.image_ids[0])
    assert damaged.exists()


def test_a_copy_of_another_project_is_refused(room: Room, tmp_path: Path) -> None:
    path = tmp_path / "copy.zip"
    write_copy(path, "another", (), {})
    with pytest.raises(InputError, match="another project"):
        room.session.bring_back(path)


def test_a_database_locked_by_another_program_is_waited_for(room: Room) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    pragma(room.project, "PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(room.project.folder / DATABASE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with room.qtbot.waitSignal(room.session.not_saved) as refused:
            room.draw((20, 30))
        assert refused.args is not None
        assert "another program is using the project" in str(refused.args[0])
        room.draw((40, 30))
        with room.qtbot.waitSignal(room.session.recovered):
            other.execute("ROLLBACK")
    assert room.steps(image_id) == [(StepKind.DO, "brush")] * 2


def test_a_folder_that_vanishes_and_comes_back_has_every_stroke_once(room: Room) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    room.draw((20, 30))
    room.wait_for_the_disk()
    folder = room.project.folder
    away = folder.with_name("away")
    folder.rename(away)
    with room.qtbot.waitSignal(room.session.not_saved) as refused:
        room.draw((40, 30))
    assert refused.args is not None
    assert str(folder) in str(refused.args[0])
    assert "gone" in str(refused.args[0])
    with room.qtbot.waitSignal(room.session.recovered):
        away.rename(folder)
    assert room.steps(image_id) == [(StepKind.DO, "brush")] * 2


def test_a_commit_whose_answer_is_lost_makes_no_duplicate(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    calls = iter(range(1000))
    check = Place.check

    def deaf(place: Place) -> None:
        if next(calls) % 2 == 0:
            raise ProjectError("the answer was lost")
        check(place)

    monkeypatch.setattr(Place, "check", deaf)
    for x in (20, 30, 40):
        room.draw((x, 30))
    room.session.decide(Verdict.ACCEPTED)
    room.wait_for_the_disk()
    assert room.steps(image_id) == [(StepKind.DO, "brush")] * 3
    assert len(room.project.store.decisions.latest_for([Purpose.REVIEW])) == 1
    with closing(sqlite3.connect(room.project.folder / DATABASE_NAME)) as connection:
        for table in ("reading", "decision"):
            count = f"SELECT count(*) FROM {table}"  # noqa: S608
            assert connection.execute(count).fetchone() == (1,)
        human = "SELECT count(*) FROM mask_revision WHERE source = 'human'"
        assert connection.execute(human).fetchone() == (1,)


def test_a_slow_disk_does_not_hold_up_the_window(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    may_go = threading.Event()
    add_step = room.project.store.readings.add_step

    def slow(step: NewStep) -> "Future[Step]":
        may_go.wait()
        return add_step(step)

    monkeypatch.setattr(room.project.store.readings, "add_step", slow)
    for x in (20, 30, 40):
        room.draw((x, 30))
    assert room.session.held == 3
    with room.qtbot.waitCallback() as ticked:
        QTimer.singleShot(0, ticked)
    room.session.undo()
    room.open(room.image_ids[1])
    room.open(image_id)
    assert room.painting.undo_count == 2, "what is held is not read from the disk"
    with room.qtbot.waitSignal(room.session.saved):
        may_go.set()
    assert len(room.steps(image_id)) == 4


def test_closing_waits_until_everything_is_written(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    may_go = threading.Event()
    add_step = room.project.store.readings.add_step

    def slow(step: NewStep) -> "Future[Step]":
        may_go.wait()
        return add_step(step)

    monkeypatch.setattr(room.project.store.readings, "add_step", slow)
    room.strokes_at_random(60)
    drawn = room.painting.mask
    threading.Timer(0.1, may_go.set).start()
    assert room.session.shut_down() is None
    assert len(room.steps(image_id)) == 60
    assert np.array_equal(room.kept(image_id), drawn)


def test_a_picture_that_is_gone_keeps_its_mask_and_says_so(room: Room) -> None:
    image = room.project.store.images.all()[0]
    path = room.project.image_path(image)
    room.open(image.id)
    away = path.rename(path.with_name("away.png"))
    room.draw((20, 30))
    drawn = room.painting.mask
    room.come_back()
    with room.qtbot.waitSignal(room.session.opening_failed) as failed:
        room.session.open(room.item(image.id))
    assert failed.args is not None
    assert image.name in str(failed.args[0])
    assert "Your mask of it is kept." in str(failed.args[0])
    assert not room.session.can_edit
    assert np.array_equal(room.kept(image.id), drawn)
    away.rename(path)
    room.open(image.id)
    assert np.array_equal(room.painting.mask, drawn)


def test_a_picture_that_was_replaced_is_not_shown_with_the_old_mask(room: Room) -> None:
    image, other = room.project.store.images.all()[:2]
    path = room.project.image_path(image)
    room.open(image.id)
    room.draw((20, 30))
    original = path.read_bytes()
    path.write_bytes(room.project.image_path(other).read_bytes())
    room.come_back()
    with room.qtbot.waitSignal(room.session.opening_failed) as failed:
        room.session.open(room.item(image.id))
    assert failed.args is not None
    assert "changed since it was imported" in str(failed.args[0])
    assert "Your mask of it is kept." in str(failed.args[0])
    path.write_bytes(original)
    room.open(image.id)
    assert room.painting.undo_count == 1


def damage_a_step(project: Project) -> None:
    """Change one byte of a stored stroke, as a failing disk does."""
    with closing(sqlite3.connect(project.folder / DATABASE_NAME)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        number, delta = connection.execute(
            "SELECT id, delta FROM step WHERE kind = 'do' ORDER BY id DESC"
        ).fetchone()
        damaged = bytes(delta[:-1]) + bytes([delta[-1] ^ 1])
        connection.execute("UPDATE step SET delta = ? WHERE id = ?", (damaged, number))
        connection.commit()


def test_a_damaged_stroke_opens_the_last_whole_mask_and_says_so(room: Room) -> None:
    first, second, *_ = room.image_ids
    room.open(first)
    room.draw((20, 30))
    room.open(second)
    room.wait_for_the_disk()
    whole = room.kept(first)
    room.open(first)
    room.draw((60, 30))
    room.wait_for_the_disk()
    room.session.shut_down()
    damage_a_step(room.project)
    room.session = room.begin()
    room.open(first)
    assert room.session.picture is not None
    assert "damaged" in room.session.picture.notice
    assert np.array_equal(room.painting.mask, room.kept(first))
    assert not np.array_equal(room.painting.mask, whole)
    room.draw((10, 50))
    drawn = room.painting.mask
    room.come_back()
    room.open(first)
    assert room.session.picture.notice == ""
    assert np.array_equal(room.painting.mask, drawn)


def test_a_damaged_stroke_that_was_taken_back_is_noticed_when_the_picture_opens(room: Room) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    room.draw((20, 30))
    room.draw((60, 30))
    room.session.undo()
    drawn = room.painting.mask
    room.session.shut_down()
    damage_a_step(room.project)
    room.session = room.begin()
    room.open(image_id)
    assert room.session.picture is not None
    assert "damaged" in room.session.picture.notice
    assert np.array_equal(room.painting.mask, drawn)


def test_a_damaged_proposal_is_left_out_and_named(room: Room) -> None:
    image_id = room.image_ids[1]
    proposal = room.project.store.masks.proposals(image_id)[1]
    with closing(sqlite3.connect(room.project.folder / DATABASE_NAME)) as connection:
        connection.execute("UPDATE mask_blob SET data = x'00' WHERE sha256 = ?", (proposal.sha256,))
        connection.commit()
    room.open(image_id)
    assert room.session.picture is not None
    assert "Proposal 2 is damaged" in room.session.picture.notice
    assert 2 not in {p.key for p in room.session.picture.proposals}


def test_nothing_is_written_into_a_project_opened_for_reading(qtbot: QtBot, room: Room) -> None:
    room.session.shut_down()
    room.project.store.close()
    with Project.open(room.project.folder, read_only=True) as project:
        room.project = project
        room.session = room.begin()
        room.open(room.image_ids[0])
        assert not room.session.can_edit
        room.session.take_proposal(0)
        assert not room.session.decide(Verdict.ACCEPTED)
        assert room.session.held == 0
        room.session.shut_down()
