"""What the window remembers: all of it comes back, and nonsense in the file does no harm."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.review.keys.bindings import LEFT_HANDED
from app.review.keys.keymap import Keymap
from app.settings import Settings
from app.theme import LIGHT, Theme, ThemeChoice, style_sheet


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def written(settings: Settings) -> None:
    settings._store.sync()


def test_everything_comes_back(file: Path) -> None:
    first = Settings(file)
    first.theme = ThemeChoice.DARK
    first.font_scale = 1.3
    first.keymap = Keymap(LEFT_HANDED).with_keys("flag", (",", ";", '"')).to_text()
    first.palette = "orange"
    first.brush_px = 77
    first.opacity_percent = 20
    first.uses_pressure = False
    first.folded = ("Look",)
    first.geometry = QByteArray(b"\x00\xff[=\n")
    first.remember_project(Path("/clinic/a=b; c"))
    written(first)
    again = Settings(file)
    assert again.notice == ""
    assert again.theme is ThemeChoice.DARK
    assert again.font_scale == 1.3
    assert Keymap.from_text(again.keymap) == Keymap.from_text(first.keymap)
    assert Keymap.from_text(again.keymap).of("flag") == (",", ";", '"')
    assert (again.palette, again.brush_px, again.opacity_percent) == ("orange", 77, 20)
    assert again.uses_pressure is False
    assert again.folded == ("Look",)
    assert again.geometry == QByteArray(b"\x00\xff[=\n")
    assert again.recent == [Path("/clinic/a=b; c")]


def test_nothing_said_is_the_usual(file: Path) -> None:
    settings = Settings(file)
    assert settings.notice == ""
    assert (settings.brush_px, settings.opacity_percent, settings.font_scale) == (24, 45, 1.0)
    assert settings.uses_pressure
    assert settings.folded is None
    settings.folded = ()
    assert settings.folded == ()
    assert Keymap.from_text(settings.keymap) == Keymap()


@pytest.mark.parametrize(
    "damage",
    [b'{"theme": "dark", ', b"\x00\x01\x02=\xff", b"[General]\ntheme=dark\n\x00\x00\x00\n", b"<html>\n"],
)
def test_a_broken_file_is_put_aside_and_said(file: Path, damage: bytes) -> None:
    file.write_bytes(damage)
    settings = Settings(file)
    assert settings.theme is ThemeChoice.SYSTEM
    assert "settings.ini.bad" in settings.notice
    assert (file.parent / "settings.ini.bad").read_bytes() == damage
    settings.brush_px = 5
    written(settings)
    again = Settings(file)
    assert again.notice == ""
    assert again.brush_px == 5


def test_senseless_values_count_as_not_said(file: Path) -> None:
    file.write_text(
        "[General]\ntheme=purple\nfont%20scale=nan\n[review]\nbrush=-4\nopacity=lots\npressure=7\nkeymap=[[\n"
    )
    settings = Settings(file)
    assert settings.notice == ""
    assert settings.theme is ThemeChoice.SYSTEM
    assert (settings.font_scale, settings.brush_px, settings.opacity_percent) == (1.0, 24, 45)
    assert settings.uses_pressure
    assert Keymap.from_text(settings.keymap) == Keymap()


def test_text_grows_and_what_holds_it_grows_too(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, choice=ThemeChoice.LIGHT)
    text, button = QLabel("ink"), QPushButton("ink")
    for widget in (text, button):
        qtbot.addWidget(widget)
        widget.show()
    usual = text.fontMetrics().height(), button.sizeHint().height()
    assert usual[1] == 32
    with qtbot.waitSignal(theme.changed):
        theme.scale_font(1.6)
    assert text.fontInfo().pixelSize() == 21
    assert button.sizeHint().height() > 1.3 * usual[1]
    theme.scale_font(9.0)
    assert theme.font_scale == 1.6
    theme.scale_font(1.0)
    assert (text.fontMetrics().height(), button.sizeHint().height()) == usual


def test_the_style_sheet_has_no_size_left_to_scale() -> None:
    assert "font-size: 13px" in style_sheet(LIGHT)
    assert "font-size: 21px" in style_sheet(LIGHT, font_scale=1.6)
    for line in style_sheet(LIGHT).splitlines()[1:]:
        assert "sp;" not in line
