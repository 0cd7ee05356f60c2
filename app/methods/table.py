"""The comparison of saliency methods as a table: sorted by any column, every cell explains itself."""

from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from typing_extensions import override

if TYPE_CHECKING:
    from gsal.jobs.audits.method_words import Cell, Column

__all__ = ["MethodTable", "SortedMethods"]

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_Roles = Qt.ItemDataRole
_ORDER = _Roles.UserRole


class MethodTable(QAbstractTableModel):
    """One row per method."""

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._rows: list[tuple[Cell, ...]] = []

    def show_rows(self, columns: Sequence["Column"], rows: Sequence[tuple["Cell", ...]]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self._columns, self._rows = tuple(columns), list(rows)
        self.endResetModel()

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    @override
    def data(self, index: _Index, role: int = _Roles.DisplayRole) -> Any:
        cell = self._rows[index.row()][index.column()]
        if role == _Roles.DisplayRole:
            return cell.text
        if role in {_Roles.ToolTipRole, _Roles.AccessibleDescriptionRole}:
            return cell.tip or cell.text
        if role == _Roles.TextAlignmentRole:
            return _alignment(index.column())
        return cell.order if role == _ORDER else None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Roles.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == _Roles.DisplayRole:
            return self._columns[section].title
        if role == _Roles.ToolTipRole:
            return self._columns[section].tip
        return _alignment(section) if role == _Roles.TextAlignmentRole else None


class SortedMethods(QSortFilterProxyModel):
    """Sorts by figures; rows without one come last, upwards and downwards."""

    @override
    def lessThan(self, source_left: _Index, source_right: _Index) -> bool:
        left, right = (float(index.data(_ORDER)) for index in (source_left, source_right))
        is_ascending = self.sortOrder() is Qt.SortOrder.AscendingOrder
        if isnan(left) or isnan(right):
            return isnan(right) and not isnan(left) if is_ascending else isnan(left) and not isnan(right)
        return left < right


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
