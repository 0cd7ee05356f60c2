"""The list of pictures beside the canvas, and going through it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.jobs.background import Background
from app.library.thumbnails import THUMBNAIL_PX, Thumbnails
from app.review.queue.filters import QueueFilters
from app.review.queue.list_view import list_view
from app.review.queue.model import ReviewQueue
from app.widgets.controls import IconButton, label, named, push_button
from app.widgets.lazy_rows import LazyRows
from gsal.project import Project
from gsal.records import ImageRecord, QueueItem, QueueKind, QueueRequest, Reader, Verdict

__all__ = ["QueuePanel"]

_KINDS = (
    ("To review", QueueKind.REVIEW),
    ("Validation set", QueueKind.VALIDATION),
    ("Flagged", QueueKind.FLAGGED),
    ("Second reading", QueueKind.SECOND_READING),
    ("Adjudication", QueueKind.ADJUDICATION),
)
_EMPTY = {
    QueueKind.REVIEW: "Nothing to review",
    QueueKind.VALIDATION: "No validation set yet",
    QueueKind.FLAGGED: "Nothing is flagged",
    QueueKind.SECOND_READING: "Nothing to read a second time",
    QueueKind.ADJUDICATION: "Nothing two readers have read",
}
_WIDTH_PX = 224
_TEXT_PX = 13


@dataclass(frozen=True, slots=True)
class _Read:
    """A queue as it was read, and how many pictures the whole project has."""

    request: QueueRequest
    items: Sequence[QueueItem]
    n_pictures: int


class QueuePanel(QWidget):
    """Which picture is open, and which are next.

    Signals:
        picked(item, ahead): Open this `QueueItem`; those of the tuple `ahead` will probably be next.
        filled(count): The list was read anew; so many pictures has the whole project.
        emptied(text): Nothing is in the list; the text says so.
        set_asked(): The reader wants to see how the validation set stands.
    """

    picked = Signal(object, object)
    filled = Signal(int)
    emptied = Signal(str)
    set_asked = Signal()

    def __init__(self, project: Project) -> None:
        super().__init__()
        self.setObjectName("queuePanel")
        self._project = project
        self._reader: Reader | None = None
        self._current: int | None = None
        self._is_chosen = False
        self._sought: int | None = None
        self._in_flight: QueueRequest | None = None
        self._is_stale = False
        self._thumbnails = Thumbnails(project, parent=self)
        self._records: LazyRows[int, ImageRecord] = LazyRows(partial(_read_records, project), parent=self)
        self.reading = Background("queue", parent=self)
        self.reading.done.connect(self._fill)
        self.reading.failed.connect(self._give_up)
        self.queue = ReviewQueue(self._records, self._thumbnails, parent=self)
        self.filters = QueueFilters(project.classes)
        self._make_controls()
        self._lay_out()
        self._fit_width()

    @property
    def kind(self) -> QueueKind:
        """Which queue is listed."""
        return QueueKind(self.kinds.currentData())

    @property
    def current(self) -> QueueItem | None:
        """What is open, if it is in the list."""
        row = self._current_row()
        return None if row is None else self.queue.item_at(row)

    @Slot()
    def refresh(self) -> None:
        """Read the queue again."""
        self._is_stale = True
        self._read_next()

    def set_reader(self, reader: Reader) -> None:
        """Show this reader's verdicts."""
        self._reader = reader
        if not self._is_chosen:
            # What opened by itself, before anybody was known to read, may already be reviewed.
            self._current = None
        self.refresh()

    def show_kind(self, kind: QueueKind) -> None:
        """List another queue, and go to its first picture to decide."""
        self.kinds.setCurrentIndex(self.kinds.findData(kind))

    def step(self, rows: int) -> None:
        """Go so many pictures forward, or back."""
        row = self._current_row()
        if row is not None:
            self.go(row + rows)

    @Slot()
    def go_on(self) -> None:
        """Go to the next picture without a verdict."""
        row = self._current_row()
        pending = self.queue.next_pending(-1 if row is None else row)
        if pending is not None:
            self.go(pending)

    def go(self, row: int) -> None:
        """Go to a row, if there is one."""
        n = self.queue.rowCount()
        if 0 <= row < n:
            self._is_chosen = True
            item = self.queue.item_at(row)
            self._current = item.image_id
            self.list.setCurrentIndex(self.queue.index(row))
            # Deciding goes to the next pending picture, looking through goes to the next one.
            ahead = dict.fromkeys(
                r for r in (self.queue.next_pending(row), row + 1) if r is not None and r < n
            )
            self.picked.emit(item, tuple(self.queue.item_at(r) for r in ahead if r != row))

    def go_to(self, image_id: int) -> None:
        """Go to a picture, in whichever queue it is; as soon as the list has it."""
        row = self.queue.row_of(image_id)
        if row is not None:
            self.go(row)
            return
        self._is_chosen = True
        self._sought = image_id
        self.filters.reset()
        if self.kind is QueueKind.REVIEW:
            self.refresh()
        else:
            self.show_kind(QueueKind.REVIEW)

    def set_verdict(self, image_id: int, verdict: Verdict) -> None:
        """Show a new verdict."""
        self.queue.set_verdict(image_id, verdict)
        self._show_left()

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self.reading.shut_down()
        self._records.shut_down()
        self._thumbnails.shut_down()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit_width()

    def _make_controls(self) -> None:
        self.kinds = named(QComboBox(), "queueKind", "Which pictures to read")
        for text, kind in _KINDS:
            self.kinds.addItem(text, kind)
        self.kinds.currentIndexChanged.connect(self._change_kind)
        self.narrow = named(
            IconButton("filter-variant", role="quiet"), "showFilters", "Order and filter the list"
        )
        self.narrow.setCheckable(True)
        self.narrow.toggled.connect(self.filters.setVisible)
        for control in (self.kinds, self.narrow):
            # A click leaves the keys to the picture.
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.filters.hide()
        self.filters.changed.connect(self.refresh)
        self.set = push_button("validationSet", "Validation set...", "Choose it, see how it stands, lock it")
        self.set.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set.clicked.connect(self.set_asked)
        self.set.hide()
        self.left = label(role="muted", name="queueLeft", wrap=True)
        self.list = list_view(self.queue)
        self.list.clicked.connect(self._clicked)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.kinds, 1)
        top.addWidget(self.narrow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 12, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.filters)
        layout.addWidget(self.set)
        layout.addWidget(self.left)
        layout.addWidget(self.list, 1)

    def _fit_width(self) -> None:
        # Grows with the text, but less: the picture needs its room too.
        self.setFixedWidth(round(_WIDTH_PX * (self.fontInfo().pixelSize() / _TEXT_PX) ** 0.8))
        two_lines = 2 * self.fontMetrics().lineSpacing()
        self.list.verticalHeader().setDefaultSectionSize(max(THUMBNAIL_PX, two_lines) + 8)

    def _current_row(self) -> int | None:
        return self.queue.row_of(self._current) if self._current is not None else None

    def _request(self) -> QueueRequest:
        return self.filters.request(self.kind, self._reader.id if self._reader else None)

    def _read_next(self) -> None:
        if self._is_stale and self._in_flight is None:
            self._is_stale = False
            self._in_flight = self._request()
            self.reading.submit("queue", partial(_read_queue, self._project, self._in_flight))

    @Slot()
    def _change_kind(self) -> None:
        self._current = None
        self._is_chosen = False
        self.set.setVisible(self.kind is QueueKind.VALIDATION)
        self.refresh()

    @Slot(object, object)
    def _fill(self, key: object, read: _Read) -> None:
        del key
        asked, self._in_flight = self._in_flight, None
        if self._is_stale and asked != self._request():
            self._read_next()
            return
        self._read_next()
        self.queue.show_items(read.items)
        self._show_left()
        self.filled.emit(read.n_pictures)
        if self._sought is not None and self._find(self._sought):
            return
        if not read.items:
            self._current = None
            self.emptied.emit(self.left.text())
            return
        was_chosen = self._is_chosen
        row = self._current_row()
        if row is None:
            row = self.queue.next_pending(-1) or 0
        self.go(row)
        self._is_chosen = was_chosen

    def _find(self, image_id: int) -> bool:
        """Go to the picture that is sought, or to the queue that may have it; return whether."""
        row = self.queue.row_of(image_id)
        if row is None and self.kind is QueueKind.REVIEW:
            # A picture is to be reviewed, or it is one of the validation set.
            self.show_kind(QueueKind.VALIDATION)
            return True
        self._sought = None
        if row is not None:
            self.go(row)
        return row is not None

    @Slot(object, object)
    def _give_up(self, key: object, error: BaseException) -> None:
        # What is wrong is told by whoever listens to `reading`.
        del key, error
        self._in_flight = None

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        self.go(index.row())

    def _show_left(self) -> None:
        left, total = self.queue.left, self.queue.rowCount()
        if not total:
            text = "Nothing fits the filter" if self.filters.is_narrowing else _EMPTY[self.kind]
        else:
            text = f"{left:,} left of {total:,}" if left else f"All {total:,} are decided"
        self.left.setText(text)


def _read_queue(project: Project, request: QueueRequest) -> _Read:
    shares = project.store.review_settings()
    shared = replace(request, random_share=shares.random_share, repeat_share=shares.repeat_share)
    return _Read(request, project.store.queue.items(shared), project.store.images.count())


def _read_records(project: Project, image_ids: Sequence[int]) -> dict[int, ImageRecord]:
    return {image.id: image for image in project.store.images.get_many(image_ids)}
