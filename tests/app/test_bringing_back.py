"""Spare copies come back: all that was done, nothing twice, and nothing that was done since is cancelled."""

import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.review.canvas.tools import Stroke
from app.review.reading.entries import Entry, Scribe, Written
from app.review.reading.refusal import SetAside
from app.review.reading.spare import read_copy, write_copy
from gsal.arrays import Mask
from gsal.errors import InputError
from gsal.files import sha256_of_bytes
from gsal.masks import codec
from gsal.project import Project
from gsal.records import EncodedMask, NewImage, Purpose, Verdict
from tests.app.reading_room import Room

Refusing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def room(qtbot: QtBot, project: Project, tmp_path: Path) -> Iterator[Room]:
    with Room.of(qtbot, project, tmp_path / "spare") as made:
        yield made


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Refusing:
    """While it is entered, the disk takes nothing."""

    def full(_: Scribe, __: Entry) -> Written:
        raise OSError(28, "No space left on device")

    @contextmanager
    def refuse() -> Iterator[None]:
        with monkeypatch.context() as patched:
            patched.setattr(Scribe, "write", full)
            yield

    return refuse


@pytest.fixture
def image_id(room: Room) -> int:
    """A picture that is open, with one stroke on the disk."""
    image_id = room.image_ids[0]
    room.open(image_id)
    room.draw((10, 10), (40, 40))
    room.wait_for_the_disk()
    return image_id


def draw_a_line(room: Room) -> None:
    room.draw((60, 20), (60, 50), radius=5)


def leave_a_copy(room: Room, refusing: Refusing, verdict: Verdict | None = None) -> tuple[Path, Mask]:
    """Draw a line that the disk does not take, and start again; return the copy, elsewhere, and the mask."""
    with refusing():
        draw_a_line(room)
        if verdict is not None:
            room.session.decide(verdict)
        drawn = room.painting.mask
        copy = room.session.shut_down()
    assert copy is not None
    copy = copy.rename(room.spare_folder.with_name("copy.zip"))
    room.session = room.begin()
    return copy, drawn


def bring_back(room: Room, copy: Path) -> list[SetAside]:
    """Bring a copy back and wait until it is there; return what was said."""
    said: list[SetAside] = []
    room.session.set_aside.connect(said.append)
    with room.qtbot.waitSignal(room.session.saved):
        room.session.bring_back(copy)
    room.qtbot.waitUntil(lambda: not room.session.keeper.is_bringing_back)
    return said


def own_masks(room: Room, image_id: int) -> list[Mask]:
    """Return every whole mask in the project that the reader made of a picture."""
    masks = room.project.store.masks
    own = [r.id for r in masks.get_many(range(200)).values() if r.reader_id == room.reader.id]
    of_picture = [r.id for r in masks.get_many(own).values() if r.image_id == image_id]
    return [codec.decode(encoded) for encoded in masks.load_many(of_picture).values()]


def test_strokes_come_back_where_nothing_was_done_since(
    room: Room, refusing: Refusing, image_id: int
) -> None:
    copy, drawn = leave_a_copy(room, refusing)
    assert bring_back(room, copy) == []
    room.open(image_id)
    assert np.array_equal(room.painting.mask, drawn)
    assert room.painting.undo_count == 2


def test_a_line_drawn_again_is_not_cancelled_by_the_one_that_comes_back(
    room: Room, refusing: Refusing, image_id: int
) -> None:
    copy, drawn = leave_a_copy(room, refusing)
    room.open(image_id)
    draw_a_line(room)
    room.draw((74, 20), (74, 50), radius=2)
    redrawn = room.painting.mask
    room.wait_for_the_disk()
    (said,) = bring_back(room, copy)
    assert str(copy) in str(said)
    assert copy.exists()
    room.come_back()
    room.open(image_id)
    assert np.array_equal(room.painting.mask, redrawn)
    assert room.painting.undo_count == 3
    assert any(np.array_equal(mask, drawn) for mask in own_masks(room, image_id)), "the older one is kept too"


