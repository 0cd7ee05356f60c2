"""The window's menu: appearance, text size, and what can be set about the review."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMenu, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from app.main_menu import TEXT_SIZES
from app.main_window import MainWindow
from app.settings import Settings
from app.theme import DARK, FONT_SCALES, Theme
from gsal.project import Project
from gsal.records import ReviewSettings

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, settings: Settings, project: Project) -> Iterator[MainWindow]:
    """A window on a project."""
    project.close()
    made = MainWindow(theme, settings)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.open_project(project.folder)
    yield made
    made.shut_down()


def choose(window: MainWindow, *path: str) -> None:
    """Open the menu by its button, and choose an entry of it, or of a menu in it."""
    menu = opened(window)
    entry(menu, *path).trigger()
    menu.close()


def is_checked(window: MainWindow, *path: str) -> bool:
    menu = opened(window)
    checked = entry(menu, *path).isChecked()
    menu.close()
    return checked


def opened(window: MainWindow) -> QMenu:
    assert window.workspace is not None
    QTest.mouseClick(window.workspace.header.menu, LEFT)
    return next(menu for menu in window.findChildren(QMenu, "mainMenuPopup") if menu.isVisible())


def entry(menu: QMenu, *path: str) -> QAction:
    for title in path[:-1]:
        found = next(a.menu() for a in menu.actions() if a.text() == title)
        assert isinstance(found, QMenu)
        menu = found
    return next(action for action in menu.actions() if action.text() == path[-1])


def test_the_appearance_is_chosen_and_kept(window: MainWindow, theme: Theme, settings: Settings) -> None:
    choose(window, "Appearance", "Dark")
    assert theme.colours is DARK
    assert settings.theme == "dark"
    assert is_checked(window, "Appearance", "Dark")


def test_text_grows_and_the_choice_is_kept(window: MainWindow, theme: Theme, settings: Settings) -> None:
    before = window.fontInfo().pixelSize()
    choose(window, "Text size", "145 %")
    assert window.fontInfo().pixelSize() == pytest.approx(1.45 * before, abs=1)
    assert (theme.font_scale, settings.font_scale) == (1.45, 1.45)
    assert is_checked(window, "Text size", "145 %")
    assert (TEXT_SIZES[0], TEXT_SIZES[-1]) == FONT_SCALES


def test_the_shares_of_a_review_are_kept_in_the_project(qtbot: QtBot, window: MainWindow) -> None:
    assert window.workspace is not None
    store = window.workspace.project.store
    choose(window, "Review settings...")
    dialog = window.findChild(QDialog, "sharesDialog")
    assert dialog is not None
    for name, percent in (("randomShare", 30), ("blankShare", 15), ("repeatShare", 0)):
        box = dialog.findChild(QSpinBox, name)
        assert box is not None
        box.setValue(percent)
    keep = dialog.findChild(QPushButton, "keepShares")
    assert keep is not None
    QTest.mouseClick(keep, LEFT)
    expected = ReviewSettings(random_share=0.3, blank_share=0.15, repeat_share=0.0)
    assert store.review_settings() == expected


@pytest.mark.parametrize(
    ("text", "name"), [("Practice the review...", "practiceDialog"), ("Change the keys...", "keyEditor")]
)
def test_dialogs_open_from_the_menu(qtbot: QtBot, window: MainWindow, text: str, name: str) -> None:
    choose(window, text)
    dialog = window.findChild(QDialog, name)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.reject()
