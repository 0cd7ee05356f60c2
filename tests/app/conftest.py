"""A window's surroundings: settings of its own, a theme, a small project, and no thread left behind."""

import threading
import warnings
from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

# pyqtgraph warns about itself while it is imported under warnings as errors.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pyqtgraph  # noqa: F401

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.garbage import GarbageCollector
from app.settings import Settings
from app.theme import Theme, ThemeChoice
from gsal.jobs.masks.propose import Propose
from gsal.jobs.pictures.import_images import ImportImages
from gsal.progress import JobContext
from gsal.project import Project
from tests.app.layout_items import LayoutItems

CLASSES = ("MEL", "NV")
_watched = LayoutItems()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let Qt's offscreen screen say what it lacks; every other warning fails the test."""
    item.add_marker(
        pytest.mark.qt_log_ignore(
            "This plugin does not support (propagateSizeHints|raise|grabbing)", extend=True
        )
    )


@pytest.fixture(scope="package", autouse=True)
def garbage(qapp: QApplication) -> Iterator[GarbageCollector]:
    """Collect as the program does: never in a worker's thread, never within an event."""
    collector = GarbageCollector(qapp)
    yield collector
    collector.stop()


@pytest.fixture(scope="package", autouse=True)
def layout_items() -> Iterator[LayoutItems]:
    """Watch what would end in a segmentation fault, in this test or in a later one."""
    with pytest.MonkeyPatch.context() as patch:
        _watched.watch(patch)
        yield _watched


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Generator[None, None, None]:
    """Look before the test's fixtures are taken down, and say so once they are."""
    stale = _watched.stale()
    yield
    assert not stale, f"fill these layouts where they belong, in a widget: {stale}"


@pytest.fixture(autouse=True)
def no_thread_left(qtbot: QtBot, garbage: GarbageCollector) -> Iterator[None]:
    """Fail a test that leaves a thread of ours running."""
    before = set(threading.enumerate())
    yield
    # Widgets that are to be deleted would else be dressed anew by every theme that is made.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    garbage.collect_if_due()
    left = [t for t in threading.enumerate() if t not in before and t.name.startswith("gsal-")]
    assert not left, f"left running: {left}"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, choice=ThemeChoice.LIGHT)


def write_pictures(folder: Path, *, count: int, side: int = 64) -> Path:
    """Write skin-coloured pictures, every other with a blue stroke, and a table of labels."""
    rng = np.random.default_rng(0)
    lines = ["file,label,patient_id"]
    for number in range(count):
        picture = np.full((side, side + 16, 3), (205, 165, 145), np.float64) + rng.normal(
            0, 3, (side, side + 16, 3)
        )
        rows, columns = np.ogrid[:side, : side + 16]
        picture[(rows - side / 2) ** 2 + (columns - side / 2) ** 2 < (side / 5) ** 2] -= (70, 70, 60)
        if number % 2:
            picture[4:9, 6:60] = (50, 60, 150)
        Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(folder / f"p{number:02}.png")
        lines.append(f"p{number:02}.png,{CLASSES[number // 2 % 2]},patient{number // 2}")
    table = folder / "labels.csv"
    table.write_text("\n".join(lines) + "\n")
    return table


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of eight pictures with a labels.csv."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    write_pictures(folder, count=8)
    return folder


@pytest.fixture
def empty_project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", name="Test", classes=CLASSES) as project:
        yield project


@pytest.fixture
def project(empty_project: Project, pictures: Path) -> Project:
    """A project with eight pictures and their proposals."""
    ImportImages(str(pictures), str(pictures / "labels.csv")).run(JobContext(), empty_project)
    Propose().run(JobContext(), empty_project)
    return empty_project