def test_what_was_done_since_and_undone_again_is_no_hindrance(
    room: Room, refusing: Refusing, image_id: int
) -> None:
    copy, drawn = leave_a_copy(room, refusing)
    room.open(image_id)
    room.draw((20, 60))
    room.session.undo()
    room.wait_for_the_disk()
    assert bring_back(room, copy) == []
    room.come_back()
    room.open(image_id)
    assert np.array_equal(room.painting.mask, drawn)


def test_a_copy_of_a_reading_that_was_begun_anew_since_is_kept_beside_it(
    room: Room, refusing: Refusing
) -> None:
    image_id = room.image_ids[0]
    room.open(image_id)
    copy, drawn = leave_a_copy(room, refusing)
    room.open(image_id)
    room.draw((20, 30))
    redrawn = room.painting.mask
    room.wait_for_the_disk()
    assert len(bring_back(room, copy)) == 1
    room.come_back()
    room.open(image_id)
    assert np.array_equal(room.painting.mask, redrawn)
    assert any(np.array_equal(mask, drawn) for mask in own_masks(room, image_id))


def test_a_copy_that_comes_back_by_itself_beside_newer_work_stays_as_a_file(
    room: Room, refusing: Refusing, image_id: int
) -> None:
    copy, _ = leave_a_copy(room, refusing)
    room.open(image_id)
    draw_a_line(room)
    room.session.shut_down()
    copy = copy.rename(room.spare_folder / f"{room.project.uuid}-1.zip")
    room.session = room.begin()
    with room.qtbot.waitSignal(room.session.set_aside) as told:
        pass
    assert told.args is not None
    assert told.args[0].path == copy.with_name(f"rejected-{copy.name}")
    assert told.args[0].path.exists()
    assert not copy.exists()


@pytest.mark.parametrize("since", [None, Verdict.REJECTED])
def test_a_verdict_comes_back_unless_there_is_a_newer_one(
    room: Room, refusing: Refusing, image_id: int, since: Verdict | None
) -> None:
    copy, _ = leave_a_copy(room, refusing, Verdict.ACCEPTED)
    if since is not None:
        room.open(image_id)
        room.session.decide(since)
        room.wait_for_the_disk()
    said = bring_back(room, copy)
    decision = room.project.store.decisions.latest(image_id, room.reader.id, Purpose.REVIEW)
    assert decision is not None
    assert decision.verdict == (since or Verdict.ACCEPTED)
    assert bool(said) == bool(since)


