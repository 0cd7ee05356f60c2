"""All keys of the review on one page."""

from itertools import groupby

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.review.keys.bindings import BINDINGS, MOUSE, Binding
from app.review.keys.keymap import Keymap, shown
from app.widgets.controls import label, primary_button, push_button

__all__ = ["HelpDialog"]

_COLUMNS = (3, 2)
_SPACE = 40
_Row = tuple[str, tuple[str, ...]]


class HelpDialog(QDialog):
    """Shows the keys; they are changed elsewhere.

    Signals:
        change_asked(): The reader wants other keys.
    """

    change_asked = Signal()

    def __init__(self, keymap: Keymap, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keysDialog")
        self.setWindowTitle("Keys")
        change = push_button("changeKeys", "Change the keys...", "Choose other keys", key=keymap.tip("keys"))
        change.clicked.connect(self._ask_change)
        close = primary_button("closeKeys", "Close", "Close this page", key="Esc")
        close.clicked.connect(self.accept)
        close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(change)
        buttons.addStretch()
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        room = self.screen().availableGeometry().size() * 0.94
        sheet = _fitting_sheet(keymap, width=room.width() - 2 * _SPACE)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(sheet)
        layout.addWidget(area, 1)
        layout.addLayout(buttons)
        self.resize((sheet.sizeHint() + QSize(64, 96)).boundedTo(room))

    def _ask_change(self) -> None:
        self.accept()
        self.change_asked.emit()


def _sheet(keymap: Keymap, *, n_columns: int) -> QWidget:
    sheet = QWidget()
    columns = QHBoxLayout(sheet)
    columns.setContentsMargins(0, 0, 12, 0)
    columns.setSpacing(_SPACE)
    parts = [
        (str(group), [_row(binding, keymap) for binding in bindings])
        for group, bindings in groupby(BINDINGS, key=lambda binding: binding.group)
    ]
    parts.append(("Mouse and pen", [(text, (does,)) for does, text in MOUSE]))
    for column in _balanced(parts, n_columns):
        side = QVBoxLayout()
        side.setSpacing(16)
        for title, rows in column:
            side.addLayout(_part(title, rows))
        side.addStretch()
        columns.addLayout(side)
    return sheet


def _balanced(parts: list[tuple[str, list[_Row]]], n_columns: int) -> list[list[tuple[str, list[_Row]]]]:
    columns: list[list[tuple[str, list[_Row]]]] = [[] for _ in range(n_columns)]
    share = sum(len(rows) + 2 for _, rows in parts) / n_columns
    reached = 0.0
    for title, rows in parts:
        size = len(rows) + 2
        columns[min(n_columns - 1, int((reached + size / 2) / share))].append((title, rows))
        reached += size
    return columns


def _part(title: str, rows: list[_Row]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.addWidget(label(title, role="section"), 0, 0, 1, 2)
    for number, (text, keys) in enumerate(rows, start=1):
        grid.addWidget(label(text), number, 0)
        caps = QHBoxLayout()
        caps.setSpacing(4)
        caps.addStretch()
        for key in keys:
            caps.addWidget(label(key, role="key"))
        grid.addLayout(caps, number, 1)
    grid.setColumnStretch(0, 1)
    return grid


def _row(binding: Binding, keymap: Keymap) -> _Row:
    return binding.text, tuple(shown(key) for key in keymap.of(binding.action))


def _fitting_sheet(keymap: Keymap, *, width: int) -> QWidget:
    for n_columns in _COLUMNS:
        sheet = _sheet(keymap, n_columns=n_columns)
        sheet.ensurePolished()
        if sheet.sizeHint().width() <= width:
            return sheet
    return _sheet(keymap, n_columns=1)
