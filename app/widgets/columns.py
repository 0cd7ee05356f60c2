"""Widgets one below the other."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

__all__ = ["column", "vertical_splitter"]


def column(*widgets: QWidget) -> QWidget:
    """Return a column, the last widget of which takes what height is left."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 8)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    layout.setStretch(len(widgets) - 1, 1)
    return made


def vertical_splitter(*widgets: QWidget) -> QSplitter:
    """Return a splitter that shares the height out evenly at first."""
    made = QSplitter(Qt.Orientation.Vertical)
    made.setChildrenCollapsible(False)
    for number, widget in enumerate(widgets):
        made.addWidget(widget)
        made.setStretchFactor(number, 1)
    return made
