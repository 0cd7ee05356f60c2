"""Layouts whose items Python would know longer than Qt does."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.app.layout_items import LayoutItems


def test_an_item_that_python_knows_longer_than_qt_is_found(qtbot: QtBot, layout_items: LayoutItems) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column, row = QVBoxLayout(window), QHBoxLayout()
    moved = QLabel()
    moved.setObjectName("moved")
    row.addWidget(moved)
    column.addLayout(row)
    assert layout_items.stale() == []
    column.addWidget(moved)
    assert layout_items.stale() == ["moved of QWidget"]


def test_a_layout_that_is_filled_in_its_parent_loses_widgets_safely(
    qtbot: QtBot, layout_items: LayoutItems
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column, row = QVBoxLayout(window), QHBoxLayout()
    column.addLayout(row)
    moved = QLabel()
    row.addWidget(moved)
    column.addWidget(moved)
    assert layout_items.stale() == []
