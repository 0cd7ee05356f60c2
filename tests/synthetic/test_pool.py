"""The folder of twins: complete, resumable, never mixed, and the same from any number of processes."""

import csv
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gsal.errors import GsalError, InputError
from gsal.masks.area import is_inked
from gsal.progress import Event, JobCancelled, JobContext, Progress
from gsal.synthetic import SceneSettings, pool, render_twins, scene_labels, write_pool

SETTINGS = SceneSettings(size=32)
SCENES = 8


def _write(folder: Path, *, ctx: JobContext | None = None, scenes: int = SCENES, seed: int = 0) -> Path:
    return write_pool(folder, scenes=scenes, settings=SETTINGS, seed=seed, ctx=ctx or JobContext(), workers=1)


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pool") / "whole"
    assert _write(folder) == folder / "labels.csv"
    return folder


def test_table_of_labels(whole: Path) -> None:
    with (whole / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    labels = scene_labels(SCENES, 0)
    assert list(rows[0]) == ["file", "label", "patient_id", "lesion_id", "scene", "twin", "pen", "colour"]
    assert len(rows) == 2 * SCENES
    for index, (clean, ink) in enumerate(zip(rows[::2], rows[1::2], strict=True)):
        twins = render_twins(index, labels[index], settings=SETTINGS)
        number = f"{index + 1:04d}"
        for row, twin in ((clean, "clean"), (ink, "ink")):
            assert row["file"] == f"pictures/S{number}_{twin}.png"
            assert (row["label"], row["twin"], row["scene"]) == (labels[index], twin, f"S{number}")
            assert (row["patient_id"], row["lesion_id"]) == (f"P{number}", f"L{number}")
        assert (clean["pen"], clean["colour"]) == ("", "")
        assert (ink["pen"], ink["colour"]) == (twins.kind, twins.colour)


def test_pictures_and_masks_are_the_twins_exactly(whole: Path) -> None:
    for index, label in enumerate(scene_labels(SCENES, 0)):
        twins = render_twins(index, label, settings=SETTINGS)
        for twin, picture in (("clean", twins.clean), ("ink", twins.inked)):
            name = f"S{index + 1:04d}_{twin}.png"
            with Image.open(whole / "pictures" / name) as image:
                assert image.mode == "RGB"
                assert np.array_equal(np.asarray(image), picture)
            with Image.open(whole / "masks" / name) as image:
                assert image.mode == "1"
                mask = np.asarray(image)
            assert is_inked(mask) == (twin == "ink")
            assert np.array_equal(mask, twins.ink if twin == "ink" else np.zeros_like(twins.ink))


def test_no_other_file_is_left(whole: Path) -> None:
    kinds = Counter(Path(name).parts[0] for name in _contents(whole))
    assert kinds == {"pictures": 2 * SCENES, "masks": 2 * SCENES, "labels.csv": 1, "pool.json": 1}


def test_a_finished_pool_is_not_drawn_again(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "render_twins", None)
    before = _contents(whole)
    events: list[Event] = []
    _write(whole, ctx=JobContext(events.append))
    assert _contents(whole) == before
    assert [(event.done, event.total) for event in events if isinstance(event, Progress)] == [
        (SCENES, SCENES)
    ]


def test_a_cancelled_pool_goes_on_where_it_stopped(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()

    def stop_after_three(event: Event) -> None:
        if isinstance(event, Progress) and event.done == 3:
            stop.set()

    with pytest.raises(JobCancelled):
        _write(tmp_path, ctx=JobContext(stop_after_three, cancel=stop))
    assert not (tmp_path / "labels.csv").exists()
    (tmp_path / "masks" / "S0002_ink.png").unlink()
    drawn: list[int] = []

    def counted(index: int, label: str, *, settings: SceneSettings, seed: int) -> object:
        drawn.append(index)
        return render_twins(index, label, settings=settings, seed=seed)

    monkeypatch.setattr(pool, "render_twins", counted)
    events: list[Event] = []
    _write(tmp_path, ctx=JobContext(events.append))
    assert drawn == [1, 3, 4, 5, 6, 7]
    assert _contents(tmp_path) == _contents(whole)
    progress = [event for event in events if isinstance(event, Progress)]
    assert (progress[0].done, progress[-1].done) == (2, SCENES)


def test_several_processes_draw_the_same(tmp_path: Path, whole: Path) -> None:
    write_pool(tmp_path, scenes=SCENES, settings=SETTINGS, seed=0, ctx=JobContext(), workers=2)
    assert _contents(tmp_path) == _contents(whole)


def test_several_processes_stop_when_asked(tmp_path: Path) -> None:
    stop = threading.Event()
    ctx = JobContext(
        lambda event: stop.set() if isinstance(event, Progress) and event.done else None, cancel=stop
    )
    with pytest.raises(JobCancelled):
        write_pool(tmp_path, scenes=60, settings=SETTINGS, seed=0, ctx=ctx, workers=2)
    assert not [name for name in _contents(tmp_path) if name.endswith(".tmp")]
    assert len(list((tmp_path / "pictures").iterdir())) < 120


@pytest.mark.parametrize("change", [{"seed": 1}, {"scenes": SCENES + 1}])
def test_two_benchmarks_are_never_mixed(whole: Path, change: dict[str, int]) -> None:
    before = _contents(whole)
    with pytest.raises(InputError, match=r"another benchmark.*Choose another folder"):
        _write(whole, **change)  # type: ignore[arg-type]
    assert _contents(whole) == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    with pytest.raises(InputError, match=r"file: the pictures cannot be written"):
        _write(in_the_way)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_picture_that_cannot_be_written_is_explained(tmp_path: Path, workers: int) -> None:
    (tmp_path / "pictures").write_text("in the way")
    with pytest.raises(InputError, match="start again: finished pictures are kept"):
        write_pool(tmp_path, scenes=3, settings=SETTINGS, seed=0, ctx=JobContext(), workers=workers)


def test_no_scene_is_no_benchmark(tmp_path: Path) -> None:
    with pytest.raises(GsalError, match="at least one"):
        _write(tmp_path, scenes=0)


def test_importing_the_generator_is_light_and_changes_no_setting() -> None:
    code = (
        "import sys, cv2; threads = cv2.getNumThreads(); import gsal.synthetic\n"
        "assert cv2.getNumThreads() == threads; assert not {'torch', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
