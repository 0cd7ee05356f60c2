"""Naming a new project and choosing where it is made."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.new_project_dialog import NewProjectDialog
from app.settings import Settings
from app.theme import Theme


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> NewProjectDialog:
    made = NewProjectDialog()
    qtbot.addWidget(made)
    made.place.setText(str(tmp_path))
    return made


def test_the_folder_is_told_and_emitted(qtbot: QtBot, dialog: NewProjectDialog, tmp_path: Path) -> None:
    dialog.name.setText(" Ink at our clinic ")
    assert str(tmp_path / "Ink at our clinic") in dialog.told.text()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.create_button.click()
    assert chosen.args == [tmp_path / "Ink at our clinic"]
    assert not (tmp_path / "Ink at our clinic").exists(), "the window makes it"


@pytest.mark.parametrize("name", ["", "  ", "a/b", "..", "what?"])
def test_names_that_no_folder_can_have(dialog: NewProjectDialog, name: str) -> None:
    dialog.name.setText(name)
    assert not dialog.create_button.isEnabled()
    assert dialog.told.text().startswith("A name")


def test_what_is_there_already_is_not_written_into(dialog: NewProjectDialog, tmp_path: Path) -> None:
    (tmp_path / "Photos").mkdir()
    dialog.name.setText("Photos")
    assert dialog.create_button.isEnabled(), "an empty folder will do"
    (tmp_path / "Photos" / "a.jpg").write_bytes(b"")
    dialog.name.setText("Photo")
    dialog.name.setText("Photos")
    assert not dialog.create_button.isEnabled()
    assert "another name" in dialog.told.text()
    dialog.place.setText(str(tmp_path / "nowhere"))
    assert dialog.told.text() == f"There is no folder {tmp_path / 'nowhere'}."


@pytest.mark.parametrize(("name", "place"), [("n" * 300, ""), ("Ours", "~nobody-of-this-name/x")])
def test_what_the_system_refuses_is_told(dialog: NewProjectDialog, name: str, place: str) -> None:
    if place:
        dialog.place.setText(place)
    dialog.name.setText(name)
    assert not dialog.create_button.isEnabled()
    assert "cannot be used" in dialog.told.text()


def test_a_place_is_chosen(dialog: NewProjectDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(other))
    button = dialog.findChild(QPushButton, "browsePlace")
    assert button is not None
    button.click()
    assert dialog.folder.parent == other


def test_from_the_first_window_to_an_open_project(
    qtbot: QtBot, theme: Theme, settings: Settings, tmp_path: Path
) -> None:
    window = MainWindow(theme, settings)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.ask_new()
    dialog = window.findChild(QDialog, "newProjectDialog")
    assert isinstance(dialog, NewProjectDialog)
    dialog.place.setText(str(tmp_path))
    dialog.name.setFocus()
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, "Ours")
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert (tmp_path / "Ours" / "project.sqlite").is_file()
    assert window.windowTitle() == "Ours - gsal"
    window.shut_down()


def test_who_has_no_project_yet_is_told_what_one_comes_to(
    qtbot: QtBot, theme: Theme, settings: Settings, tmp_path: Path
) -> None:
    first = MainWindow(theme, settings)
    qtbot.addWidget(first)
    first.show()
    steps = first.findChild(QWidget, "welcomeSteps")
    assert steps is not None
    assert steps.isVisible()
    settings.remember_project(tmp_path)
    again = MainWindow(theme, settings)
    qtbot.addWidget(again)
    again.show()
    steps = again.findChild(QWidget, "welcomeSteps")
    assert steps is not None
    assert not steps.isVisible()
