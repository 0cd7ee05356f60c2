"""Readings: every step is kept once, in order, and never changed."""

import uuid
from dataclasses import replace

import pytest

from gsal.errors import NotFoundError
from gsal.files import sha256_of_bytes
from gsal.project import Project
from gsal.records import (
    EncodedProbabilities,
    MaskSource,
    NewReading,
    NewStep,
    Purpose,
    Reader,
    ReaderKind,
    StepKind,
)

from .conftest import REFUSED, NewMaskOf, Outside


@pytest.fixture
def reader(project: Project) -> Reader:
    return project.store.readers.add("Ada", ReaderKind.EXPERT)


@pytest.fixture
def new_reading(image_ids: list[int], reader: Reader) -> NewReading:
    return NewReading(str(uuid.uuid4()), image_ids[0], reader.id, Purpose.REVIEW, None, 30, 40)


def _step(reading: NewReading, delta: bytes, kind: StepKind = StepKind.DO) -> NewStep:
    sha256 = sha256_of_bytes(delta)
    return NewStep(
        str(uuid.uuid4()), reading.uuid, kind, "brush", delta, sha256, len(delta), 2, None, False, 1.5
    )


def test_a_reading_comes_back_with_its_steps_in_order(project: Project, new_reading: NewReading) -> None:
    store = project.store.readings
    reading = store.add(new_reading).result()
    new = [_step(new_reading, b"a"), _step(new_reading, b"bc"), _step(new_reading, b"", StepKind.UNDO)]
    kept = [store.add_step(step).result() for step in new]
    assert store.latest(reading.image_id, reading.reader_id, Purpose.REVIEW) == reading
    assert store.latest(reading.image_id, reading.reader_id, Purpose.VALIDATION) is None
    assert store.steps(reading.id) == kept
    assert [(s.kind, s.tool, s.pixels_added, s.is_begin) for s in kept] == [
        (StepKind.DO, "brush", 1, False),
        (StepKind.DO, "brush", 2, False),
        (StepKind.UNDO, "brush", 0, False),
    ]
    deltas = store.deltas(step.id for step in kept)
    assert {number: (d.data, d.sha256) for number, d in deltas.items()} == {
        step.id: (n.delta, n.delta_sha256) for step, n in zip(kept, new, strict=True)
    }


def test_a_blank_start_and_a_note_are_kept(project: Project, new_reading: NewReading) -> None:
    store = project.store.readings
    assert not store.add(new_reading).result().is_blank_start
    blank = replace(new_reading, uuid=str(uuid.uuid4()), is_blank_start=True)
    reading = store.add(blank).result()
    assert store.latest(blank.image_id, blank.reader_id, blank.purpose) == reading
    assert reading.is_blank_start
    note = store.add_step(replace(_step(blank, b"", StepKind.NOTE), is_begin=True)).result()
    assert store.steps(reading.id) == [note]
    assert (note.kind, note.is_begin) == (StepKind.NOTE, True)


def test_a_repeated_write_returns_what_is_there(project: Project, new_reading: NewReading) -> None:
    store = project.store.readings
    reading = store.add(new_reading).result()
    assert store.add(new_reading).result() == reading
    step = _step(new_reading, b"a")
    first = store.add_step(step).result()
    assert store.add_step(step).result() == first
    assert store.steps(reading.id) == [first]


def test_a_step_of_a_reading_that_was_never_kept_is_refused_and_can_be_repeated(
    project: Project, new_reading: NewReading
) -> None:
    store, step = project.store.readings, _step(new_reading, b"a")
    with pytest.raises(NotFoundError, match="never saved") as refused:
        store.add_step(step).result()
    assert new_reading.uuid not in str(refused.value), "an identifier says nothing to a reader"
    reading = store.add(new_reading).result()
    assert [store.add_step(step).result()] == store.steps(reading.id)


def test_readings_and_steps_are_known_by_what_their_client_called_them(
    project: Project, new_reading: NewReading
) -> None:
    store, steps = project.store.readings, [_step(new_reading, data) for data in (b"a", b"b")]
    assert store.find(new_reading.uuid) is None
    reading = store.add(new_reading).result()
    for step in steps:
        store.add_step(step).result()
    assert store.find(new_reading.uuid) == reading
    assert store.step_uuids(reading.id) == [step.uuid for step in steps]


def test_a_mask_says_which_reading_and_step_it_holds(
    project: Project, new_reading: NewReading, new_mask: NewMaskOf, reader: Reader
) -> None:
    store = project.store
    reading = store.readings.add(new_reading).result()
    new_step = _step(new_reading, b"a")
    step = store.readings.add_step(new_step).result()
    mask = new_mask(
        reading.image_id,
        source=MaskSource.HUMAN,
        reader_id=reader.id,
        reading_uuid=new_reading.uuid,
        step_uuid=new_step.uuid,
        tool="wand",
        pixels_added=5,
        pixels_removed=3,
        active_s=2.5,
    )
    record = store.masks.add(mask).result()
    assert (record.reading_id, record.step_id, record.tool) == (reading.id, step.id, "wand")
    assert (record.pixels_added, record.pixels_removed, record.active_s) == (5, 3, 2.5)
    assert store.masks.head(reading.image_id, reader.id, Purpose.REVIEW) == record
    lost = replace(mask, uuid=str(uuid.uuid4()), step_uuid=str(uuid.uuid4()))
    with pytest.raises(NotFoundError, match="step"):
        store.masks.add(lost).result()
    assert store.masks.head(reading.image_id, reader.id, Purpose.REVIEW) == record


def test_probabilities_are_kept_beside_their_mask(
    project: Project, image_ids: list[int], new_mask: NewMaskOf
) -> None:
    encoded = EncodedProbabilities(15, 20, 20, b"levels", sha256_of_bytes(b"levels"))
    with_them = project.store.masks.add(
        new_mask(image_ids[0], source=MaskSource.MODEL, probabilities=encoded)
    ).result()
    without = project.store.masks.add(new_mask(image_ids[1], source=MaskSource.MODEL)).result()
    assert project.store.masks.probabilities(with_them.id) == encoded
    assert project.store.masks.probabilities(without.id) is None


@pytest.mark.parametrize("table", ["reading", "step"])
@pytest.mark.parametrize("action", ["UPDATE {} SET uuid = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_them(
    project: Project, new_reading: NewReading, table: str, action: str, outside: Outside
) -> None:
    project.store.readings.add(new_reading).result()
    project.store.readings.add_step(_step(new_reading, b"a")).result()
    project.close()
    with pytest.raises(REFUSED, match=f"{table}s are never changed"):
        outside(action.format(table))


@pytest.mark.sqlite
def test_the_program_cannot_replace_a_row_either(project: Project, new_reading: NewReading) -> None:
    project.store.readings.add(new_reading).result()
    with project.store._database._writing.connect() as connection:  # type: ignore[union-attr]
        columns = "id, uuid, image_id, reader_id, purpose, height, width, is_blank_start, "
        columns += "app_version, created"
        with pytest.raises(Exception, match="never changed"):
            connection.exec_driver_sql(
                f"INSERT OR REPLACE INTO reading ({columns}) SELECT {columns} FROM reading"  # noqa: S608
            )
        connection.rollback()
