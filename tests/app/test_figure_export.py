"""Taking a figure elsewhere: what is copied and written is what is shown, and a refusal is told."""

import csv
from pathlib import Path
from xml.etree import ElementTree

import pyqtgraph as pg
import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.theme import Theme
from app.widgets.figure_export import FigureMenu, Numbers
from app.widgets.plot import Plot, Point

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def plot(qtbot: QtBot, theme: Theme) -> Plot:
    made = Plot(theme, name="myFigure", tip="Ink by class", bottom="class", left="saliency")
    qtbot.addWidget(made)
    made.resize(400, 300)
    points = [Point(0, 0.5, "MEL: 0.5", "MEL"), Point(1, 2.0, "NV: 2", "NV"), Point(2, 1.0, "no class")]
    made.add_points(points, colour="#0072b2")
    made.tabulate = lambda: Numbers(("class", "saliency"), (("MEL, thin", 0.5), ("NV", float("nan"))))
    made.show()
    qtbot.waitExposed(made)
    return made


def choose(plot: Plot, text: str) -> None:
    menu = FigureMenu(plot, plot.tabulate)
    (action,) = (one for one in menu.actions() if one.text() == text)
    assert action.isEnabled()
    action.trigger()
    menu.deleteLater()


def answer(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def test_a_picture_is_twice_as_sharp_as_the_screen(
    plot: Plot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, tmp_path / "a.png")
    choose(plot, "Save as PNG...")
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == (800, 600)
    colours = {image.pixelColor(x, y).name() for x in range(0, 800, 2) for y in range(0, 600, 2)}
    assert "#0072b2" in colours, "its points are on it"
    choose(plot, "Copy figure")
    assert QGuiApplication.clipboard().image().size() == image.size()


def test_a_drawing_has_lines_and_words_and_no_picture(
    plot: Plot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, tmp_path / "without ending")
    choose(plot, "Save as SVG...")
    root = ElementTree.parse(tmp_path / "without ending.svg").getroot()  # noqa: S314 - our own file
    assert root.get("viewBox") == "0 0 400 300"
    words = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    assert "saliency" in words
    assert next(root.iter(f"{SVG}image"), None) is None
    assert next(root.iter(f"{SVG}path"), None) is not None


def test_numbers_are_those_of_the_figure(plot: Plot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, tmp_path / "a.csv")
    choose(plot, "Save numbers as CSV...")
    rows = list(csv.reader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()))
    assert rows == [["class", "saliency"], ["MEL, thin", "0.5"], ["NV", ""]]
    choose(plot, "Copy numbers")
    assert QGuiApplication.clipboard().text() == "class\tsaliency\nMEL, thin\t0.5\nNV\t\n"


def test_a_folder_that_cannot_be_written_is_told(
    plot: Plot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    answer(monkeypatch, tmp_path / "file" / "a.png")
    choose(plot, "Save as PNG...")
    (box,) = plot.window().findChildren(QMessageBox)
    assert str(tmp_path / "file" / "a.png") in box.informativeText()


def test_a_file_that_nobody_was_asked_about_is_not_replaced(
    plot: Plot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fig.png").write_text("mine", encoding="utf-8")
    answer(monkeypatch, tmp_path / "fig")
    choose(plot, "Save as PNG...")
    assert (tmp_path / "fig.png").read_text(encoding="utf-8") == "mine"
    (box,) = plot.window().findChildren(QMessageBox)
    assert "exists already" in box.informativeText()


def test_a_figure_without_numbers_offers_none(plot: Plot) -> None:
    menu = FigureMenu(plot, Numbers, has_numbers=False)
    assert [one.text() for one in menu.actions() if one.text() and not one.isEnabled()] == [
        "Copy numbers",
        "Save numbers as CSV...",
    ]


def test_a_clicked_point_tells_what_it_stands_for(qtbot: QtBot, plot: Plot) -> None:
    (scatter,) = [one for one in plot.getPlotItem().items if isinstance(one, pg.ScatterPlotItem)]
    with qtbot.waitSignal(plot.picked) as picked:
        scatter.sigClicked.emit(scatter, scatter.points()[1:], None)
    assert picked.args == ["NV"]
    with qtbot.assertNotEmitted(plot.picked):
        scatter.sigClicked.emit(scatter, scatter.points()[2:], None)


def test_no_name_becomes_a_formula_and_numbers_stay_numbers() -> None:
    numbers = Numbers(("class", "=mean"), (("=HYPERLINK(1)", -0.5), ("@NV", -2), ("-", 0.25)))
    assert numbers.text().splitlines() == ["class,'=mean", "'=HYPERLINK(1),-0.5", "'@NV,-2", "'-,0.25"]
