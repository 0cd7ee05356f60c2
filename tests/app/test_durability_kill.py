"""kill -9 in the middle of strokes: nothing that was acknowledged is lost, and nothing is there twice."""

import os
import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from pytestqt.qtbot import QtBot

from app.review.reading.desk import Desk
from app.review.reading.fetching import open_desk
from gsal.jobs.pictures.import_images import ImportImages
from gsal.masks import codec
from gsal.progress import JobContext
from gsal.project import DATABASE_NAME, Project
from gsal.records import Purpose, QueueItem, ReaderKind, ReviewSettings
from tests.app.conftest import write_pictures
from tests.app.durability_child import BRUSH_PX

ROOT = Path(__file__).parents[2]
MaskArray = npt.NDArray[np.bool_]


@dataclass
class Model:
    """The plain way: copies of the whole mask, strokes by their definition."""

    masks: list[MaskArray]
    undone: list[MaskArray] = field(default_factory=list)
    n_steps: int = 0
    decided: list[MaskArray] = field(default_factory=list)
    n_decided: int = 0

    def apply(self, op: str) -> None:
        kind, value, *points = op.split()
        if kind == "decide":
            self.decided.append(self.masks[-1])
            return
        if kind == "do":
            at = [tuple(float(c) for c in point.split(",")) for point in points]
            after = self.masks[-1].copy()
            after[covered(after.shape, at)] = value == "1"
            self.masks.append(after)
            self.undone = []
        elif kind == "undo":
            self.undone.append(self.masks.pop())
        else:
            self.masks.append(self.undone.pop())
        self.n_steps += 1


def covered(shape: tuple[int, ...], points: list[tuple[float, ...]]) -> MaskArray:
    """Give the pixels whose centres lie within the brush of any segment."""
    rows, columns = np.mgrid[: shape[0], : shape[1]] + 0.5
    nearest = np.full(shape, np.inf)
    for (x0, y0), (x1, y1) in zip(points, points[1:] or points, strict=False):
        dx, dy = x1 - x0, y1 - y0
        length_sq = dx * dx + dy * dy
        along = np.clip(((columns - x0) * dx + (rows - y0) * dy) / length_sq, 0, 1) if length_sq else 0.0
        nearest = np.minimum(nearest, np.hypot(columns - x0 - along * dx, rows - y0 - along * dy))
    inside: MaskArray = nearest <= BRUSH_PX / 2
    return inside


@dataclass
class Trial:
    """What a child said until it was killed."""

    ops: list[str] = field(default_factory=list)
    in_hand: str = ""
    n_acked: int = 0
    n_decided: int = 0


def drawn_and_killed(folder: Path, image_id: int, reader_id: int, *, seed: int) -> Trial:
    """Let a child draw for a random while, and kill it."""
    chance = random.Random(seed)
    command = [sys.executable, "-m", "tests.app.durability_child"]
    child = subprocess.Popen(
        [*command, str(folder), str(image_id), str(reader_id), str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"},
    )
    assert child.stdout is not None
    lines = [child.stdout.readline()]
    assert lines == ["READY\n"]
    killer = threading.Timer(chance.uniform(0, 0.6), child.kill)
    killer.start()
    lines += child.stdout.readlines()
    killer.join()
    assert child.wait() == -9
    child.stdout.close()
    return told(lines)


def told(lines: list[str]) -> Trial:
    trial = Trial()
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        if word == "OP":
            trial.in_hand = rest
        elif word in {"END", "NONE"}:
            trial.ops += [trial.in_hand] if word == "END" else []
            trial.in_hand = ""
        elif word == "ACK":
            trial.n_acked += 1
        elif word == "ACK-DECISION":
            trial.n_decided += 1
    return trial


def steps_and_desk(project: Project, item: QueueItem, reader_id: int) -> tuple[int, Desk]:
    reading = project.store.readings.latest(item.image_id, reader_id, item.purpose)
    n_steps = len(project.store.readings.steps(reading.id)) if reading else 0
    return n_steps, open_desk(project, item, reader_id)


def check(model: Model, trial: Trial, n_steps: int, desk: Desk) -> None:
    """Bring the model to what the project holds, and compare."""
    n_new = n_steps - model.n_steps
    ended = sum(not op.startswith("decide") for op in trial.ops)
    assert trial.n_acked <= n_new, "an acknowledged step is lost"
    is_step_in_hand = bool(trial.in_hand) and not trial.in_hand.startswith("decide")
    assert n_new <= ended + is_step_in_hand, "a step is there twice"
    assert ended - n_new <= 1, "more than the last stroke is lost"
    for op in [*trial.ops, trial.in_hand]:
        if op and (op.startswith("decide") or model.n_steps < n_steps):
            model.apply(op)
    assert np.array_equal(desk.painting.mask, model.masks[-1])
    assert desk.painting.undo_count == min(500, len(model.masks) - 1)
    assert desk.painting.redo_count == len(model.undone)


def check_decisions(model: Model, trial: Trial, project: Project, item: QueueItem, reader_id: int) -> None:
    """Look whether the verdicts are there, each once, and the last one's mask as it was."""
    with closing(sqlite3.connect(project.folder / DATABASE_NAME)) as connection:
        n_kept = int(connection.execute("SELECT count(*) FROM decision").fetchone()[0])
    assert model.n_decided + trial.n_decided <= n_kept, "an acknowledged verdict is lost"
    assert n_kept <= len(model.decided), "a verdict is there twice"
    model.n_decided = n_kept
    del model.decided[n_kept:]
    last = project.store.decisions.latest(item.image_id, reader_id, item.purpose)
    if last is not None and last.revision_id is not None:
        mask = codec.decode(project.store.masks.load(last.revision_id))
        assert np.array_equal(mask, model.decided[-1])
    assert (last is None) == (n_kept == 0)


def crash(qtbot: QtBot, tmp_path: Path, *, kills: int) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    write_pictures(pictures, count=1, side=300)
    folder = tmp_path / "project"
    with Project.create(folder, name="Crash", classes=("MEL", "NV")) as project:
        ImportImages(str(pictures)).run(JobContext(), project)
        project.store.set_review_settings(ReviewSettings(blank_share=0.0))
        reader = project.store.readers.add("AW", ReaderKind.EXPERT)
        item = QueueItem(project.store.images.all()[0].id, Purpose.REVIEW, None)
        desk = steps_and_desk(project, item, reader.id)[1]
    model, n_acked = Model([desk.painting.mask]), 0
    for seed in range(kills):
        trial = drawn_and_killed(folder, item.image_id, reader.id, seed=seed)
        n_acked += trial.n_acked
        with Project.open(folder) as project:
            n_steps, desk = steps_and_desk(project, item, reader.id)
            check(model, trial, n_steps, desk)
            check_decisions(model, trial, project, item, reader.id)
    assert n_acked > kills, "the children hardly drew"
    assert model.decided, "the children never decided"
    for before in reversed(model.masks[:-1][-499:]):
        desk.painting.undo()
        assert np.array_equal(desk.painting.mask, before)


def test_twenty_kills_lose_nothing_that_was_acknowledged(qtbot: QtBot, tmp_path: Path) -> None:
    crash(qtbot, tmp_path, kills=20)


@pytest.mark.slow
def test_a_hundred_kills_lose_nothing_that_was_acknowledged(qtbot: QtBot, tmp_path: Path) -> None:
    crash(qtbot, tmp_path, kills=100)
