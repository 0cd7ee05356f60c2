"""Which pictures wait for the reader, in which order, and which one is open."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from typing_extensions import override

from app.library.thumbnails import Thumbnails
from gsal.project import Project
from gsal.records import ImageRecord, Purpose, Verdict

__all__ = ["QueueOrder", "ReviewQueue", "read_queue"]

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_MARKS = {
    Verdict.ACCEPTED: "accepted",
    Verdict.REJECTED: "rejected",
    Verdict.FLAGGED: "flagged",
    Verdict.CANNOT_JUDGE: "cannot judge",
}


class QueueOrder(StrEnum):
    """What comes first."""

    DISAGREEMENT = "disagreement"
    NAME = "name"


class ReviewQueue(QAbstractListModel):
    """A list of pictures with the reader's verdicts."""

    def __init__(self, thumbnails: Thumbnails, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._images: list[ImageRecord] = []
        self._verdicts: dict[int, Verdict] = {}
        self._row_of: dict[int, int] = {}
        thumbnails.ready.connect(self._changed)

    def show_pictures(
        self, images: Sequence[ImageRecord], verdicts: Mapping[int, Verdict], order: QueueOrder
    ) -> None:
        """Show these pictures instead."""
        self.beginResetModel()
        self._images = sorted(images, key=_key(order))
        self._verdicts = dict(verdicts)
        self._row_of = {image.id: row for row, image in enumerate(self._images)}
        self.endResetModel()

    @property
    def left(self) -> int:
        """Pictures without a verdict."""
        return len(self._images) - len(self._verdicts.keys() & self._row_of.keys())

    def row_of(self, image_id: int) -> int | None:
        """Return where a picture is in the list."""
        return self._row_of.get(image_id)

    def image_at(self, row: int) -> ImageRecord:
        """Return the picture of a row."""
        return self._images[row]

    def next_unreviewed(self, row: int) -> int | None:
        """Return the next row without a verdict after this one, round the end; None when all have one."""
        n = len(self._images)
        rows = ((row + step) % n for step in range(1, n + 1))
        return next((r for r in rows if self._images[r].id not in self._verdicts), None)

    def set_verdict(self, image_id: int, verdict: Verdict) -> None:
        """Show a new verdict."""
        self._verdicts[image_id] = verdict
        self._changed(image_id)

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._images)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        image = self._images[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            verdict = self._verdicts.get(image.id)
            return f"{image.name}\n{_MARKS[verdict] if verdict else 'to review'}"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnails.get(image)
        if role == Qt.ItemDataRole.ToolTipRole:
            return image.path
        return None

    @Slot(int)
    def _changed(self, image_id: int) -> None:
        row = self._row_of.get(image_id)
        if row is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index)


def read_queue(project: Project, reader_id: int | None) -> tuple[list[ImageRecord], dict[int, Verdict]]:
    """Read the pictures and a reader's verdicts."""
    images = project.store.images.all()
    if reader_id is None:
        return images, {}
    return images, project.store.decisions.status_by_image(reader_id, Purpose.REVIEW)


def _key(order: QueueOrder) -> Callable[[ImageRecord], tuple[str | float, int]]:
    if order is QueueOrder.NAME:
        return lambda image: (image.path, image.id)
    return lambda image: (1.0 if image.disagreement is None else -image.disagreement, image.id)
