"""One end of the gallery as a list: most ink-salient first, or least; longer as one scrolls on."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from app.gallery.listing import Card, Gallery
from app.gallery.words import spoken
from gsal.records import Aggregator

__all__ = ["CardModel"]

_CHUNK = 24
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class CardModel(QAbstractListModel):
    """Has the rows that were scrolled to; the order of all is known.

    Args:
        is_descending: Whether the most ink-salient picture comes first.
    """

    def __init__(self, *, is_descending: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_descending = is_descending
        self._gallery: Gallery | None = None
        self._count = 0

    @property
    def aggregator(self) -> Aggregator:
        """The number that orders."""
        return self._gallery.request.aggregator if self._gallery is not None else Aggregator.MEAN

    def show_gallery(self, gallery: Gallery, *, stays: bool = False) -> None:
        """Show these pictures; the same ones in the same order stay where they are.

        Args:
            gallery: With the pictures.
            stays: Have as many rows as before, for what is looked at stays in sight.
        """
        before, self._gallery = self._gallery, gallery
        if before is not None and np.array_equal(before.image_ids, gallery.image_ids):
            self.dataChanged.emit(self.index(0), self.index(self._count - 1))
            return
        self.beginResetModel()
        self._count = min(max(_CHUNK, self._count if stays else 0), len(gallery))
        self.endResetModel()

    def card(self, row: int) -> Card:
        """Return the picture of a row."""
        assert self._gallery is not None  # noqa: S101 - without one there are no rows
        return self._gallery.card(row if self._is_descending else len(self._gallery) - 1 - row)

    def row_of(self, image_id: int) -> int | None:
        """Return the row of a picture, and have it in the list; None where it is not in the gallery."""
        if self._gallery is None:
            return None
        (found,) = np.nonzero(self._gallery.image_ids == image_id)
        if not len(found):
            return None
        place = int(found[0])
        row = place if self._is_descending else len(self._gallery) - 1 - place
        if row >= self._count:
            self._grow(row + 1)
        return row

    @override
    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    @override
    def canFetchMore(self, parent: _Index) -> bool:
        return not parent.isValid() and self._gallery is not None and self._count < len(self._gallery)

    @override
    def fetchMore(self, parent: _Index) -> None:
        del parent
        self._grow(self._count + _CHUNK)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.card(index.row()).name
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return spoken(self.card(index.row()), self.aggregator, index.row() + 1)
        return None

    def _grow(self, count: int) -> None:
        count = min(count, len(self._gallery) if self._gallery is not None else 0)
        if count > self._count:
            self.beginInsertRows(_NOWHERE, self._count, count - 1)
            self._count = count
            self.endInsertRows()
