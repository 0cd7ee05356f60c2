"""A list of 100,000 rows: only what is in sight is read, and never in the window's thread."""

import threading
from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from app.library.picture_table import PictureTable
from app.library.thumbnails import Thumbnails
from app.widgets.lazy_rows import LazyRows
from gsal.project import Project
from gsal.records import ImageRecord, LibraryRow

MANY = 100_000


class Source:
    """Stands for the project: knows which rows were read, and where."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.threads: set[int] = set()

    def read(self, keys: Sequence[int]) -> dict[int, LibraryRow]:
        self.asked += keys
        self.threads.add(threading.get_ident())
        return {key: LibraryRow(record(key), 5.0, None) for key in keys}


def record(key: int) -> ImageRecord:
    return ImageRecord(key, "root", f"{key}.png", "0" * 64, 8, 8, None, "", "", None, None)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def rows(source: Source) -> Iterator[LazyRows[int, LibraryRow]]:
    made: LazyRows[int, LibraryRow] = LazyRows(source.read)
    made.show(range(1, MANY + 1))
    yield made
    made.shut_down()


def test_a_row_is_read_with_its_neighbours_once(
    qtbot: QtBot, rows: LazyRows[int, LibraryRow], source: Source
) -> None:
    with qtbot.waitSignal(rows.ready) as ready:
        assert rows.get(50_020) is None
    first, last = ready.args
    assert first <= 50_020 <= last
    row = rows.get(50_020)
    assert row is not None
    assert row.image.id == 50_021
    assert len(source.asked) == last - first + 1
    assert source.threads.isdisjoint({threading.get_ident()})


def test_rows_read_for_an_older_list_are_not_shown(
    qtbot: QtBot, rows: LazyRows[int, LibraryRow], source: Source
) -> None:
    assert rows.get(0) is None
    rows.show(range(MANY, 0, -1))
    with qtbot.waitSignal(rows.ready):
        assert rows.get(0) is None
    row = rows.get(0)
    assert row is not None
    assert row.image.id == MANY


def test_a_failure_is_told_and_the_row_asked_for_again(qtbot: QtBot) -> None:
    def read(keys: Sequence[int]) -> dict[int, LibraryRow]:
        raise OSError("disk gone")

    rows: LazyRows[int, LibraryRow] = LazyRows(read)
    rows.show(range(10))
    for _ in range(2):
        with qtbot.waitSignal(rows.reading.failed):
            assert rows.get(3) is None
    rows.shut_down()


def test_after_failures_the_rows_that_wait_are_read(qtbot: QtBot) -> None:
    gate = threading.Event()

    def read(keys: Sequence[int]) -> dict[int, int]:
        assert gate.wait(10)
        if keys[0] < 200:
            raise OSError("disk gone")
        return {key: key for key in keys}

    rows: LazyRows[int, int] = LazyRows(read)
    rows.show(range(400))
    for row in (0, 100, 200, 300):
        assert rows.get(row) is None
    with qtbot.waitSignals([rows.ready, rows.ready]):
        gate.set()
    assert rows.get(300) == 300
    rows.shut_down()


def test_rows_that_change_places_are_there_all_the_time(
    qtbot: QtBot, rows: LazyRows[int, LibraryRow]
) -> None:
    with qtbot.waitSignal(rows.ready):
        assert rows.get(0) is None
    known = rows.get(3)
    rows.rearrange([4, 2, 99_000, 1])
    rows.rearrange([4, 1, 99_000, 2])
    assert rows.get(0) == known
    assert rows.get(2) is None
    with qtbot.waitSignal(rows.ready):
        pass
    new = rows.get(2)
    assert new is not None
    assert new.image.id == 99_000
    rows.show([4])
    assert rows.get(0) is None, "another list begins with nothing"


def test_a_long_table_reads_only_what_is_scrolled_to(
    qtbot: QtBot, project: Project, rows: LazyRows[int, LibraryRow], source: Source
) -> None:
    thumbnails = Thumbnails(project)
    table = PictureTable(rows, thumbnails)
    table.show_pictures(range(1, MANY + 1))
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(table)
    with qtbot.waitExposed(view):
        view.show()
    assert table.rowCount() == MANY
    view.scrollToBottom()
    last = table.index(MANY - 1, 0)
    qtbot.waitUntil(lambda: table.data(last, Qt.ItemDataRole.DisplayRole) == f"{MANY}.png")
    assert len(source.asked) < 2_000
    assert source.threads.isdisjoint({threading.get_ident()})
    assert table.rowCount(QModelIndex()) == MANY
    thumbnails.shut_down()
