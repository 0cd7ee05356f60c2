"""The window as a whole: opening, refusing, importing, closing while a job runs, names of controls."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.header import PAGES
from app.library.import_dialog import ImportDialog
from app.library.thumbnails import THUMBNAIL_PX
from app.main_window import MainWindow
from app.review.panels.reader_dialog import ReaderDialog
from app.settings import Settings
from app.theme import DARK, LIGHT, Theme, ThemeChoice
from app.workspace import Workspace
from gsal.errors import ProjectDamaged
from gsal.progress import JobContext
from gsal.project import Project
from tests.app.conftest import CLASSES

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, settings: Settings) -> Iterator[MainWindow]:
    made = MainWindow(theme, settings)
    qtbot.addWidget(made, before_close_func=stop)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    stop(made)


def stop(window: MainWindow) -> None:
    if window.workspace is not None:
        window.workspace.manager.shut_down()
        window.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Project.create(tmp_path / "project", name="Clinic A", classes=CLASSES).close()
    return tmp_path / "project"


def opened(window: MainWindow, folder: Path) -> Workspace:
    window.open_project(folder)
    assert window.workspace is not None
    return window.workspace


def child(parent: QWidget, kind: type[Any], name: str) -> Any:
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def click(button: QAbstractButton) -> None:
    QTest.mouseClick(button, LEFT, NONE)


@dataclass(frozen=True, slots=True)
class Patient:
    """Runs until it is cancelled."""

    kind: ClassVar[str] = "patient"

    @property
    def title(self) -> str:
        return "Waiting"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        ctx.notice("Waiting for you.")
        assert ctx.cancel.wait(10)
        ctx.check()
        return {}


def test_an_empty_project_says_what_to_do(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    workspace = opened(window, folder)
    assert window.windowTitle() == "Clinic A - gsal"
    qtbot.waitUntil(lambda: child(workspace, QPushButton, "firstImport").isVisible())
    for number, title in enumerate(PAGES):
        click(child(workspace, QAbstractButton, f"page{title}"))
        assert workspace.pages.currentIndex() == number
    assert not workspace.training.panel.start.isEnabled()


def test_importing_by_hand_fills_the_library_and_names_problems(
    qtbot: QtBot, window: MainWindow, folder: Path, pictures: Path
) -> None:
    (pictures / "broken.jpg").write_bytes(b"")
    with (pictures / "labels.csv").open("a") as table:
        table.write("broken.jpg,MEL,patient9\n")
    workspace = opened(window, folder)
    click(child(workspace, QPushButton, "importPictures"))
    dialog: ImportDialog = child(workspace, ImportDialog, "importDialog")
    dialog.folder.setText(str(pictures))
    assert dialog.labels.text() == str(pictures / "labels.csv")
    with qtbot.waitSignal(workspace.manager.idle):
        click(dialog.start)
    library = workspace.library
    qtbot.waitUntil(lambda: library.table.rowCount() == 8)
    assert library.notice.text() == "8 pictures imported, 1 left out."
    click(library.show_problems)
    problems = child(library, QDialog, "problemsDialog")
    rows = problems.findChild(QWidget, "problemsTable").model()
    assert rows.index(0, 0).data() == "broken.jpg"
    assert "empty" in rows.index(0, 1).data()
    problems.close()
    with qtbot.waitSignal(workspace.manager.idle):
        click(library.propose)
    qtbot.waitUntil(lambda: library.table.index(0, 2).data() not in {None, "–"})
    library.ink.setCurrentIndex(library.ink.findData(True))
    qtbot.waitUntil(lambda: 0 < library.table.rowCount() < 8)
    library.ink.setCurrentIndex(0)
    library.search.setText("p03")
    qtbot.waitUntil(lambda: library.table.rowCount() == 1)
    assert library.count.text() == "1 of 8"


def test_a_click_on_a_column_sorts_the_library(qtbot: QtBot, window: MainWindow, project: Project) -> None:
    project.close()
    library = opened(window, project.folder).library
    qtbot.waitUntil(lambda: library.table.rowCount() == 8)
    assert window.workspace is not None
    paths = sorted(image.path for image in window.workspace.project.store.images.all())
    header = library.view.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(0) + 20, header.height() // 2)

    def listed() -> list[str]:
        return [library.table.index(row, 0).data() for row in range(8)]

    QTest.mouseClick(header.viewport(), LEFT, pos=at)
    qtbot.waitUntil(lambda: listed() == paths)
    QTest.mouseClick(header.viewport(), LEFT, pos=at)
    qtbot.waitUntil(lambda: listed() == paths[::-1])


def test_thumbnails_come_later(qtbot: QtBot, window: MainWindow, project: Project) -> None:
    project.close()
    library = opened(window, project.folder).library
    qtbot.waitUntil(lambda: library.table.rowCount() == 8)
    index = library.table.index(0, 0)
    qtbot.waitUntil(lambda: index.data(Qt.ItemDataRole.DecorationRole) is not None)
    icon = index.data(Qt.ItemDataRole.DecorationRole)
    size = QSize(THUMBNAIL_PX, THUMBNAIL_PX)
    plain = icon.pixmap(size)
    assert 0 < plain.deviceIndependentSize().width() <= THUMBNAIL_PX
    assert icon.pixmap(size, QIcon.Mode.Selected).toImage() == plain.toImage()


def test_who_reads_is_asked_once(
    qtbot: QtBot, window: MainWindow, project: Project, theme: Theme, settings: Settings
) -> None:
    project.close()
    workspace = opened(window, project.folder)
    workspace.show_page(1)
    qtbot.waitUntil(lambda: workspace.findChild(ReaderDialog) is not None)
    dialog: ReaderDialog = child(workspace, ReaderDialog, "readerDialog")
    assert not dialog.start.isEnabled()
    dialog.name.setCurrentText("AW")
    click(dialog.start)
    assert workspace.header.reader.text() == "AW"
    assert workspace.review.session.reader is not None
    window.close()
    window.show()
    again = opened(window, project.folder)
    assert again.header.reader.text() == "AW"
    again.show_page(1)
    assert again.findChild(ReaderDialog) is None


def test_closing_stops_the_job_first(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    workspace = opened(window, folder)
    height = workspace.header.height()
    task = workspace.manager.submit(Patient())
    qtbot.waitUntil(lambda: task.message == "Waiting for you.")
    window.close()
    window.close()
    assert workspace.header.stop.isVisible()
    assert workspace.header.height() == height
    (box,) = window.findChildren(QMessageBox)
    click(box.button(QMessageBox.StandardButton.Cancel))
    assert window.isVisible()
    assert task.state == "running"
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is None)
    window.close()
    box = child(window, QMessageBox, "stopDialog")
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Yes)
    click(box.defaultButton())
    assert window.isVisible(), "it waits for the job, and stays alive meanwhile"
    qtbot.waitUntil(lambda: not window.isVisible())
    assert task.state == "stopped"
    with Project.open(folder) as project:
        assert [(j.kind, j.status) for j in project.store.jobs.all()] == [("patient", "cancelled")]


def test_opening_another_project_closes_the_first(
    qtbot: QtBot, window: MainWindow, folder: Path, tmp_path: Path
) -> None:
    first = opened(window, folder)
    Project.create(tmp_path / "other", name="Other").close()
    window.open_project(tmp_path / "other")
    qtbot.waitUntil(lambda: window.windowTitle() == "Other - gsal")
    assert window.workspace is not first
    Project.open(folder).close()


def test_a_project_open_elsewhere_can_be_read(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    with Project.open(folder):
        window.open_project(folder)
        box: QMessageBox = child(window, QMessageBox, "lockedDialog")
        click(box.buttons()[0])
        assert window.workspace is not None
        assert window.workspace.project.read_only
        workspace = window.workspace
        qtbot.waitUntil(lambda: workspace.training.panel.text.text() == "Open for reading only")
        assert workspace.review.tools.saved.text() == "Open for reading only"
        written = ("proposal-0", "accept", "reject", "flag", "cannot-judge", "createCohort", "startTraining")
        for name in ("importPictures", "brush", "eraser", *written):
            assert not child(workspace, QAbstractButton, name).isEnabled(), name
        window.close()


def test_no_project_in_a_folder_is_one_sentence(window: MainWindow, tmp_path: Path) -> None:
    window.open_project(tmp_path)
    box: QMessageBox = child(window, QMessageBox, "errorDialog")
    assert str(tmp_path) in box.informativeText()
    assert window.workspace is None
    box.close()


def test_what_cannot_be_read_is_said_once(
    qtbot: QtBot, window: MainWindow, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = opened(window, folder)
    qtbot.waitUntil(lambda: workspace.library.stack.currentIndex() == 1)

    def refuse(request: object) -> None:
        raise ProjectDamaged("The database is damaged.")

    monkeypatch.setattr(workspace.project.store.library, "ids", refuse)
    workspace.library.refresh()
    workspace.library.refresh()
    qtbot.waitUntil(lambda: workspace.findChild(QMessageBox, "errorDialog") is not None)
    (box,) = workspace.findChildren(QMessageBox)
    assert box.informativeText() == "The database is damaged."
    box.close()


def test_a_stopped_job_can_be_resumed_from_the_panel(
    qtbot: QtBot, window: MainWindow, folder: Path, pictures: Path
) -> None:
    with Project.open(folder) as project:
        settings = {"folder": str(pictures), "labels": str(pictures / "labels.csv")}
        project.store.jobs.start("import images", settings)
    workspace = opened(window, folder)
    click(workspace.header.jobs)
    assert workspace.jobs.isVisible()
    resume = child(workspace.jobs, QPushButton, "resumeJob1")
    with qtbot.waitSignal(workspace.manager.idle):
        click(resume)
        resumes = workspace.jobs.findChildren(QPushButton, "resumeJob1")
        assert not any(button.isEnabled() for button in resumes if button is not resume)
        click(resume)
    assert len(workspace.manager.tasks) == 1
    assert workspace.project.store.images.count() == 8
    assert workspace.project.store.jobs.get(1).status == "done"


def test_every_control_has_a_name_a_tooltip_and_an_accessible_name(
    qtbot: QtBot, window: MainWindow, project: Project
) -> None:
    project.close()
    workspace = opened(window, project.folder)
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox, QSlider, QLineEdit)
    bad = [
        f"{type(control).__name__} {control.objectName()!r}"
        for control in workspace.findChildren(QWidget)
        if isinstance(control, kinds)
        and not control.objectName().startswith("qt_")
        and not isinstance(control.parentWidget(), QComboBox | QAbstractSpinBox | QLineEdit)
        and type(control).__name__ != "QTableCornerButton"
        and not (control.objectName() and control.toolTip() and control.accessibleName())
    ]
    assert not [b for b in bad if b != "QAbstractButton ''"]


def test_the_theme_dresses_and_is_remembered(theme: Theme, settings: Settings, tmp_path: Path) -> None:
    theme.choose(ThemeChoice.DARK)
    assert theme.colours is DARK
    settings.theme = ThemeChoice.DARK
    assert settings.theme is ThemeChoice.DARK
    theme.choose(ThemeChoice.SYSTEM)
    assert theme.colours is LIGHT, "the offscreen system is light"


def test_the_style_sheet_names_known_colours_only(theme: Theme) -> None:
    from app.theme import style_sheet

    assert "@" not in style_sheet(LIGHT)
    assert LIGHT.accent in style_sheet(LIGHT)


def test_the_window_starts_without_torch(project: Project) -> None:
    project.close()
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from app.main_window import MainWindow\n"
        "from app.settings import Settings\n"
        "from app.theme import Theme\n"
        "application = QApplication([])\n"
        "window = MainWindow(Theme(application), Settings())\n"
        "window.show()\n"
        "window.open_project(Path(sys.argv[1]))\n"
        "window.workspace.show_page(1)\n"
        "window.workspace.review.session.opened.connect(window.close)\n"
        "application.exec()\n"
        "assert window.workspace is None\n"
        "loaded = {'torch', 'torchvision'} & set(sys.modules)\n"
        "sys.exit(f'imported {loaded}' if loaded else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(project.folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
