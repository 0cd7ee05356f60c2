"""Two workstations, one project: nothing is lost, nothing is there twice, and each is told of the other."""

import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from gsal.errors import ConflictError, LockedError, ModelError
from gsal.project import Project
from gsal.records import (
    COLUMNS,
    Decision,
    JobStatus,
    MaskRecord,
    MaskSet,
    MaskSource,
    ModelKind,
    Preprocessing,
    Purpose,
    Reader,
    ReaderKind,
    SaliencyMethod,
    SaliencyRow,
    SaliencyRunSettings,
    Side,
    ValidationMember,
    Variant,
    Verdict,
)
from gsal.storage import decisions
from gsal.storage.link import read_link

from .conftest import NewMaskOf, Outside

pytestmark = pytest.mark.postgresql

ROUNDS = 6


def url_of(project: Project) -> str:
    link = read_link(project.folder)
    assert link is not None
    return link.url


@pytest.fixture
def other(project: Project, image_ids: list[int], tmp_path: Path) -> Iterator[Project]:
    """The same project on another workstation."""
    with Project.join(tmp_path / "other", url_of(project)) as joined:
        yield joined


@pytest.fixture
def readers(project: Project) -> tuple[Reader, Reader]:
    first, second = (project.store.readers.add(name, ReaderKind.EXPERT) for name in ("Ann", "Ben"))
    return first, second


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do all of it at the same time, as far as that can be had; return what each returned, or raise."""
    start = threading.Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(begin, work) for work in works]]


def accept(
    project: Project, image_id: int, reader: Reader, new_mask: NewMaskOf, **rest: object
) -> tuple[MaskRecord, Decision]:
    content = uuid.uuid4().bytes
    mask = new_mask(image_id, content=content, source=MaskSource.HUMAN, reader_id=reader.id)
    record = project.store.masks.add(mask).result()
    verdict = Decision(image_id, reader.id, Purpose.REVIEW, Verdict.ACCEPTED, record.id, 1.0, "")
    return record, project.store.decisions.add(replace(verdict, uuid=str(uuid.uuid4()), **rest)).result()  # type: ignore[arg-type]


def test_two_who_accept_masks_of_other_pictures_are_not_in_each_others_way(
    project: Project,
    other: Project,
    image_ids: list[int],
    readers: tuple[Reader, Reader],
    new_mask: NewMaskOf,
) -> None:
    def work(where: Project, reader: Reader, numbers: list[int]) -> dict[int, MaskRecord]:
        return {image_id: accept(where, image_id, reader, new_mask)[0] for image_id in numbers}

    first, second = at_once(
        lambda: work(project, readers[0], image_ids[::2]), lambda: work(other, readers[1], image_ids[1::2])
    )
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert project.store.masks.best() == other.store.masks.best(None, MaskSet.HUMAN) == first | second


def test_of_two_who_accept_one_picture_the_later_settles_it_and_both_are_kept(
    project: Project,
    other: Project,
    image_ids: list[int],
    readers: tuple[Reader, Reader],
    new_mask: NewMaskOf,
    outside: Outside,
) -> None:
    def work(where: Project, reader: Reader) -> list[MaskRecord]:
        # Each goes through the pictures again and again, the other way round than the other one.
        order = image_ids[:3] if where is project else image_ids[2::-1]
        return [accept(where, i, reader, new_mask)[0] for _ in range(ROUNDS) for i in order]

    at_once(lambda: work(project, readers[0]), lambda: work(other, readers[1]))
    last = "SELECT max(id) FROM decision GROUP BY image_id"
    expected = dict(outside(f"SELECT image_id, revision_id FROM decision WHERE id IN ({last})"))  # noqa: S608 - test
    for where in (project, other):
        found = where.store.masks.best(None, MaskSet.HUMAN)
        assert {image_id: mask.id for image_id, mask in found.items()} == expected
    assert outside("SELECT count(*) FROM mask_revision") == outside("SELECT count(*) FROM decision")
    assert outside("SELECT count(*) FROM mask_revision") == [(2 * 3 * ROUNDS,)]
    # Each acceptance moved the head by one: none was written over unseen.
    versions = outside("SELECT version FROM mask_head WHERE channel = 'human'")
    assert versions == [(2 * ROUNDS,)] * 3


def test_the_verdict_that_is_last_by_its_number_is_the_one_that_settled_the_picture(
    project: Project,
    other: Project,
    image_ids: list[int],
    readers: tuple[Reader, Reader],
    new_mask: NewMaskOf,
    outside: Outside,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (ann, ben), settle = readers, decisions._settle
    ann_is_in, ben_is_done = threading.Event(), threading.Event()
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"

    def settle_slowly(session: Session, decision: Decision) -> None:
        if decision.reader_id == ann.id:
            ann_is_in.set()
            while not ben_is_done.wait(0.01) and outside(waiting) == [(0,)]:
                pass
        settle(session, decision)

    monkeypatch.setattr(decisions, "_settle", settle_slowly)

    def come_second() -> Decision:
        ann_is_in.wait()
        try:
            return accept(other, image_ids[0], ben, new_mask)[1]
        finally:
            ben_is_done.set()

    first, second = at_once(lambda: accept(project, image_ids[0], ann, new_mask)[1], come_second)
    assert isinstance(first, Decision)
    assert isinstance(second, Decision)
    last = max((first, second), key=lambda decision: decision.id or 0)
    assert project.store.masks.best()[image_ids[0]].id == last.revision_id


def test_who_comes_later_is_told_of_whom_they_overtook(
    project: Project,
    other: Project,
    image_ids: list[int],
    readers: tuple[Reader, Reader],
    new_mask: NewMaskOf,
) -> None:
    image_id, (ann, ben) = image_ids[0], readers
    seen = [where.store.decisions.last_review(image_id) for where in (project, other)]
    assert seen == [0, 0]
    _, first = accept(project, image_id, ann, new_mask, seen_id=seen[0])
    mask, second = accept(other, image_id, ben, new_mask, seen_id=seen[1])
    assert (first.overtook, second.overtook) == ("", "Ann")
    assert project.store.masks.best()[image_id] == mask
    assert [d.reader_id for d in project.store.decisions.latest_by_reader(image_id)] == [ann.id, ben.id]
    again = accept(other, image_id, ben, new_mask, seen_id=other.store.decisions.last_review(image_id))
    assert again[1].overtook == "", "Ben knew of Ann by then"


def test_a_blind_reading_tells_nobody_of_the_other(
    project: Project, other: Project, image_ids: list[int], readers: tuple[Reader, Reader]
) -> None:
    for where, reader in zip((project, other), readers, strict=True):
        blind = Decision(image_ids[0], reader.id, Purpose.VALIDATION, Verdict.REJECTED, None, 1.0, "")
        assert where.store.decisions.add(replace(blind, seen_id=0)).result().overtook == ""


def test_batches_of_two_jobs_that_share_pictures_and_pixels_both_get_through(
    project: Project, other: Project, image_ids: list[int], new_mask: NewMaskOf
) -> None:
    def work(where: Project, order: list[int], rule: str) -> list[MaskRecord]:
        pick = MaskSource.AUTOMATIC_PICK
        return [
            record
            for n in range(ROUNDS)
            for record in where.store.masks.add_many(
                [new_mask(i, content=b"%d %d" % (i, n), source=pick, rule=rule) for i in order]
            )
        ]

    kept = at_once(lambda: work(project, image_ids, "hue"), lambda: work(other, image_ids[::-1], "lab"))
    newest = {i: max(r.id for records in kept for r in records if r.image_id == i) for i in image_ids}  # type: ignore[attr-defined]
    assert {i: mask.id for i, mask in project.store.masks.best().items()} == newest


def test_what_both_add_first_is_there_once(project: Project, other: Project, image_ids: list[int]) -> None:
    def announce(where: Project) -> object:
        try:
            return where.store.models.add(
                "m",
                kind=ModelKind.CLASSIFIER,
                architecture="x",
                classes=("MEL", "NV"),
                preprocessing=Preprocessing(),
                run_card={},
            ).id
        except ModelError as error:
            return str(error)

    for n in range(ROUNDS):
        pair = at_once(
            *(lambda w=w: w.store.readers.add(f"R{n}", ReaderKind.EXPERT) for w in (project, other))  # noqa: B023 - at once
        )
        assert pair[0] == pair[1]
    made = at_once(lambda: announce(project), lambda: announce(other))
    assert sorted(map(type, made), key=str) == [int, str]
    assert "There is already a model named m; choose another name." in made


def test_two_who_change_many_rows_in_opposite_orders_wait_for_each_other(
    project: Project, other: Project, image_ids: list[int]
) -> None:
    def work(where: Project, order: list[int], value: float) -> None:
        for _ in range(ROUNDS):
            where.store.images.set_disagreements(dict.fromkeys(order, value))

    at_once(lambda: work(project, image_ids, 0.25), lambda: work(other, image_ids[::-1], 0.75))
    values = {image.disagreement for image in project.store.images.all()}
    assert values in ({0.25}, {0.75}), "one of them was last for all pictures"


SHARD = """
import sys
from pathlib import Path
import numpy as np
from gsal.project import Project
from gsal.records import PredictionRow, Variant
folder, first, last, rank = Path(sys.argv[1]), *map(int, sys.argv[2:])
with Project.open(folder) as project:
    print("open", flush=True)
    sys.stdin.readline()
    for start in range(first, last, 2):
        rows = [PredictionRow(i, np.array([rank, i, 0.5])) for i in range(start, min(start + 2, last))]
        project.store.predictions.add(1, rows, variant=Variant.ORIGINAL)
