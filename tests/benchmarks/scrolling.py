"""100,000 pictures in the review's queue: how long they take to list and to scroll, and the longest pause.

The peer is the list that one would write first: Qt's own item list, filled with all names and read at once.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListWidget

from app.review.queue.panel import QueuePanel
from app.theme import Theme
from gsal.project import Project
from gsal.records import NewImage
from tests.benchmarks.harness import Row, main

N = 100_000
_BATCH = 5000
_JUMPS = 300
_LONGEST_S = 60.0


class Pauses:
    """The longest time in which the window could not answer; a timer of 1 ms notices."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)
        self.begin()
        self._timer.start()

    def begin(self) -> None:
        """Forget what was noticed."""
        self._last, self.longest_s = time.perf_counter(), 0.0

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest_s = max(self.longest_s, now - self._last)
        self._last = now


def _fill(project: Project) -> None:
    rng = np.random.default_rng(0)
    for start in range(0, N, _BATCH):
        new = [
            NewImage(
                path=f"visit{n // 1000:03}/lesion{n:06}.jpg",
                sha256=rng.bytes(32).hex(),
                size_bytes=1,
                mtime_ns=1,
                width=600,
                height=400,
                label="MEL",
                patient_id="",
                lesion_id="",
                extra={},
            )
            for n in range(start, start + _BATCH)
        ]
        ids = project.store.images.add(new, folder=project.folder)
        project.store.images.set_disagreements(dict(zip(ids, rng.random(len(ids)).tolist(), strict=True)))


def _wait(application: QApplication, is_done: Callable[[], bool]) -> None:
    until = time.perf_counter() + _LONGEST_S
    while not is_done():
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.perf_counter() > until:
            raise TimeoutError("The list did not come.")


def _scroll(application: QApplication, view: QAbstractItemView) -> list[float]:
    bar, seconds = view.verticalScrollBar(), []
    for jump in range(_JUMPS):
        started = time.perf_counter()
        bar.setValue(bar.maximum() * jump // (_JUMPS - 1))
        view.viewport().repaint()
        seconds.append(time.perf_counter() - started)
        application.processEvents()
    return seconds


def _rows(
    subject: str, load_s: float, pause_s: float, scroll_s: list[float], scroll_pause_s: float
) -> list[Row]:
    p95 = sorted(scroll_s)[round(0.95 * (len(scroll_s) - 1))]
    figures = (
        ("load", "wall_ms", load_s),
        ("load", "longest_pause_ms", pause_s),
        ("scroll", "median_ms", statistics.median(scroll_s)),
        ("scroll", "p95_ms", p95),
        ("scroll", "longest_pause_ms", scroll_pause_s),
    )
    return [Row(f"{N:,} pictures, {case}", subject, name, 1000 * s, "ms") for case, name, s in figures]


def _ours(application: QApplication, project: Project) -> list[Row]:
    panel, pauses = QueuePanel(project), Pauses()
    filled: list[int] = []
    panel.filled.connect(filled.append)
    panel.resize(224, 700)
    panel.show()
    application.processEvents()
    pauses.begin()
    started = time.perf_counter()
    panel.refresh()
    _wait(application, lambda: bool(filled))
    load_s, pause_s = time.perf_counter() - started, pauses.longest_s
    pauses.begin()
    scroll_s = _scroll(application, panel.list)
    made = _rows("ours", load_s, pause_s, scroll_s, pauses.longest_s)
    panel.shut_down()
    return made


def _item_list(application: QApplication, project: Project) -> list[Row]:
    view, pauses = QListWidget(), Pauses()
    view.resize(224, 700)
    view.show()
    application.processEvents()
    pauses.begin()
    started = time.perf_counter()
    for image in project.store.images.all():
        view.addItem(f"{image.name}\nto review")
    view.viewport().repaint()
    application.processEvents()
    application.processEvents()
    load_s, pause_s = time.perf_counter() - started, pauses.longest_s
    pauses.begin()
    return _rows("item-list", load_s, pause_s, _scroll(application, view), pauses.longest_s)


def measure() -> list[Row]:
    """Fill a throw-away project and list it both ways."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication([])
    Theme(application)
    with tempfile.TemporaryDirectory() as folder, Project.create(Path(folder) / "project") as project:
        _fill(project)
        return [*_ours(application, project), *_item_list(application, project)]


if __name__ == "__main__":
    main(measure)
