"""What other programs are started with."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.outside import show_outside


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("systems", [None, "/opt/lib"])
def test_a_browser_gets_the_libraries_of_the_system(
    window: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, systems: str | None
) -> None:
    seen: list[tuple[str, str | None]] = []

    def start(url: QUrl) -> bool:
        seen.append((url.toLocalFile(), os.environ.get("LD_LIBRARY_PATH")))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", start)
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "/usr/lib/gsal/gsal-app")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/gsal/_internal")
    if systems is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", systems)
    show_outside(tmp_path, window)
    assert seen == [(str(tmp_path), systems)]
    assert os.environ["LD_LIBRARY_PATH"] == "/usr/lib/gsal/_internal", "our own workers need it"
    assert window.findChild(QMessageBox) is None


def test_run_from_its_sources_it_changes_nothing(
    window: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str | None] = []

    def start(_: QUrl) -> bool:
        seen.append(os.environ.get("LD_LIBRARY_PATH"))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", start)
    monkeypatch.delenv("_PYI_ARCHIVE_FILE", raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/home/anna/lib")
    show_outside(tmp_path, window)
    assert seen == ["/home/anna/lib"]


def test_without_any_program_the_user_is_told_where_it_lies(
    window: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: False)
    show_outside(tmp_path / "report.pdf", window)
    box = window.findChild(QMessageBox, "errorDialog")
    assert box is not None
    assert str(tmp_path / "report.pdf") in box.informativeText()
    box.close()
