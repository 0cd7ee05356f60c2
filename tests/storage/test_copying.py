"""A project copied from a file to a server and back: every row, and numbers that go on."""

import math
import shutil
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsal.errors import LockedError, ProjectDamaged, ProjectError
from gsal.files import sha256_of_bytes, sha256_of_file
from gsal.jobs.copy_project import copy_project
from gsal.progress import Event, JobCancelled, JobContext, Progress
from gsal.project import DATABASE_NAME, Project
from gsal.records import (
    Decision,
    MaskSource,
    NewImage,
    NewReading,
    NewStep,
    Purpose,
    ReaderKind,
    StepKind,
    ValidationMember,
    Verdict,
)
from gsal.storage import copying, plain_json
from gsal.storage.link import LINK_NAME
from gsal.storage.sqlite import identify

from .conftest import NewMaskOf

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.fixture
def studied(tmp_path: Path, new_mask: NewMaskOf) -> Path:
    """The folder of a project, closed, in which a reading began on one mask and ended in another."""
    with Project.create(tmp_path / "studied", classes=("MEL", "NV")) as project:
        store = project.store
        new = [
            NewImage(f"ä{n}.png", sha256_of_bytes(b"%d" % n), 1, 1, 40, 30, label="NV") for n in range(300)
        ]
        ids = store.images.add(new, folder=Path("/pictures"))
        store.images.set_disagreements({ids[0]: 1 / 3})
        reader = store.readers.add("Ann", ReaderKind.EXPERT)
        masks = store.masks.add_many([new_mask(i, content=b"%d" % i, source=MaskSource.MODEL) for i in ids])
        reading = NewReading(str(uuid.uuid4()), ids[0], reader.id, Purpose.REVIEW, masks[0].id, 30, 40)
        store.readings.add(reading).result()
        step = NewStep(
            str(uuid.uuid4()),
            reading.uuid,
            StepKind.DO,
            "brush",
            b"\x00\xff",
            "s",
            1,
            0,
            masks[0].id,
            True,
            0.1,
        )
        store.readings.add_step(step).result()
        mask = new_mask(
            ids[0],
            content=b"mine",
            source=MaskSource.HUMAN,
            reader_id=reader.id,
            parent_id=masks[0].id,
            reading_uuid=reading.uuid,
            step_uuid=step.uuid,
        )
        kept = store.masks.add(mask).result()
        decision = Decision(ids[0], reader.id, Purpose.REVIEW, Verdict.ACCEPTED, kept.id, 1.5, "")
        store.decisions.add(decision).result()
        store.validation.choose(n_wanted=1, seed=2**40, members=[ValidationMember(ids[1], "s", 0)])
        store.validation.lock(reader.id)
        store.audits.add(
            settings={"a": [1]},
            audited={"m": ["sobel"]},
            result={"m": math.nan, "n": [math.inf, 0.1], "ü": None},
        )
        (project.checkpoints / "model-1.safetensors").write_bytes(b"weights")
    return tmp_path / "studied"


def contents(project: Project) -> list[object]:
    """Return what a project knows, for comparing."""
    store = project.store
    reading = store.readings.latest(1, 1, Purpose.REVIEW)
    assert reading is not None
    return [
        store.description(),
        store.images.all(),
        store.masks.best(),
        store.masks.load_many(range(1, 302)),
        store.masks.get_many(range(1, 302)),
        reading,
        store.readings.steps(reading.id),
        store.readings.deltas([1]),
        store.decisions.latest_by_reader(1),
        store.validation.get(),
        store.validation.members(),
        repr([(audit, store.audits.result(audit.id)) for audit in store.audits.newest_first()]),
    ]


