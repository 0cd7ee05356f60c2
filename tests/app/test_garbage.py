"""Where Python's garbage is collected."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.garbage import GarbageCollector


class Cycle:
    """Something that only a collection frees, and that tells in which thread."""

    def __init__(self, freed_in: list[threading.Thread]) -> None:
        self.me = self
        weakref.finalize(self, lambda: freed_in.append(threading.current_thread()))


@pytest.fixture
def collector() -> Iterator[GarbageCollector]:
    parent = QObject()
    yield GarbageCollector(parent)
    # The one of all these tests goes on.
    gc.disable()


def allocate_much() -> None:
    for _ in range(3):
        _ = [[] for _ in range(20_000)]


def test_a_worker_collects_nothing_and_the_windows_thread_does(
    qtbot: QtBot, collector: GarbageCollector
) -> None:
    freed_in: list[threading.Thread] = []
    Cycle(freed_in)
    worker = threading.Thread(target=allocate_much)
    worker.start()
    worker.join()
    assert not freed_in
    kept = [[] for _ in range(2 * gc.get_threshold()[0])]  # type: ignore[var-annotated]
    qtbot.waitUntil(lambda: bool(freed_in))
    assert freed_in == [threading.main_thread()]
    assert kept
    assert not gc.isenabled()


def test_nothing_is_collected_during_a_stroke(
    collector: GarbageCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    freed_in: list[threading.Thread] = []
    Cycle(freed_in)
    kept = [[] for _ in range(2 * gc.get_threshold()[0])]  # type: ignore[var-annotated]
    monkeypatch.setattr(QGuiApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton)
    collector.collect_if_due()
    assert not freed_in
    monkeypatch.undo()
    collector.collect_if_due()
    assert freed_in
    assert kept


def test_old_garbage_is_collected_as_well(collector: GarbageCollector) -> None:
    """Generations that grow old are due by Python's own thresholds."""
    freed_in: list[threading.Thread] = []
    cycle = Cycle(freed_in)
    gc.collect()
    del cycle
    most = (gc.get_threshold()[1] + 2) * (gc.get_threshold()[2] + 2)
    rounds = 0
    while not freed_in and rounds < most:
        kept = [[] for _ in range(2 * gc.get_threshold()[0])]  # type: ignore[var-annotated]
        collector.collect_if_due()
        # Freed later than this, they would be counted off the next ones.
        del kept
        rounds += 1
    assert freed_in


def test_it_gives_it_back(collector: GarbageCollector) -> None:
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
