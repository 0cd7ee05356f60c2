"""From mouse-up to the disk: how long a stroke on 24 megapixels takes to be saved, and to be back."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.review.canvas.canvas import Canvas
from app.review.reading.fetching import open_desk
from app.review.reading.session import ReadingSession
from gsal.jobs.pictures.import_images import ImportImages
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import NewStep, Purpose, QueueItem, ReaderKind, ReviewSettings
from tests.benchmarks.harness import Row, main

HEIGHT, WIDTH = 4000, 6000
STROKES, MOVES = 200, 12
_TIMEOUT_MS = 20000


def _wait_for(session: ReadingSession, condition: str) -> None:
    loop = QEventLoop()
    signals = {"opened": session.opened, "kept": session.keeper.kept, "saved": session.saved}
    signals[condition].connect(loop.quit)
    QTimer.singleShot(_TIMEOUT_MS, loop.quit)
    loop.exec()
    signals[condition].disconnect(loop.quit)


def _picture(folder: Path, number: int) -> None:
    rng = np.random.default_rng(number)
    coarse = rng.integers(120, 220, (HEIGHT // 40, WIDTH // 40, 3), np.uint8)
    Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC).save(folder / f"{number}.jpg")


def _stroke(canvas: Canvas, rng: np.random.Generator) -> float:
    """Draw a stroke; return when the mouse was let go."""
    at = rng.integers((100, 100), (canvas.width() - 100, canvas.height() - 100))
    points = [QPoint(*(int(c) for c in at + rng.integers(-90, 90, 2))) for _ in range(MOVES)]
    button = Qt.MouseButton.LeftButton if rng.random() < 0.7 else Qt.MouseButton.RightButton
    QTest.mousePress(canvas, button, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(canvas, point)
    let_go = time.perf_counter()
    QTest.mouseRelease(canvas, button, pos=points[-1])
    return let_go


def _measured(project: Project, *, brush_px: int) -> Iterator[Row]:
    images = project.store.images.all()
    items = [QueueItem(image.id, Purpose.REVIEW, None) for image in images]
    reader = project.store.readers.add(f"brush {brush_px}", ReaderKind.DEVELOPER)
    session = ReadingSession(project, spare_folder=project.folder / "spare")
    session.set_reader(reader)
    session.open(items[0])
    _wait_for(session, "opened")
    picture, painting = session.picture, session.painting
    canvas = Canvas()
    canvas.resize(1600, 1000)
    canvas.set_brush(brush_px)
    canvas.show()
    if picture is None or painting is None:
        raise RuntimeError("the picture was not opened")
    canvas.show_picture(picture.pyramid, painting, picture.rgb)
    canvas.stroke_ended.connect(session.stroke_ended)
    told: list[float] = []
    session.keeper.kept.connect(partial(_note, told))
    rng = np.random.default_rng(brush_px)
    saved_ms: list[float] = []
    release_ms: list[float] = []
    while len(saved_ms) < STROKES:
        n_told = len(told)
        let_go = _stroke(canvas, rng)
        released = time.perf_counter()
        if session.held:
            _wait_for(session, "saved")
        if len(told) > n_told:
            saved_ms.append(1000 * (told[-1] - let_go))
            release_ms.append(1000 * (released - let_go))
    case = f"24 MP, radius {brush_px // 2}"
    yield from _rows(case, "mouse_up_to_saved", saved_ms)
    yield from _rows(case, "mouse_up_in_window", release_ms)
    session.shut_down()
    begun = time.perf_counter()
    desk = open_desk(project, items[0], reader.id)
    reopened_s = time.perf_counter() - begun
    if not np.array_equal(desk.painting.mask, painting.mask):
        raise RuntimeError("the mask did not come back")
    yield Row(case, "ours", f"reopen_{STROKES}_steps_ms", 1000 * reopened_s, "ms")


def _note(told: list[float], entry: object) -> None:
    if isinstance(entry, NewStep):
        told.append(time.perf_counter())


def _rows(case: str, what: str, milliseconds: list[float]) -> Iterator[Row]:
    yield Row(case, "ours", f"{what}_median_ms", statistics.median(milliseconds), "ms")
    yield Row(case, "ours", f"{what}_p95_ms", float(np.percentile(milliseconds, 95)), "ms")
    yield Row(case, "ours", f"{what}_max_ms", max(milliseconds), "ms")


def measure() -> list[Row]:
    """Measure strokes of radius 40 and 200, each by a reader of their own."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    measured: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        pictures = Path(folder) / "pictures"
        pictures.mkdir()
        _picture(pictures, 0)
        with Project.create(Path(folder) / "project", name="Saving") as project:
            ImportImages(str(pictures)).run(JobContext(), project)
            project.store.set_review_settings(ReviewSettings(blank_share=0.0))
            for brush_px in (80, 400):
                measured += _measured(project, brush_px=brush_px)
    del application
    return measured


if __name__ == "__main__":
    main(measure)