"""


def test_two_processes_write_their_shards_of_one_prediction_at_once(
    project: Project, other: Project, image_ids: list[int]
) -> None:
    project.store.models.add(
        "m",
        kind=ModelKind.CLASSIFIER,
        architecture="x",
        classes=project.classes,
        preprocessing=Preprocessing(),
        run_card={},
    )
    shards = ((project.folder, "1", "7", "0"), (other.folder, "5", "10", "1"))
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SHARD, *map(str, shard)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for shard in shards
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
    for process in running:
        process.communicate("go\n")
        assert process.returncode == 0
    stored = project.store.predictions.all(1, variant=Variant.ORIGINAL)
    assert sorted(stored) == image_ids
    assert all(row.logits[1] == image_id for image_id, row in stored.items())
    assert {stored[i].logits[0] for i in range(1, 5)} == {0}
    assert {stored[i].logits[0] for i in range(7, 10)} == {1}


def test_one_saliency_run_is_filled_from_both(project: Project, other: Project, image_ids: list[int]) -> None:
    model = project.store.models.add(
        "m",
        kind=ModelKind.CLASSIFIER,
        architecture="x",
        classes=project.classes,
        preprocessing=Preprocessing(),
        run_card={},
    )
    settings = SaliencyRunSettings(
        model.id, SaliencyMethod.GRAD_CAM, "", "norm5", "float32", 64, Variant.ORIGINAL, "best"
    )

    def work(where: Project, numbers: list[int]) -> int:
        run = where.store.saliency.run(settings)
        values = np.zeros((3, len(COLUMNS)))
        for image_id in numbers:
            where.store.saliency.add(run.id, [SaliencyRow(image_id, 1.0, 1.0, 4, "abc", values)])
        return run.id

    runs = at_once(lambda: work(project, image_ids[:6]), lambda: work(other, image_ids[3:]))
    assert runs[0] == runs[1]
    assert sorted(project.store.saliency.rows(1)) == image_ids


def test_a_job_that_runs_elsewhere_is_neither_interrupted_nor_gone_on_with(
    project: Project, other: Project, tmp_path: Path
) -> None:
    running = project.store.jobs.start("propose", {"a": 1})
    with Project.join(tmp_path / "third", url_of(project)) as third:
        assert third.store.jobs.get(running).status is JobStatus.RUNNING
        own = third.store.jobs.start("propose", {"a": 1})
        assert own != running
        assert third.store.jobs.start("propose", {"a": 1}) == own, "one's own goes on under its number"
    project.store.jobs.finish(running, JobStatus.CANCELLED)
    assert other.store.jobs.start("propose", {"a": 1}) == running


def test_a_job_whose_program_was_killed_is_seen_as_interrupted(project: Project, other: Project) -> None:
    code = (
        "import sys; from pathlib import Path; from gsal.project import Project; "
        f"p = Project.open(Path({str(other.folder)!r})); "
        "p.store.jobs.start('propose', {}); print('open', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        assert project.store.jobs.interrupt_running() == 0
    finally:
        holder.kill()
        holder.communicate()
    # The server notices a dead program when it next looks at its connection.
    while project.store.jobs.interrupt_running() == 0:
        pass
    assert [job.status for job in project.store.jobs.all()] == [JobStatus.INTERRUPTED]


def test_the_split_is_made_once(project: Project, other: Project, image_ids: list[int]) -> None:
    def make(where: Project, seed: int) -> object:
        try:
            sides = dict.fromkeys(image_ids, Side.TRAINING)
            where.store.images.assign_sides(sides, split={"seed": seed}, before=None)
        except ConflictError as error:
            return error
        return seed

    made = at_once(lambda: make(project, 1), lambda: make(other, 2))
    (seed,) = (one for one in made if isinstance(one, int))
    assert project.split == other.split == {"seed": seed}


def test_a_set_that_is_being_locked_takes_no_more_pictures(
    project: Project, other: Project, image_ids: list[int], readers: tuple[Reader, Reader]
) -> None:
    members = [ValidationMember(image_ids[0], "", 0)]
    project.store.validation.choose(n_wanted=1, seed=1, members=members)
    is_locked, may_commit = threading.Event(), threading.Event()

    def lock_slowly(session: Session) -> None:
        session.execute(text("SELECT id FROM validation_set FOR UPDATE"))
        session.execute(text("UPDATE validation_set SET locked = 'now', locked_by = 1"))
        is_locked.set()
        may_commit.wait()

    locking = project.store._database.submit(lock_slowly)
    is_locked.wait()
    with ThreadPoolExecutor() as pool:
        adding = pool.submit(other.store.validation.add, image_ids[1:3])
        may_commit.set()
        locking.result()
        with pytest.raises(LockedError):
            adding.result()
    assert other.store.validation.members() == members
