"""Only the newest of many wishes is carried out."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from app.widgets.latest import Latest


class Reading:
    """Something slow to read, until it is let go on."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.begun: list[str] = []

    def __call__(self, wish: str) -> str:
        self.begun.append(wish)
        assert self.gate.wait(10)
        if wish == "broken":
            raise OSError("disk gone")
        return wish.upper()


@pytest.fixture
def latest(qtbot: QtBot) -> Iterator[Latest]:
    made = Latest("test")
    yield made
    made.shut_down()


def test_what_was_overtaken_never_begins(qtbot: QtBot, latest: Latest) -> None:
    read = Reading()
    shown: list[tuple[object, object]] = []
    latest.done.connect(lambda wish, result: shown.append((wish, result)))
    for wish in ("ä", "är", "ärz", "ärzte"):
        latest.submit(wish, partial(read, wish))
    assert latest.is_busy
    with qtbot.waitSignal(latest.done):
        read.gate.set()
    assert read.begun == ["ä", "ärzte"]
    assert shown == [("ärzte", "ÄRZTE")], "the first was overtaken while it was read"
    assert not latest.is_busy
    with qtbot.waitSignal(latest.done):
        latest.submit("again", lambda: read("again"))
    assert shown[1:] == [("again", "AGAIN")]


def test_after_a_failure_the_next_wish_is_carried_out(qtbot: QtBot, latest: Latest) -> None:
    read = Reading()
    latest.submit("broken", lambda: read("broken"))
    latest.submit("whole", lambda: read("whole"))
    with qtbot.waitSignals([latest.failed, latest.done]):
        read.gate.set()
    assert read.begun == ["broken", "whole"]


def test_what_waits_at_the_end_is_forgotten(qtbot: QtBot, latest: Latest) -> None:
    read = Reading()
    for wish in ("one", "two"):
        latest.submit(wish, partial(read, wish))
    read.gate.set()
    latest.shut_down()
    assert read.begun == ["one"]
