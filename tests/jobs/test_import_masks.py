"""Masks from other programs: each goes to the one picture it is named like, once."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gsal.jobs.masks.export_masks import ExportMasks
from gsal.jobs.masks.import_masks import ImportMasks
from gsal.jobs.masks.making import new_mask
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.runner import run_job
from gsal.masks import codec
from gsal.masks.interchange import write_png
from gsal.progress import JobCancelled, JobContext, Progress
from gsal.project import Project
from gsal.records import Decision, MaskSet, MaskSource, Purpose, ReaderKind, Verdict
from gsal.storage.database import Database
from gsal.storage.decisions import Decisions
from gsal.storage.masks import Masks

SHAPE = (20, 30)


def _with_pictures(project: Project, folder: Path, *names: str) -> dict[str, int]:
    """Import pictures of these names; return their numbers."""
    for seed, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(seed).integers(0, 255, (*SHAPE, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(path)
    run_job(ImportImages(str(folder)), project, JobContext())
    return {image.path: image.id for image in project.store.images.all()}


def _mask(column: int) -> np.ndarray:
    mask = np.zeros(SHAPE, np.bool_)
    mask[:, column] = True
    return mask


def _columns(project: Project) -> dict[str, int]:
    """Return by picture which column its exact mask has ink in."""
    heads = project.store.masks.best(None, MaskSet.EXACT)
    return {
        project.store.images.get(number).path: int(
            codec.decode(project.store.masks.load(head.id))[0].argmax()
        )
        for number, head in heads.items()
    }


def test_pictures_of_one_stem_keep_their_own_masks(project: Project, tmp_path: Path) -> None:
    names = ("MEL/a.png", "MEL/a.jpg", "MEL/b.jpg", "NV/b.jpg", "NV/c.jpg")
    numbers = _with_pictures(project, tmp_path / "photos", *names)
    masks = tmp_path / "masks"
    for column, name in enumerate(names):
        write_png(masks / f"{name}.png", _mask(column))
    expected = dict(zip(names, range(5), strict=True))
    assert run_job(ImportMasks(str(masks)), project, JobContext())["problems"] == []
    assert _columns(project) == expected
    run_job(ExportMasks(str(tmp_path / "out"), mask_set="exact"), project, JobContext())
    written = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.png")}
    assert written == {f"photos/{n}.png" for n in ("MEL/a.png", "MEL/a.jpg", "MEL/b", "NV/b", "NV/c")}
    with Project.create(tmp_path / "other", classes=project.classes) as other:
        assert len(_with_pictures(other, tmp_path / "photos", *names)) == len(numbers)
        assert run_job(ImportMasks(str(tmp_path / "out")), other, JobContext())["problems"] == []
        assert _columns(other) == expected


def test_a_name_that_fits_several_pictures_is_a_problem(project: Project, tmp_path: Path) -> None:
    _with_pictures(project, tmp_path / "photos", "MEL/a.png", "MEL/a.jpg", "MEL/b.jpg", "NV/b.jpg")
    for name in ("MEL/a.png", "b.png", "z.png"):
        write_png(tmp_path / "masks" / name, _mask(1))
    result = run_job(ImportMasks(str(tmp_path / "masks")), project, JobContext())
    assert result["imported"] == 0
    assert {p["file"]: p["reason"] for p in result["problems"]} == {
        "MEL/a.png": "2 pictures have this name (photos/MEL/a.jpg, photos/MEL/a.png)",
        "b.png": "2 pictures have this name (photos/MEL/b.jpg, photos/NV/b.jpg)",
        "z.png": "no picture of this name",
    }


@pytest.mark.parametrize("reader", ["", "Ada"])
def test_the_same_masks_again_add_nothing(project: Project, tmp_path: Path, reader: str) -> None:
    numbers = _with_pictures(project, tmp_path / "photos", "MEL/a.png", "NV/b.png")
    masks = tmp_path / "masks"
    for column, name in enumerate(("a.png", "b.png")):
        write_png(masks / name, _mask(column))
    job = ImportMasks(str(masks), reader=reader)
    first = run_job(job, project, JobContext())
    heads = project.store.masks.best()
    again = run_job(job, project, JobContext())
    assert [(r["imported"], r["already_there"]) for r in (first, again)] == [(2, 0), (0, 2)]
    assert set(heads) == set(numbers.values())
    assert project.store.masks.best() == heads
    write_png(masks / "b.png", _mask(7))
    changed = run_job(job, project, JobContext())
    assert (changed["imported"], changed["already_there"]) == (1, 1)
    assert project.store.masks.best()[numbers["NV/b.png"]].id > heads[numbers["NV/b.png"]].id


@pytest.mark.parametrize("reader", ["", "Ada"])
def test_an_import_costs_a_transaction_per_batch_and_reads_verdicts_once(
    project: Project, tmp_path: Path, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"MEL/{n}.png" for n in range(5)]
    numbers = _with_pictures(project, tmp_path / "photos", *names)
    for column in range(5):
        write_png(tmp_path / "masks" / f"{column}.png", _mask(column))
    monkeypatch.setattr("gsal.jobs.masks.import_masks._BATCH", 3)
    calls: Counter[str] = Counter()

    def count(owner: type, name: str) -> None:
        original = getattr(owner, name)

        def counted(*given: Any, **named: Any) -> Any:
            calls[name] += 1
            return original(*given, **named)

        monkeypatch.setattr(owner, name, counted)

    for owner, name in (
        (Database, "submit"),
        (Decisions, "status_by_image"),
        (Masks, "head"),
        (Masks, "_current"),
    ):
        count(owner, name)
    result = ImportMasks(str(tmp_path / "masks"), reader=reader).run(JobContext(), project)
    assert result["imported"] == 5
    assert calls == Counter(
        {"submit": 3, "status_by_image": 1, "_current": 2} if reader else {"submit": 2, "_current": 2}
    )
    mask_set = MaskSet.HUMAN if reader else MaskSet.EXACT
    assert set(project.store.masks.best(None, mask_set)) == set(numbers.values())


def test_a_stopped_import_stops_between_two_pictures_and_keeps_what_it_has_read(
    project: Project, tmp_path: Path
) -> None:
    numbers = _with_pictures(project, tmp_path / "photos", *[f"MEL/{n}.png" for n in range(5)])
    for column in range(5):
        write_png(tmp_path / "masks" / f"{column}.png", _mask(column))
    ctx = JobContext()

    def stop_after_two(event: object) -> None:
        if isinstance(event, Progress) and event.done == 2:
            ctx.cancel.set()

    ctx.emit = stop_after_two
    job = ImportMasks(str(tmp_path / "masks"), reader="Ada")
    with pytest.raises(JobCancelled):
        run_job(job, project, ctx)
    kept = project.store.masks.best(None, MaskSet.HUMAN)
    assert set(kept) == {numbers["MEL/0.png"], numbers["MEL/1.png"]}
    result = run_job(job, project, JobContext())
    assert (result["imported"], result["already_there"]) == (3, 2)


def test_masks_that_an_earlier_import_kept_and_never_accepted_are_accepted(
    project: Project, tmp_path: Path
) -> None:
    numbers = _with_pictures(project, tmp_path / "photos", "MEL/a.png", "NV/b.png")
    ada = project.store.readers.add("Ada", ReaderKind.EXPERT)
    for column, name in enumerate(("MEL/a.png", "NV/b.png")):
        write_png(tmp_path / "masks" / name, _mask(column))
        project.store.masks.add(
            new_mask(numbers[name], _mask(column), MaskSource.HUMAN, reader_id=ada.id, tool="import")
        ).result()
    rejected = Decision(numbers["NV/b.png"], ada.id, Purpose.REVIEW, Verdict.REJECTED, None, 1.0, "")
    project.store.decisions.add(rejected).result()
    result = run_job(ImportMasks(str(tmp_path / "masks"), reader="Ada"), project, JobContext())
    assert (result["imported"], result["already_there"]) == (0, 2)
    assert set(project.store.masks.best(None, MaskSet.HUMAN)) == {numbers["MEL/a.png"]}


def test_two_masks_of_one_picture_are_told(project: Project, tmp_path: Path) -> None:
    _with_pictures(project, tmp_path / "photos", "MEL/a.jpg")
    write_png(tmp_path / "masks" / "a.jpg.png", _mask(1))
    write_png(tmp_path / "masks" / "a.png", _mask(2))
    result = run_job(ImportMasks(str(tmp_path / "masks")), project, JobContext())
    assert result["imported"] == 1
    assert [p["reason"] for p in result["problems"]] == ["another mask of MEL/a.jpg lies in this folder too"]
