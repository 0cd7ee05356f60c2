"""A table of short texts, filled by whoever shows it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView
from typing_extensions import override

from app.widgets.controls import named

__all__ = ["TextTable", "table_view"]

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_Roles = Qt.ItemDataRole


class TextTable(QAbstractTableModel):
    """Rows of texts under given titles; columns after the first `left_columns` are numbers, right-aligned."""

    def __init__(
        self, titles: Sequence[str], *, left_columns: int = 1, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._titles = tuple(titles)
        self._left_columns = left_columns
        self._rows: list[tuple[str, ...]] = []

    def show_rows(self, rows: Sequence[Sequence[str]], *, titles: Sequence[str] = ()) -> None:
        """Show these rows instead, possibly under other titles."""
        self.beginResetModel()
        self._titles = tuple(titles) or self._titles
        self._rows = [tuple(row) for row in rows]
        self.endResetModel()

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    @override
    def data(self, index: _Index, role: int = _Roles.DisplayRole) -> Any:
        if role == _Roles.DisplayRole or role == _Roles.ToolTipRole:
            return self._rows[index.row()][index.column()]
        if role == _Roles.TextAlignmentRole:
            return self._alignment(index.column())
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Roles.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == _Roles.DisplayRole:
            return self._titles[section]
        return self._alignment(section) if role == _Roles.TextAlignmentRole else None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignLeft if column < self._left_columns else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignVCenter


def table_view(model: QAbstractItemModel, *, name: str, tip: str) -> QTableView:
    """Return a quiet table without grid or row numbers."""
    view = named(QTableView(), name, tip)
    view.setModel(model)
    view.setShowGrid(False)
    view.setAlternatingRowColors(True)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(32)
    view.horizontalHeader().setHighlightSections(False)
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    view.horizontalHeader().setStretchLastSection(True)
    view.setWordWrap(False)
    return view
