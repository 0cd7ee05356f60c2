"""Icons: every name in the program has a picture, and pictures take the theme's colours."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QIcon
from pytestqt.qtbot import QtBot

import app
from app.widgets.controls import IconButton
from app.widgets.icons import icon
from resources import __path__ as resources

SOURCES = Path(app.__file__).parent
PICTURES = {path.stem for path in (Path(resources[0]) / "icons" / "mdi").glob("*.svg")}
NAMED = re.compile(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"')


def test_no_picture_is_there_for_nothing() -> None:
    named = {name for path in SOURCES.rglob("*.py") for name in NAMED.findall(path.read_text("utf-8"))}
    assert PICTURES
    assert named >= PICTURES


def test_an_icon_is_drawn_in_its_colours(qtbot: QtBot) -> None:
    red, grey = QColor("#ff0000"), QColor("#808080")
    drawn = icon("brush", colour=red, disabled=grey)
    for mode, colour in ((QIcon.Mode.Normal, red), (QIcon.Mode.Disabled, grey)):
        image = drawn.pixmap(36, 36, mode).toImage()
        seen = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        }
        assert seen == {colour.name()}


def test_a_picture_that_is_not_there_is_no_silent_gap(qtbot: QtBot) -> None:
    with pytest.raises(FileNotFoundError):
        IconButton("no-such-picture")


def test_a_button_can_show_another_picture(qtbot: QtBot) -> None:
    button = IconButton("chevron-right")
    qtbot.addWidget(button)
    closed = button.icon().pixmap(18, 18).toImage()
    button.show_icon("chevron-down")
    assert button.icon().pixmap(18, 18).toImage() != closed
