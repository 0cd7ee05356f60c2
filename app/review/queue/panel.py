"""The list of pictures beside the canvas, and going through it."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.library.thumbnails import THUMBNAIL_PX, Thumbnails
from app.review.queue.filters import QueueFilters
from app.review.queue.kinds import BLIND_KINDS, KINDS, PURPOSES, progress_text
from app.review.queue.list_view import list_view
from app.review.queue.listing import QueueListing, read_queue, read_records
from app.review.queue.model import ReviewQueue
from app.widgets.controls import IconButton, label, named, push_button
from app.widgets.latest import Latest
from app.widgets.lazy_rows import LazyRows
from gsal.project import Project
from gsal.records import ImageRecord, Purpose, QueueItem, QueueKind, QueueRequest, Reader, Verdict

__all__ = ["QueuePanel"]

_WIDTH_PX = 224
_TEXT_PX = 13
_REREAD_AFTER = 5
"""Decisions; a repeat that is due stands within fewer, so that it is reached before it moves on."""

_FOUND_IN = (QueueKind.REVIEW, QueueKind.VALIDATION, QueueKind.SECOND_READING)
"""A picture is to be reviewed, or one of the validation set, or waits for its second reader."""


class QueuePanel(QWidget):
    """Which picture is open, and which are next.

    A queue that is read blind is read anew after every few decisions, unseen, for pictures to come again.

    Attributes:
        waiting: Returns the verdicts for a purpose that are not on the disk yet, by picture.

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
        self._is_quiet = True
        self._n_decided = self._n_ever = 0
        self._newer: dict[int, Verdict] = {}
        self.waiting: Callable[[Purpose], Mapping[int, Verdict]] = lambda _: {}
        self._thumbnails = Thumbnails(project, parent=self)
        self._records: LazyRows[int, ImageRecord] = LazyRows(partial(read_records, project), parent=self)
        self.reading = Latest("queue", parent=self)
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
        self._is_quiet = False
        self._read()

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
        if 0 <= row < self.queue.rowCount():
            self._is_chosen = True
            item = self.queue.item_at(row)
            self._current = item.image_id
            self.list.setCurrentIndex(self.queue.index(row))
            self.picked.emit(item, self.queue.ahead(row))

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
        self._n_decided += 1
        if self.kind in BLIND_KINDS and (self._n_decided >= _REREAD_AFTER or not self.queue.left):
            self._read()
        self._newer[image_id] = verdict

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
        for text, kind in KINDS:
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

    def _read(self) -> None:
        request = self._request()
        self._n_decided = 0
        self._newer = self._waiting()
        self.reading.submit(request, partial(read_queue, self._project, request))

    def _waiting(self) -> dict[int, Verdict]:
        return dict(one for purpose in PURPOSES[self.kind] for one in self.waiting(purpose).items())

    @Slot()
    def _change_kind(self) -> None:
        self._current, self._is_chosen = None, False
        self.set.setVisible(self.kind is QueueKind.VALIDATION)
        self.filters.offer_uncertainty(self.kind)
        self.refresh()

    @Slot(object, object)
    def _fill(self, request: QueueRequest, read: QueueListing) -> None:
        del request
        is_quiet, self._is_quiet = self._is_quiet, True
        if is_quiet:
            self._slip_in(read)
            return
        self._show(read)
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

    def _slip_in(self, read: QueueListing) -> None:
        """Show a list that was read anew; what is open and where the list stands are left alone."""
        before = self._current_row()
        rows = {item.image_id: row for row, item in enumerate(read.items)}
        row = rows.get(self._current or 0)
        if before is None or row is None:
            return
        if read.items[row].purpose is Purpose.REPEAT is not self.queue.item_at(before).purpose:
            # It would turn to undecided under the reader's eyes; the next decision reads anew.
            self._n_decided = _REREAD_AFTER
            return
        bar = self.list.verticalScrollBar()
        place = bar.value() + (row - before) * self.list.rowHeight(before)
        self._show(read, is_rearranged=True)
        self.list.doItemsLayout()
        self.list.setCurrentIndex(self.queue.index(row))
        bar.setValue(place)

    def _show(self, read: QueueListing, *, is_rearranged: bool = False) -> None:
        newer = self._newer | self._waiting()
        self.queue.show_items(read.items, newer, is_rearranged=is_rearranged)
        self._n_ever = read.n_read + read.n_pending
        self.filters.offer_uncertainty(self.kind, is_known=read.has_uncertainties)
        self._show_left()
        self.filled.emit(read.n_pictures)

    def _find(self, image_id: int) -> bool:
        """Go to the picture that is sought, or to the queue that may have it; return whether."""
        row = self.queue.row_of(image_id)
        if row is None and self.kind in _FOUND_IN[:-1]:
            self.show_kind(_FOUND_IN[_FOUND_IN.index(self.kind) + 1])
            return True
        self._sought = None
        if row is not None:
            self.go(row)
        return row is not None

    @Slot(object, object)
    def _give_up(self, key: object, error: BaseException) -> None:
        # What is wrong is told by whoever listens to `reading`.
        del key, error
        self._is_quiet = True

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        self.go(index.row())

    def _show_left(self) -> None:
        total, left = self.queue.rowCount(), self.queue.left
        n_read, is_narrowed = self._n_ever - left, self.filters.is_narrowing
        text = progress_text(self.kind, total=total, left=left, n_read=n_read, is_narrowed=is_narrowed)
        self.left.setText(text)
