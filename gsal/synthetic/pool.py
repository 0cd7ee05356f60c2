"""A folder of twins with their masks and a table of labels, ready to be imported as a project's pictures."""

import csv
import io
import json
import multiprocessing
import os
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from gsal.arrays import Mask, RgbImage
from gsal.errors import GsalError, InputError
from gsal.files import replacing, write_text
from gsal.progress import JobContext
from gsal.synthetic.quotas import scene_labels
from gsal.synthetic.scene import pen_of, render_twins
from gsal.synthetic.settings import SceneSettings

__all__ = ["LABELS_FILE", "write_pool"]

LABELS_FILE = "labels.csv"
_STAGE = "Drawing synthetic pictures"
_RECIPE_FILE = "pool.json"
_RECIPE_VERSION = 1
_COLUMNS = ("file", "label", "patient_id", "lesion_id", "scene", "twin", "pen", "colour")
_TWINS = ("clean", "ink")


def write_pool(
    folder: Path,
    *,
    scenes: int,
    settings: SceneSettings,
    seed: int,
    ctx: JobContext,
    workers: int | None = None,
) -> Path:
    """Write the twins of many scenes, their exact masks, and a table of labels.

    Scene k, from 1, becomes `pictures/S000k_clean.png`, `pictures/S000k_ink.png` and 1-bit masks of the same
    names under `masks/` (the clean one empty). Each scene is one lesion of one patient. Scenes whose four
    files stand are not drawn again: an interrupted run is simply started again.

    Args:
        folder: Made if it is not there.
        scenes: Scenes in all, with the classes of `scene_labels`; twice as many pictures.
        settings: What scenes look like.
        seed: Of the benchmark.
        ctx: Told of every finished scene.
        workers: Processes that draw, one for each usable core by default; 1 draws in this process.

    Returns:
        Path of `labels.csv` (UTF-8), which is written last.

    Raises:
        GsalError: There is nothing to draw.
        InputError: The folder holds another benchmark, or cannot be written.
        JobCancelled: The user asked to stop; what is finished stays.
    """
    if scenes < 1:
        raise GsalError(f"A benchmark of {scenes} scenes cannot be drawn. Ask for at least one.")
    labels = scene_labels(scenes, seed)
    with _explained(folder):
        _claim(folder, scenes=scenes, settings=settings, seed=seed)
    tasks = [_Task(folder, index, label, settings, seed) for index, label in enumerate(labels)]
    _draw_missing(tasks, ctx=ctx, workers=workers or _cores())
    with _explained(folder):
        write_text(folder / LABELS_FILE, _labels_table(labels, settings=settings, seed=seed))
    return folder / LABELS_FILE


@dataclass(frozen=True, slots=True)
class _Task:
    """One scene to draw; it travels to a worker process."""

    folder: Path
    index: int
    label: str
    settings: SceneSettings
    seed: int

    def path(self, kind: str, twin: str) -> Path:
        return self.folder / kind / f"{_scene_name(self.index)}_{twin}.png"

    def is_done(self) -> bool:
        return all(self.path(kind, twin).is_file() for kind in ("pictures", "masks") for twin in _TWINS)

    def draw(self) -> None:
        twins = render_twins(self.index, self.label, settings=self.settings, seed=self.seed)
        for twin, picture, mask in zip(
            _TWINS, (twins.clean, twins.inked), (np.zeros_like(twins.ink), twins.ink), strict=True
        ):
            _write_png(self.path("masks", twin), mask)
            _write_png(self.path("pictures", twin), picture)


def _draw_missing(tasks: Sequence[_Task], *, ctx: JobContext, workers: int) -> None:
    missing = [task for task in tasks if not task.is_done()]
    with closing(_finished(missing, workers=workers)) as finished:
        for _ in ctx.track(finished, _STAGE, total=len(tasks), done=len(tasks) - len(missing)):
            pass


def _draw(task: _Task) -> None:
    task.draw()


def _finished(tasks: Sequence[_Task], *, workers: int) -> Generator[None, None, None]:
    """Draw the tasks and yield after each; when it is closed, those not begun are dropped."""
    if min(workers, len(tasks)) <= 1:
        for task in tasks:
            with _explained(task.folder):
                task.draw()
            yield
        return
    with _worker_processes(min(workers, len(tasks))) as pool:
        for future in as_completed([pool.submit(_draw, task) for task in tasks]):
            with _explained(tasks[0].folder):
                future.result()
            yield


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = "Free some space or choose another folder, then start again: finished pictures are kept."
        raise InputError(folder, f"the pictures cannot be written ({error.strerror})", remedy) from error


@contextmanager
def _worker_processes(count: int) -> Iterator[Executor]:
    spawned = multiprocessing.get_context("spawn")  # forking a process with threads (a window) can hang
    pool = ProcessPoolExecutor(count, mp_context=spawned, initializer=cv2.setNumThreads, initargs=(1,))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _scene_name(index: int) -> str:
    return f"S{index + 1:04d}"


def _claim(folder: Path, *, scenes: int, settings: SceneSettings, seed: int) -> None:
    """Note in the folder what is being drawn there, and refuse to mix two benchmarks."""
    recipe = {"version": _RECIPE_VERSION, "scenes": scenes, "seed": seed, "settings": asdict(settings)}
    wanted = json.dumps(recipe, indent=1) + "\n"
    noted = folder / _RECIPE_FILE
    if not noted.is_file():
        write_text(noted, wanted)
    elif noted.read_text(encoding="utf-8", errors="replace") != wanted:
        reason = "another benchmark is there, drawn with other settings, seed or number of scenes"
        raise InputError(folder, reason, "Choose another folder, or delete this one.")


def _labels_table(labels: Sequence[str], *, settings: SceneSettings, seed: int) -> str:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for index, label in enumerate(labels):
        scene, number = _scene_name(index), f"{index + 1:04d}"
        pen = pen_of(index, settings=settings, seed=seed)
        for twin, marks in zip(_TWINS, (("", ""), (pen.kind, pen.colour)), strict=True):
            writer.writerow(
                (f"pictures/{scene}_{twin}.png", label, f"P{number}", f"L{number}", scene, twin, *marks)
            )
    return table.getvalue()


def _write_png(path: Path, pixels: RgbImage | Mask) -> None:
    with replacing(path) as temporary:
        Image.fromarray(pixels).save(temporary, format="PNG", compress_level=4)