def test_a_copy_in_the_temporary_folder_comes_back_by_itself(
    room: Room, refusing: Refusing, image_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    room.spare_folder.write_text("a file is in the way")
    with refusing():
        draw_a_line(room)
        drawn = room.painting.mask
        copy = room.session.shut_down()
    assert copy is not None
    assert copy.parent == elsewhere
    room.session = room.begin()
    room.qtbot.waitUntil(lambda: not copy.exists())
    room.open(image_id)
    assert np.array_equal(room.painting.mask, drawn)


def test_damage_anywhere_in_a_copy_is_refused_in_words(
    room: Room, refusing: Refusing, image_id: int, tmp_path: Path
) -> None:
    copy, _ = leave_a_copy(room, refusing, Verdict.ACCEPTED)
    whole = copy.read_bytes()
    damaged = tmp_path / "damaged.zip"
    rng = np.random.default_rng(1)
    refused = 0
    for _ in range(1500):
        data = bytearray(whole)
        data[rng.integers(len(data))] ^= 1 << rng.integers(8)
        damaged.write_bytes(data)
        try:
            read_copy(damaged, room.project.uuid)
        except InputError:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize("method", [1, 12, 14, 99])
def test_a_copy_packed_in_no_known_way_does_not_keep_the_project_closed(room: Room, method: int) -> None:
    room.session.shut_down()
    n_threads = threading.active_count()
    copy = room.spare_folder / f"{room.project.uuid}-1.zip"
    write_copy(copy, room.project.uuid, (), {})
    data = bytearray(copy.read_bytes())
    with zipfile.ZipFile(copy) as archive:
        local = archive.getinfo("entries.json").header_offset
    central = data.rindex(b"PK\x01\x02", 0, data.rindex(b"entries.json"))
    data[local + 8], data[central + 10] = method, method
    copy.write_bytes(data)
    room.session = room.begin()
    room.open(room.image_ids[0])
    assert copy.exists()
    room.session.shut_down()
    assert threading.active_count() <= n_threads


def test_pictures_of_the_same_name_each_have_their_mask_in_the_copy(
    room: Room, refusing: Refusing, tmp_path: Path
) -> None:
    first_id, twin_id = room.image_ids[0], add_twin(room)
    copy = tmp_path / "copy.zip"
    with refusing():
        for image_id in (first_id, twin_id):
            room.open(image_id)
            room.draw((20 + image_id, 30))
        with room.qtbot.waitSignal(room.session.copied) as told:
            room.session.save_copy(copy)
    assert told.args == [copy]
    with zipfile.ZipFile(copy) as archive:
        assert len([name for name in archive.namelist() if name.startswith("masks/")]) == 2
    room.wait_for_the_disk()


def add_twin(room: Room) -> int:
    """Add a picture with the first one's file name in another folder; return its number."""
    first = room.project.store.images.all()[0]
    path = room.project.image_path(first)
    content = path.read_bytes() + b"\0"
    (path.parent / "twin").mkdir()
    (path.parent / "twin" / path.name).write_bytes(content)
    twin = NewImage(
        path=f"twin/{path.name}",
        sha256=sha256_of_bytes(content),
        size_bytes=len(content),
        mtime_ns=1,
        width=first.width,
        height=first.height,
        label=first.label,
    )
    return room.project.store.images.add([twin], folder=path.parent)[0]


def test_a_copy_is_encoded_off_the_windows_thread(
    room: Room, refusing: Refusing, image_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    encode = codec.encode

    def noted(mask: Mask) -> EncodedMask:
        threads.append(threading.current_thread())
        return encode(mask)

    with refusing():
        draw_a_line(room)
        room.session.close()
        monkeypatch.setattr(codec, "encode", noted)
        with room.qtbot.waitSignal(room.session.copied):
            room.session.save_copy(tmp_path / "copy.zip")
    assert threads
    assert threading.main_thread() not in threads
    room.wait_for_the_disk()


def test_a_copy_that_cannot_be_written_is_told(room: Room, image_id: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with room.qtbot.waitSignal(room.session.copy_failed) as told:
        room.session.save_copy(tmp_path / "file" / "copy.zip")
    assert told.args is not None
    assert isinstance(told.args[0], OSError)


def test_verdicts_that_wait_for_the_disk_are_known(room: Room, refusing: Refusing, image_id: int) -> None:
    other = room.image_ids[1]
    with refusing():
        for decided, verdict in ((image_id, Verdict.FLAGGED), (other, Verdict.ACCEPTED)):
            room.open(decided)
            room.session.decide(verdict)
        room.session.decide(Verdict.REJECTED)
        waiting = {image_id: Verdict.FLAGGED, other: Verdict.REJECTED}
        assert room.session.waiting_verdicts() == waiting
        assert room.session.waiting_verdicts(Purpose.VALIDATION) == {}
    room.wait_for_the_disk()
    assert room.session.waiting_verdicts() == {}


def test_a_stroke_in_hand_while_strokes_come_back_cancels_none_of_them(
    room: Room, refusing: Refusing, image_id: int
) -> None:
    copy, drawn = leave_a_copy(room, refusing)
    room.open(image_id)
    room.painting.extend((60, 20), (60, 50), radius=5, value=1)
    said = bring_back(room, copy)
    assert not said
    change = room.painting.end_stroke()
    assert change is not None
    with room.qtbot.waitSignal(room.session.opened):
        room.session.stroke_ended(Stroke("brush", change))
    assert np.array_equal(room.painting.mask, drawn)
    assert [error.count for error in said] == [1]
    assert said[0].path.exists()
    room.draw((20, 60))
    room.wait_for_the_disk()
    assert len(room.steps(image_id)) == 3
    room.come_back()
    room.open(image_id)
    assert (room.painting.mask & drawn).sum() == drawn.sum()
