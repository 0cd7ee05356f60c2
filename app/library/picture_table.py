"""The library as Qt's tables see it: the order comes from SQL, rows are read as they come into sight."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from typing_extensions import override

from app.library.thumbnails import Thumbnails
from app.widgets.lazy_rows import LazyRows
from gsal.records import LibraryColumn, LibraryRow

__all__ = ["COLUMNS", "PictureTable"]

COLUMNS = {
    LibraryColumn.PICTURE: "Picture",
    LibraryColumn.LABEL: "Label",
    LibraryColumn.INK: "Ink (px)",
    LibraryColumn.PATIENT: "Patient",
    LibraryColumn.SIDE: "Side",
    LibraryColumn.STATUS: "Status",
}
_ORDER = tuple(COLUMNS)
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_Roles = Qt.ItemDataRole


class PictureTable(QAbstractTableModel):
    """Rows are pictures.

    Args:
        rows: Where their contents come from.
        thumbnails: Where their pictures come from.

    Signals:
        sorting(column, is_descending): The user wants another order; column None is the order of import.
    """

    sorting = Signal(object, bool)

    def __init__(
        self, rows: LazyRows[int, LibraryRow], thumbnails: Thumbnails, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._rows, self._thumbnails = rows, thumbnails
        self._row_of: dict[int, int] = {}
        rows.ready.connect(self._show_rows)
        thumbnails.ready.connect(self._show_thumbnail)

    def show_pictures(self, image_ids: Sequence[int]) -> None:
        """Show these pictures instead."""
        self.beginResetModel()
        self._rows.show(image_ids)
        self._row_of = {image_id: row for row, image_id in enumerate(image_ids)}
        self.endResetModel()

    def renew(self, image_id: int) -> None:
        """Show what is new about a picture."""
        row = self._row_of.get(image_id)
        if row is not None:
            self._rows.forget()
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    def image_id(self, row: int) -> int:
        """Return the number of the picture in a row."""
        return self._rows.key(row)

    def picture(self, row: int) -> LibraryRow | None:
        """Return a row; None while it is being read."""
        return self._rows.get(row)

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        chosen = _ORDER[column] if 0 <= column < len(_ORDER) else None
        self.sorting.emit(chosen, order == Qt.SortOrder.DescendingOrder)

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def data(self, index: _Index, role: int = _Roles.DisplayRole) -> Any:
        column = _ORDER[index.column()]
        if role == _Roles.TextAlignmentRole:
            is_ink = column is LibraryColumn.INK
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter if is_ink else None
        if role not in {_Roles.DisplayRole, _Roles.DecorationRole, _Roles.ToolTipRole}:
            return None
        row = self._rows.get(index.row())
        if row is None:
            return None
        if role == _Roles.DisplayRole:
            return _text(row, column)
        if role == _Roles.ToolTipRole:
            return f"{row.image.path}\n{row.image.width} x {row.image.height} pixels"
        return self._thumbnails.get(row.image) if column is LibraryColumn.PICTURE else None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Roles.DisplayRole) -> Any:
        column = _ORDER[section] if orientation is Qt.Orientation.Horizontal else None
        if column is not None and role == _Roles.DisplayRole:
            return COLUMNS[column]
        if role == _Roles.TextAlignmentRole:
            is_ink = column is LibraryColumn.INK
            side = Qt.AlignmentFlag.AlignRight if is_ink else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == _Roles.ToolTipRole and column is LibraryColumn.INK:
            return (
                "Ink pixels of the best mask at the reference size of 224 pixels;\n"
                "of pictures that you read blind, those of the rules' mask"
            )
        return None

    @Slot(int, int)
    def _show_rows(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

    @Slot(int)
    def _show_thumbnail(self, image_id: int) -> None:
        row = self._row_of.get(image_id)
        if row is not None:
            index = self.index(row, 0)
            self.dataChanged.emit(index, index, [_Roles.DecorationRole])


def _text(row: LibraryRow, column: LibraryColumn) -> str:
    image = row.image
    match column:
        case LibraryColumn.PICTURE:
            return image.path
        case LibraryColumn.LABEL:
            return image.label or "–"
        case LibraryColumn.INK:
            return "–" if row.ink_px is None else f"{row.ink_px:,.0f}"
        case LibraryColumn.PATIENT:
            return image.patient_id or "–"
        case LibraryColumn.SIDE:
            return str(image.side or "–")
        case LibraryColumn.STATUS:
            return row.status
