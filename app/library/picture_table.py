"""The library as Qt's tables see it, and what of it is shown."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Slot,
)
from typing_extensions import override

from app.library.listing import Listed
from app.library.thumbnails import Thumbnails

__all__ = ["COLUMNS", "PictureFilter", "PictureTable"]

COLUMNS = ("Picture", "Label", "Ink", "Patient", "Side", "Status")
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_Roles = Qt.ItemDataRole
_INK = 2


class PictureTable(QAbstractTableModel):
    """Rows are pictures; UserRole gives what to sort by."""

    def __init__(self, thumbnails: Thumbnails, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._rows: list[Listed] = []
        self._row_of: dict[int, int] = {}
        thumbnails.ready.connect(self._show_thumbnail)

    def show_pictures(self, rows: Sequence[Listed]) -> None:
        """Show these pictures instead."""
        self.beginResetModel()
        self._rows = list(rows)
        self._row_of = {row.image.id: number for number, row in enumerate(self._rows)}
        self.endResetModel()

    def picture(self, row: int) -> Listed:
        """Return one row."""
        return self._rows[row]

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def data(self, index: _Index, role: int = _Roles.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == _Roles.DisplayRole:
            return _texts(row)[index.column()]
        if role == _Roles.DecorationRole and index.column() == 0:
            return self._thumbnails.get(row.image)
        if role == _Roles.ToolTipRole:
            return f"{row.image.path}\n{row.image.width} x {row.image.height} pixels"
        if role == _Roles.UserRole:
            is_ink = index.column() == _INK
            return (-1.0 if row.ink_px is None else row.ink_px) if is_ink else _texts(row)[index.column()]
        if role == _Roles.TextAlignmentRole and index.column() == _INK:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Roles.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == _Roles.DisplayRole:
            return COLUMNS[section]
        if role == _Roles.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == _INK else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == _Roles.ToolTipRole and section == _INK:
            return "Ink pixels of the best mask at the reference size of 224 pixels"
        return None

    @Slot(int)
    def _show_thumbnail(self, image_id: int) -> None:
        row = self._row_of.get(image_id)
        if row is not None:
            index = self.index(row, 0)
            self.dataChanged.emit(index, index, [_Roles.DecorationRole])


class PictureFilter(QSortFilterProxyModel):
    """Shows the pictures with a text in name, patient or status, of one label, with or without ink."""

    def __init__(self, table: PictureTable) -> None:
        super().__init__(table)
        self._table = table
        self._text = ""
        self._label: str | None = None
        self._is_inked: bool | None = None
        self.setSourceModel(table)
        self.setSortRole(_Roles.UserRole)

    def show_only(self, *, text: str, label: str | None, is_inked: bool | None) -> None:
        """Choose what is shown; None stands for any."""
        self._text, self._label, self._is_inked = text.casefold(), label, is_inked
        self.invalidate()

    def picture(self, index: _Index) -> Listed:
        """Return the picture of a row that is shown."""
        return self._table.picture(self.mapToSource(index).row())

    @override
    def filterAcceptsRow(self, row: int, parent: _Index) -> bool:
        del parent
        listed = self._table.picture(row)
        if self._label is not None and (listed.image.label or "") != self._label:
            return False
        if self._is_inked is not None and listed.is_inked is not self._is_inked:
            return False
        return not self._text or any(self._text in text.casefold() for text in _texts(listed))


def _texts(row: Listed) -> tuple[str, ...]:
    image = row.image
    ink = "–" if row.ink_px is None else f"{row.ink_px:,.0f}"
    return (
        image.path,
        image.label or "–",
        ink,
        image.patient_id or "–",
        str(image.side or "–"),
        row.status,
    )
