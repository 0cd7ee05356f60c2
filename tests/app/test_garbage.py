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


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Generations that are collected from now on."""
    generations: list[int] = []
    collect = gc.collect

    def counted(generation: int = 2) -> int:
        generations.append(generation)
        return collect(generation)

    monkeypatch.setattr(gc, "collect", counted)
    return generations


def grow(collector: GarbageCollector, *, rounds: int, lists: int) -> list[list[list[int]]]:
    """Return objects that were made in so many rounds with a check after each."""
    kept: list[list[list[int]]] = []
    for _ in range(rounds):
        kept.append([[] for _ in range(lists)])
        collector.collect_if_due()
    return kept


ROUNDS = (gc.get_threshold()[1] + 2) * (gc.get_threshold()[2] + 2)
"""After so many checks the oldest generation would be due by the thresholds alone."""


def test_old_garbage_is_collected_once_there_are_many_new_objects(collector: GarbageCollector) -> None:
    freed_in: list[threading.Thread] = []
    cycle = Cycle(freed_in)
    collector.settle()
    del cycle
    kept = grow(collector, rounds=ROUNDS, lists=gc.get_freeze_count() // ROUNDS)
    assert freed_in == [threading.main_thread()]
    assert kept


def test_everything_is_not_looked_through_for_a_few_new_objects(
    collector: GarbageCollector, collected: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    thresholds = 50, *gc.get_threshold()[1:]
    monkeypatch.setattr(gc, "get_threshold", lambda: thresholds)
    kept = grow(collector, rounds=ROUNDS, lists=51)
    assert kept
    assert set(collected) == {0, 1}


def test_what_is_freed_again_does_not_put_the_next_look_off(
    collector: GarbageCollector, collected: list[int]
) -> None:
    share = gc.get_freeze_count() // ROUNDS
    # Twice as many objects as there were come and go each time: looks do not grow rarer with them.
    looks = []
    for _ in range(3):
        collected.clear()
        kept = grow(collector, rounds=2 * ROUNDS, lists=share)
        looks.append(collected.count(2))
        assert kept
        del kept
    assert min(looks[1:]) >= looks[0] > 0


def test_it_gives_it_back(collector: GarbageCollector) -> None:
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
    assert not gc.get_freeze_count()