@pytest.mark.postgresql
def test_a_project_moves_to_a_server_and_back(
    studied: Path, empty: str, tmp_path: Path, new_mask: NewMaskOf
) -> None:
    before = sha256_of_file(studied / DATABASE_NAME)
    events: list[Event] = []
    made = copy_project(studied, tmp_path / "shared", JobContext(events.append), server=empty)
    assert (made["pictures"], made["masks"], made["models"]) == (300, 301, 0)
    assert sha256_of_file(studied / DATABASE_NAME) == before
    assert (tmp_path / "shared" / "checkpoints" / "model-1.safetensors").read_bytes() == b"weights"
    assert not (tmp_path / "shared" / DATABASE_NAME).exists()
    stages = {event.stage: event.done / event.total for event in events if isinstance(event, Progress)}
    assert stages == {"Copying files": 1, "Copying": 1, "Comparing": 1}

    with Project.open(studied, read_only=True) as source, Project.open(tmp_path / "shared") as shared:
        assert contents(shared) == contents(source)
        with pytest.raises(LockedError):
            shared.store.validation.add([5])
        added = shared.store.images.add([NewImage("new.png", "s", 1, 1, 4, 4)], folder=Path("/pictures"))
        assert added == [301]
        assert shared.store.masks.add(new_mask(301)).result().id == 302

    copy_project(tmp_path / "shared", tmp_path / "home", JobContext())
    assert not (tmp_path / "home" / LINK_NAME).exists()
    with Project.open(tmp_path / "home") as home, Project.open(tmp_path / "shared") as shared:
        assert contents(home) == contents(shared)
        assert home.store.readers.add("Ben", ReaderKind.EXPERT).id == 2


def test_a_copy_that_differs_is_not_kept(
    studied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, seen = copying._parts, []

    def damaged(connection: object, table: object) -> object:
        seen.append(table)
        # The second time a table is read it is read back.
        return read(connection, table) if seen.count(table) == 1 or str(table) != "step" else []  # type: ignore[arg-type]

    monkeypatch.setattr(copying, "_parts", damaged)
    with pytest.raises(ProjectDamaged, match="the table step does not hold"):
        copy_project(studied, tmp_path / "copy", JobContext())
    assert not (tmp_path / "copy" / DATABASE_NAME).exists()


def test_a_stopped_copy_can_be_made_again(studied: Path, tmp_path: Path) -> None:
    ctx = JobContext()

    def stop(event: Event) -> None:
        if isinstance(event, Progress) and event.stage == "Copying" and event.done == 100:
            ctx.cancel.set()

    ctx.emit = stop
    with pytest.raises(JobCancelled):
        copy_project(studied, tmp_path / "copy", ctx)
    assert copy_project(studied, tmp_path / "copy", JobContext())["masks"] == 301


def test_a_copy_lies_outside_its_original_and_takes_no_ones_place(studied: Path, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="inside its original"):
        copy_project(studied, studied / "copy", JobContext())
    Project.create(tmp_path / "other").close()
    with pytest.raises(ProjectError, match="there is a project already"):
        copy_project(studied, tmp_path / "other", JobContext())


def test_what_is_written_meanwhile_is_not_in_a_copy(studied: Path, tmp_path: Path) -> None:
    with Project.open(studied) as writing:

        def write(event: Event) -> None:
            if isinstance(event, Progress) and event.stage == "Copying" and event.done == 0:
                writing.store.readers.add("Late", ReaderKind.EXPERT)

        copy_project(studied, tmp_path / "copy", JobContext(write))
    with Project.open(tmp_path / "copy") as copy:
        assert [reader.name for reader in copy.store.readers.all()] == ["Ann"]


def test_an_older_file_is_opened_once_before_it_is_copied(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    shutil.copyfile(Path(__file__).parent / "fixtures" / "project-0002.sqlite", old / DATABASE_NAME)
    with pytest.raises(ProjectError, match="open it for writing once"):
        copy_project(old, tmp_path / "copy", JobContext())
    assert identify(old / DATABASE_NAME)[1] == "0002"
    Project.open(old).close()
    copy_project(old, tmp_path / "copy", JobContext())
    with Project.open(tmp_path / "copy") as copy:
        assert copy.store.validation.locked_images() == {2}


@given(values)
def test_json_comes_back_from_a_server_as_it_was(value: object) -> None:
    assert repr(plain_json.loads(plain_json.dumps(value))) == repr(value)
