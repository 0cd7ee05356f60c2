"""The queue: filtered and ordered in SQL, read when it is looked at, and never by the window's thread."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.library.thumbnails import THUMBNAIL_PX, Thumbnails
from app.review.queue.model import ReviewQueue
from app.review.queue.panel import QueuePanel
from app.widgets.lazy_rows import LazyRows
from gsal.jobs.pictures.import_images import ImportImages
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import (
    Decision,
    ImageRecord,
    Purpose,
    QueueItem,
    QueueKind,
    QueueOrder,
    QueueRequest,
    Reader,
    ReaderKind,
    ReviewSettings,
    ValidationMember,
    Verdict,
)

from .conftest import write_pictures

LEFT = Qt.MouseButton.LeftButton
MANY = 100_000


def record(number: int) -> ImageRecord:
    return ImageRecord(
        id=number,
        root="clinic",
        path=f"visit/p{number:06}.jpg",
        sha256=f"{number:064x}",
        width=600,
        height=400,
        label="MEL",
        patient_id="",
        lesion_id="",
        side=None,
        disagreement=None,
        extra={},
        size_bytes=1,
        mtime_ns=1,
    )


class FewImages:
    """Stands for a table of pictures; tells in which threads it was read, and how much."""

    def __init__(self) -> None:
        self.threads: set[threading.Thread] = set()
        self.read: list[int] = []

    def get_many(self, image_ids: Sequence[int]) -> list[ImageRecord]:
        self.threads.add(threading.current_thread())
        self.read += image_ids
        return [record(number) for number in image_ids]

    def roots(self) -> dict[str, Path]:
        self.threads.add(threading.current_thread())
        return {}

    def count(self) -> int:
        self.threads.add(threading.current_thread())
        return MANY

    def has_uncertainties(self) -> bool:
        self.threads.add(threading.current_thread())
        return False


class FakeQueue:
    """Stands for the queues of a project of 100,000 pictures."""

    def __init__(self) -> None:
        self.threads: set[threading.Thread] = set()
        self.requests: list[QueueRequest] = []
        self.gate = threading.Event()
        self.gate.set()

    def items(self, request: QueueRequest) -> list[QueueItem]:
        self.threads.add(threading.current_thread())
        self.requests.append(request)
        assert self.gate.wait(10)
        return [QueueItem(number, Purpose.REVIEW, None) for number in range(1, MANY + 1)]


class FakeStore:
    read_only = True

    def __init__(self) -> None:
        self.images, self.queue = FewImages(), FakeQueue()

    def review_settings(self) -> ReviewSettings:
        self.queue.threads.add(threading.current_thread())
        return ReviewSettings(random_share=0.4, repeat_share=0.1)


class FakeProject:
    """A project as far as the queue knows it."""

    read_only = True
    classes = ("MEL", "NV")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = FakeStore()

    def image_path(self, image: ImageRecord) -> Path:
        self.store.images.threads.add(threading.current_thread())
        return self.folder / image.path


@pytest.fixture
def many(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[QueuePanel, FakeStore]]:
    project: Any = FakeProject(tmp_path)
    panel = QueuePanel(project)
    qtbot.addWidget(panel)
    panel.resize(224, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    with qtbot.waitSignal(panel.filled):
        panel.refresh()
    yield panel, project.store
    panel.shut_down()


@pytest.fixture
def reader(project: Project) -> Reader:
    return project.store.readers.add("AW", ReaderKind.RESEARCHER)


def decide(project: Project, image_id: int, reader: Reader, purpose: Purpose, verdict: Verdict) -> None:
    decision = Decision(image_id, reader.id, purpose, verdict, None, 1.0, "")
    project.store.decisions.add(decision).result()


@pytest.fixture
def panel(qtbot: QtBot, project: Project, reader: Reader) -> Iterator[QueuePanel]:
    made = QueuePanel(project)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.filled):
        made.set_reader(reader)
    yield made
    made.shut_down()


def names(panel: QueuePanel) -> list[int]:
    return [panel.queue.item_at(row).image_id for row in range(panel.queue.rowCount())]


def in_sight(panel: QueuePanel) -> list[str]:
    view = panel.list
    first = view.indexAt(QPoint(40, 20)).row()
    last = view.indexAt(QPoint(40, view.viewport().height() - 20)).row()
    return [str(panel.queue.index(row).data()) for row in range(first, last + 1)]


def test_a_hundred_thousand_scroll_without_the_window_reading(
    qtbot: QtBot, many: tuple[QueuePanel, FakeStore]
) -> None:
    panel, store = many
    assert panel.queue.rowCount() == MANY
    bar = panel.list.verticalScrollBar()
    for place in (0.0, 0.35, 1.0, 0.8, 0.1):
        bar.setValue(round(place * bar.maximum()))
        panel.list.viewport().repaint()
        qtbot.waitUntil(lambda: all(not text.startswith("...") for text in in_sight(panel)))
        assert len(in_sight(panel)) > 5
    window = threading.current_thread()
    assert store.images.threads
    assert window not in store.images.threads
    assert window not in store.queue.threads
    assert len(store.images.read) < 3000, "what was scrolled past is not read"


def test_a_row_that_is_not_read_yet_is_there_at_once(
    qtbot: QtBot, many: tuple[QueuePanel, FakeStore]
) -> None:
    panel, _ = many
    index = panel.queue.index(77_777)
    assert index.data() == "...\nto review"
    assert not index.data(Qt.ItemDataRole.DecorationRole).isNull(), "names stay in their column"
    qtbot.waitUntil(lambda: index.data() == "p077778.jpg\nto review")
    panel.set_verdict(77_778, Verdict.CANNOT_JUDGE)
    assert index.data() == "p077778.jpg\ncannot judge"
    assert panel.left.text() == "99,999 left of 100,000"


def test_a_project_says_its_shares_and_the_last_wish_wins(
    qtbot: QtBot, many: tuple[QueuePanel, FakeStore]
) -> None:
    panel, store = many
    assert store.queue.requests[0].random_share == 0.4
    assert store.queue.requests[0].repeat_share == 0.1
    store.queue.gate.clear()
    panel.refresh()
    for order in (2, 3, 0, 2):
        panel.filters.order.setCurrentIndex(order)
    with qtbot.waitSignal(panel.filled):
        store.queue.gate.set()
    assert [r.order for r in store.queue.requests[1:]] == [QueueOrder.DISAGREEMENT, QueueOrder.NAME]


def test_the_order_of_an_unsure_network_is_offered_once_there_is_one(
    qtbot: QtBot, project: Project, panel: QueuePanel
) -> None:
    order = panel.filters.order
    row = order.findData(QueueOrder.UNCERTAINTY)

    def is_offered() -> bool:
        return bool(order.model().flags(order.model().index(row, 0)) & Qt.ItemFlag.ItemIsEnabled)

    assert not is_offered()
    assert "Training page" in order.itemData(row, Qt.ItemDataRole.ToolTipRole)
    ids = [image.id for image in project.store.images.all()]
    project.store.images.set_uncertainties({ids[1]: 0.2, ids[2]: 0.7})
    project.store.set_review_settings(ReviewSettings(random_share=0))
    with qtbot.waitSignal(panel.filled):
        panel.refresh()
    assert is_offered()
    with qtbot.waitSignal(panel.filled):
        order.setCurrentIndex(row)
    assert names(panel) == [ids[2], ids[1], ids[0], *ids[3:]]
    for kind in (QueueKind.VALIDATION, QueueKind.SECOND_READING, QueueKind.ADJUDICATION):
        with qtbot.waitSignal(panel.filled):
            panel.show_kind(kind)
        assert not is_offered()
        assert "Only for pictures to review" in order.itemData(row, Qt.ItemDataRole.ToolTipRole)
        assert order.currentIndex() == 0, "it is not told to be in an order that it is not in"


def test_pending_rows_are_found_round_the_end(qtbot: QtBot) -> None:
    rows: LazyRows[int, ImageRecord] = LazyRows(lambda _: {})
    project: Any = None
    thumbnails = Thumbnails(project)
    queue = ReviewQueue(rows, thumbnails)
    decided = Verdict.ACCEPTED
    verdicts = (decided, None, decided, None, decided)
    queue.show_items([QueueItem(10 + n, Purpose.REVIEW, v) for n, v in enumerate(verdicts)])
    assert queue.left == 2
    assert [queue.next_pending(row) for row in (-1, 0, 1, 2, 3, 4)] == [1, 1, 3, 3, 1, 1]
    queue.set_verdict(11, decided)
    queue.set_verdict(11, Verdict.FLAGGED)
    queue.set_verdict(99, decided)
    assert queue.left == 1
    assert queue.next_pending(3) is None
    queue.set_verdict(13, decided)
    assert queue.next_pending(0) is None
    rows.shut_down()
    thumbnails.shut_down()


def test_a_verdict_that_waits_for_the_disk_is_newer_than_what_is_read(qtbot: QtBot) -> None:
    rows: LazyRows[int, ImageRecord] = LazyRows(lambda _: {})
    project: Any = None
    thumbnails = Thumbnails(project)
    queue = ReviewQueue(rows, thumbnails)
    items = [QueueItem(n, Purpose.REVIEW, Verdict.FLAGGED if n == 3 else None) for n in range(1, 5)]
    queue.show_items(items, {2: Verdict.REJECTED, 3: Verdict.ACCEPTED, 99: Verdict.ACCEPTED})
    shown = [queue.item_at(row).verdict for row in range(4)]
    assert shown == [None, Verdict.REJECTED, Verdict.ACCEPTED, None]
    assert queue.left == 2
    assert queue.next_pending(0) == 3
    rows.shut_down()
    thumbnails.shut_down()


def test_what_the_disk_refuses_stays_decided_when_the_list_is_read_anew(
    qtbot: QtBot, panel: QueuePanel
) -> None:
    first, second = (panel.queue.item_at(row).image_id for row in (0, 1))
    panel.waiting = lambda purpose: {first: Verdict.ACCEPTED} if purpose is Purpose.REVIEW else {}
    panel.set_verdict(first, Verdict.ACCEPTED)
    with qtbot.waitSignal(panel.filled):
        panel.refresh()
        # Decided while the list is read, and on the disk before it is shown.
        panel.set_verdict(second, Verdict.REJECTED)
    assert panel.left.text() == "6 left of 8"
    assert [panel.queue.item_at(row).verdict for row in (0, 1)] == [Verdict.ACCEPTED, Verdict.REJECTED]


def test_a_picture_is_found_in_the_queue_that_has_it(
    qtbot: QtBot, panel: QueuePanel, project: Project
) -> None:
    other = project.store.readers.add("BX", ReaderKind.EXPERT)
    flagged, member = panel.queue.item_at(5).image_id, panel.queue.item_at(6).image_id
    decide(project, flagged, other, Purpose.REVIEW, Verdict.FLAGGED)
    project.store.validation.choose(n_wanted=1, seed=1, members=[ValidationMember(member, "", 0)])
    with qtbot.waitSignal(panel.filled):
        panel.refresh()
    for image_id, purpose in ((flagged, Purpose.SECOND_READING), (member, Purpose.VALIDATION)):
        with qtbot.waitSignal(panel.picked, check_params_cb=lambda i, _, n=image_id: i.image_id == n):
            panel.go_to(image_id)
        assert panel.current == QueueItem(image_id, purpose, None)


@pytest.fixture
def blind_reader(empty_project: Project) -> Reader:
    return empty_project.store.readers.add("AW", ReaderKind.RESEARCHER)


@pytest.fixture
def blind(qtbot: QtBot, empty_project: Project, tmp_path: Path, blind_reader: Reader) -> Iterator[QueuePanel]:
    """The validation set of sixty pictures, all of which come again."""
    folder = tmp_path / "sixty"
    folder.mkdir()
    table = write_pictures(folder, count=60, side=16)
    ImportImages(str(folder), str(table)).run(JobContext(), empty_project)
    store = empty_project.store
    store.set_review_settings(ReviewSettings(repeat_share=1.0))
    members = [ValidationMember(image.id, "", n) for n, image in enumerate(store.images.all())]
    store.validation.choose(n_wanted=60, seed=1, members=members)
    made = QueuePanel(empty_project)
    qtbot.addWidget(made)
    made.resize(224, 420)
    with qtbot.waitExposed(made):
        made.show()
    made.set_reader(blind_reader)
    with qtbot.waitSignal(made.filled):
        made.show_kind(QueueKind.VALIDATION)
    yield made
    made.shut_down()


def test_pictures_come_again_without_showing(
    qtbot: QtBot, blind: QueuePanel, empty_project: Project, blind_reader: Reader
) -> None:
    panel, reader = blind, blind_reader
    picked: list[QueueItem] = []
    panel.picked.connect(lambda item, _: picked.append(item))
    seen = {"top": 0}

    def look() -> None:
        row = panel.queue.row_of(picked[-1].image_id if picked else names(panel)[0])
        assert row is not None
        assert panel.list.currentIndex().row() == row, "the selection is on what is open"
        seen["top"] = panel.list.visualRect(panel.queue.index(row)).top()

    qtbot.waitUntil(lambda: all(not text.startswith("...") for text in in_sight(panel)))
    purposes = []
    for n in range(1, 36):
        item = panel.current
        assert item is not None
        assert item.verdict is None
        purposes.append(item.purpose)
        decide(empty_project, item.image_id, reader, item.purpose, Verdict.ACCEPTED)
        panel.set_verdict(item.image_id, Verdict.ACCEPTED)
        assert panel.left.text() == f"{n} read"
        panel.go_on()
        look()
        top, n_picked = seen["top"], len(picked)
        if panel.reading.is_busy:
            qtbot.waitUntil(lambda: not panel.reading.is_busy)
            look()
            assert seen["top"] == top, "the list stands where it stood"
            assert not [text for text in in_sight(panel) if text.startswith("...")]
        assert len(picked) == n_picked, "nothing is opened by itself"
        assert panel.left.text() == f"{n} read"
    assert purposes[:11] == [Purpose.VALIDATION] * 11
    assert purposes.count(Purpose.REPEAT) >= 4
    with qtbot.waitSignal(panel.filled):
        panel.refresh()
    assert panel.left.text() == "35 read"


def test_it_opens_the_first_to_decide_and_goes_on(
    qtbot: QtBot, panel: QueuePanel, project: Project, reader: Reader
) -> None:
    first = panel.current
    assert first is not None
    assert first == panel.queue.item_at(0)
    with qtbot.waitSignal(panel.picked) as picked:
        panel.go_on()
    assert picked.args == [panel.queue.item_at(1), (panel.queue.item_at(2),)]
    panel.set_verdict(panel.queue.item_at(2).image_id, Verdict.ACCEPTED)
    with qtbot.waitSignal(panel.picked) as picked:
        panel.go(1)
    assert picked.args is not None
    assert picked.args[1] == (panel.queue.item_at(3), panel.queue.item_at(2)), "both that may be next"
    with qtbot.waitSignal(panel.picked):
        panel.step(1)
    assert panel.current == panel.queue.item_at(2)
    assert panel.left.text() == "7 left of 8"


def test_a_click_opens_a_picture(qtbot: QtBot, panel: QueuePanel) -> None:
    panel.resize(224, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    place = panel.list.visualRect(panel.queue.index(3)).center()
    with qtbot.waitSignal(panel.picked) as picked:
        QTest.mouseClick(panel.list.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place)
    assert picked.args is not None
    assert picked.args[0] == panel.queue.item_at(3)


def test_filters_narrow_the_list_and_say_when_nothing_fits(
    qtbot: QtBot, panel: QueuePanel, project: Project
) -> None:
    assert panel.queue.rowCount() == 8
    button = panel.findChild(QAbstractButton, "showFilters")
    assert button is not None
    panel.show()
    assert not panel.filters.isVisible()
    QTest.mouseClick(button, LEFT)
    assert panel.filters.isVisible()
    with qtbot.waitSignal(panel.filled):
        panel.filters.label.setCurrentIndex(panel.filters.label.findData("MEL"))
    images = {image.id: image for image in project.store.images.all()}
    assert [images[number].label for number in names(panel)] == ["MEL"] * 4
    with qtbot.waitSignal(panel.filled):
        panel.filters.label.setCurrentIndex(0)
    with qtbot.waitSignal(panel.filled):
        panel.filters.inked.setCurrentIndex(panel.filters.inked.findData(True))
    assert 0 < panel.queue.rowCount() < 8
    with qtbot.waitSignal(panel.filled):
        panel.filters.inked.setCurrentIndex(0)
    with qtbot.waitSignal(panel.filled):
        QTest.keyClicks(panel.filters.name, "P03")
    qtbot.waitUntil(lambda: panel.queue.rowCount() == 1)
    with qtbot.waitSignal(panel.filled) as filled:
        QTest.keyClicks(panel.filters.name, "xyz")
    qtbot.waitUntil(lambda: panel.queue.rowCount() == 0)
    assert panel.left.text() == "Nothing fits the filter"
    assert filled.args == [8], "the project is not empty"


def test_orders_come_from_the_project(qtbot: QtBot, panel: QueuePanel, project: Project) -> None:
    with qtbot.waitSignal(panel.filled):
        panel.filters.order.setCurrentIndex(panel.filters.order.findData(QueueOrder.NAME))
    by_path = sorted(project.store.images.all(), key=lambda image: image.path)
    assert names(panel) == [image.id for image in by_path]


def test_decided_pictures_can_be_left_out(
    qtbot: QtBot, panel: QueuePanel, project: Project, reader: Reader
) -> None:
    decided = panel.queue.item_at(2).image_id
    decide(project, decided, reader, Purpose.REVIEW, Verdict.FLAGGED)
    with qtbot.waitSignal(panel.filled):
        panel.filters.pending.setChecked(True)
    assert decided not in names(panel)
    assert panel.queue.rowCount() == 7
    with qtbot.waitSignal(panel.filled):
        panel.filters.pending.setChecked(False)
    row = panel.queue.row_of(decided)
    assert row is not None
    assert panel.queue.item_at(row).verdict is Verdict.FLAGGED


def test_each_kind_of_queue_says_what_is_missing(qtbot: QtBot, panel: QueuePanel, project: Project) -> None:
    with qtbot.waitSignal(panel.filled):
        panel.show_kind(QueueKind.VALIDATION)
    assert panel.left.text() == "No validation set yet"
    for kind in (QueueKind.FLAGGED, QueueKind.SECOND_READING, QueueKind.ADJUDICATION):
        with qtbot.waitSignal(panel.filled):
            panel.show_kind(kind)
        assert panel.queue.rowCount() == 0
        assert panel.left.text().startswith("Nothing")
    with qtbot.waitSignal(panel.picked) as picked:
        panel.show_kind(QueueKind.REVIEW)
    assert picked.args is not None
    assert picked.args[0] == panel.queue.item_at(0)


def thumbnail_files(project: Project) -> list[Path]:
    return sorted((project.folder / "cache" / "thumbnails").rglob("*.jpg"))


def shown(qtbot: QtBot, project: Project, image: ImageRecord) -> bool:
    thumbnails = Thumbnails(project)
    ready: list[int] = []
    thumbnails.ready.connect(ready.append)
    assert thumbnails.get(image) is None
    qtbot.waitUntil(lambda: bool(ready))
    icon = thumbnails.get(image)
    thumbnails.shut_down()
    return icon is not None


def test_thumbnails_are_kept_by_content_without_metadata(
    qtbot: QtBot, project: Project, pictures: Path
) -> None:
    image = project.store.images.all()[0]
    path = project.image_path(image)
    assert shown(qtbot, project, image)
    (kept,) = thumbnail_files(project)
    assert kept.stem == image.sha256
    with Image.open(kept) as small:
        assert max(small.size) <= 2 * THUMBNAIL_PX
        assert not small.getexif()
        assert set(small.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
    path.unlink()
    assert shown(qtbot, project, image), "the copy on the disk is enough"
    kept.unlink()
    assert not shown(qtbot, project, image)


def test_thumbnails_come_from_the_top_of_what_is_in_sight(
    qtbot: QtBot, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = project.store.images.all()
    gate, begun = threading.Event(), []

    def read(_: Project, image: ImageRecord) -> QImage:
        begun.append(image.id)
        assert gate.wait(10)
        return QImage(4, 4, QImage.Format.Format_RGB888)

    monkeypatch.setattr("app.library.thumbnails._read", read)
    monkeypatch.setattr("app.library.thumbnails._THREADS", 1)
    thumbnails = Thumbnails(project)
    for image in (*images[4:], *images[4:]):
        assert thumbnails.get(image) is None
    qtbot.waitUntil(lambda: bool(begun))
    for image in images[:4]:
        assert thumbnails.get(image) is None
    with qtbot.waitSignals([thumbnails.ready] * len(images)):
        QTimer.singleShot(0, gate.set)
    thumbnails.shut_down()
    in_order = [images[4], *images[:4], *images[5:]]
    assert begun == [image.id for image in in_order], "what was asked for last is in sight now"


def test_a_damaged_thumbnail_is_made_again(qtbot: QtBot, project: Project) -> None:
    image = project.store.images.all()[0]
    assert shown(qtbot, project, image)
    (kept,) = thumbnail_files(project)
    whole = kept.read_bytes()
    kept.write_bytes(b"nonsense")
    assert shown(qtbot, project, image)
    assert kept.read_bytes() == whole


def test_nothing_is_kept_beside_a_project_that_is_only_read(qtbot: QtBot, project: Project) -> None:
    project.close()
    with Project.open(project.folder, read_only=True) as read:
        assert shown(qtbot, read, read.store.images.all()[0])
        assert thumbnail_files(read) == []


def test_a_full_disk_costs_no_thumbnail(
    qtbot: QtBot, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert shown(qtbot, project, project.store.images.all()[0])
    assert thumbnail_files(project) == []
