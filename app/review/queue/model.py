"""Which pictures wait for the reader, in which order, and which one is open."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QIcon, QPixmap
from typing_extensions import override

from app.library.thumbnails import THUMBNAIL_PX, Thumbnails
from app.review.panels.verdicts import VERDICT_TEXTS
from app.widgets.lazy_rows import LazyRows
from gsal.records import ImageRecord, QueueItem, Verdict

__all__ = ["ReviewQueue"]

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_Roles = Qt.ItemDataRole
_UNREAD = "..."
_NONE: Mapping[int, Verdict] = MappingProxyType({})


class ReviewQueue(QAbstractListModel):
    """A list of pictures with the reader's verdicts; what it has to read, it reads when it is looked at.

    Args:
        records: Where names of pictures come from.
        thumbnails: Where their small copies come from.
    """

    def __init__(
        self,
        records: LazyRows[int, ImageRecord],
        thumbnails: Thumbnails,
        *,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._records, self._thumbnails = records, thumbnails
        self._items: list[QueueItem] = []
        self._row_of: dict[int, int] = {}
        self._pending: list[int] = []
        # Keeps the names in their column until the picture is there.
        blank = QPixmap(THUMBNAIL_PX, THUMBNAIL_PX)
        blank.fill(Qt.GlobalColor.transparent)
        self._blank = QIcon(blank)
        records.ready.connect(self._show_rows)
        thumbnails.ready.connect(self._show_thumbnail)

    def show_items(
        self,
        items: Sequence[QueueItem],
        waiting: Mapping[int, Verdict] = _NONE,
        *,
        is_rearranged: bool = False,
    ) -> None:
        """Show these instead; a picture is among them once.

        Args:
            items: As they were read.
            waiting: Newer verdicts by picture, which were not on the disk then.
            is_rearranged: Whether they are much the same as before: their names then stay in sight.
        """
        self.beginResetModel()
        self._items = list(items)
        self._row_of = {item.image_id: row for row, item in enumerate(self._items)}
        for row, verdict in ((self._row_of.get(number), verdict) for number, verdict in waiting.items()):
            if row is not None:
                self._items[row] = replace(self._items[row], verdict=verdict)
        self._pending = [row for row, item in enumerate(self._items) if item.verdict is None]
        take = self._records.rearrange if is_rearranged else self._records.show
        take(list(self._row_of))
        self.endResetModel()

    @property
    def left(self) -> int:
        """Pictures without a verdict."""
        return len(self._pending)

    def row_of(self, image_id: int) -> int | None:
        """Return where a picture is in the list."""
        return self._row_of.get(image_id)

    def item_at(self, row: int) -> QueueItem:
        """Return what a row stands for."""
        return self._items[row]

    def next_pending(self, row: int) -> int | None:
        """Return the next row without a verdict, round the end; None when there is no other than this."""
        if not self._pending:
            return None
        place = bisect_right(self._pending, row)
        found = self._pending[place if place < len(self._pending) else 0]
        return None if found == row else found

    def ahead(self, row: int) -> tuple[QueueItem, ...]:
        """Return what will probably be opened next: deciding skips what is decided, looking does not."""
        rows = dict.fromkeys((self.next_pending(row), row + 1))
        return tuple(self._items[r] for r in rows if r is not None and r < len(self._items))

    def set_verdict(self, image_id: int, verdict: Verdict) -> None:
        """Show a new verdict."""
        row = self._row_of.get(image_id)
        if row is None:
            return
        self._items[row] = replace(self._items[row], verdict=verdict)
        place = bisect_left(self._pending, row)
        if place < len(self._pending) and self._pending[place] == row:
            del self._pending[place]
        self._show_rows(row, row)

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._items)

    @override
    def data(self, index: _Index, role: int = _Roles.DisplayRole) -> Any:
        if role not in {_Roles.DisplayRole, _Roles.DecorationRole, _Roles.ToolTipRole}:
            return None
        image = self._records.get(index.row())
        if role == _Roles.DecorationRole:
            return (self._thumbnails.get(image) if image else None) or self._blank
        if role == _Roles.DisplayRole:
            verdict = self._items[index.row()].verdict
            name = image.name if image else _UNREAD
            return f"{name}\n{VERDICT_TEXTS[verdict] if verdict else 'to review'}"
        return image.path if image else None

    @Slot(int, int)
    def _show_rows(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first), self.index(last))

    @Slot(int)
    def _show_thumbnail(self, image_id: int) -> None:
        row = self._row_of.get(image_id)
        if row is not None:
            self._show_rows(row, row)
