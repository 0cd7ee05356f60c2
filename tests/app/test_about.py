"""The about box: version, folders, and the licence of every part."""

from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.about_dialog import AboutDialog
from app.main_window import MainWindow
from app.settings import Settings
from app.theme import Theme
from gsal.version import __version__


def test_it_tells_version_folders_and_licences(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    window = MainWindow(theme, Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(window)
    dialog = AboutDialog(Settings(tmp_path / "settings.ini"), tmp_path, window)
    dialog.open()
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert f"gsal {__version__}" in words
    assert f"Project: {tmp_path}" in words
    names = [dialog.parts.item(row).text().split()[0] for row in range(dialog.parts.count())]
    assert {"Python", "torch", "PySide6_Essentials", "numpy"} <= set(names)
    dialog.parts.setCurrentRow(names.index("numpy"))
    assert "BSD" in dialog.terms.toPlainText()
    assert len(dialog.terms.toPlainText()) > 1000
