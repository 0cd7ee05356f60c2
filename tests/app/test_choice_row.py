"""Choosers go on another line before their texts are cut, and come back when there is room."""

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.audit.choosers import AuditChoosers
from app.gallery.choosers import GalleryChoosers
from app.theme import Theme
from app.widgets.choice_row import ChoiceRow
from gsal.records import MaskSet


def places(row: ChoiceRow) -> list[tuple[int, int]]:
    """Return the line and the column of each chooser, in the order of the keys."""
    boxes = sorted(row.findChildren(QComboBox), key=lambda box: (box.y(), box.x()))
    lines = sorted({box.y() for box in boxes})
    return [
        (lines.index(box.y()), sum(one.y() == box.y() and one.x() < box.x() for one in boxes))
        for box in boxes
    ]


@pytest.mark.parametrize(
    ("scale", "width", "columns"),
    [(1.0, 640, 4), (1.0, 400, 2), (1.0, 100, 1), (1.6, 640, 2), (1.6, 1280, 4)],
)
def test_four_choosers_are_four_or_two_and_two(
    qtbot: QtBot, theme: Theme, scale: float, width: int, columns: int
) -> None:
    theme.scale_font(scale)
    row = AuditChoosers(7, MaskSet.BEST)
    qtbot.addWidget(row)
    row.resize(width, 120)
    with qtbot.waitExposed(row):
        row.show()
    assert row.columns == columns
    assert places(row) == [divmod(number, columns) for number in range(4)]
    theme.scale_font(1.0)


def test_it_follows_its_width_and_the_size_of_the_text(qtbot: QtBot, theme: Theme) -> None:
    row = GalleryChoosers(7, MaskSet.BEST)
    qtbot.addWidget(row)
    row.resize(900, 120)
    with qtbot.waitExposed(row):
        row.show()
    assert row.columns == 6
    theme.scale_font(1.6)
    qtbot.waitUntil(lambda: row.columns == 3)
    theme.scale_font(1.0)
    qtbot.waitUntil(lambda: row.columns == 6)
    row.resize(420, 120)
    assert row.columns == 3
