"""The list of pictures beside the canvas, and going through it."""

from functools import partial

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QListView, QVBoxLayout, QWidget

from app.jobs.background import Background
from app.library.thumbnails import THUMBNAIL_PX, Thumbnails
from app.review.queue.model import QueueOrder, ReviewQueue, read_queue
from app.widgets.controls import label, named
from gsal.project import Project
from gsal.records import ImageRecord, Reader, Verdict

__all__ = ["QueuePanel"]

_AHEAD = 2


class QueuePanel(QWidget):
    """Which picture is open, and which are next.

    Signals:
        picked(image_id, ahead): Open this one; those of the tuple `ahead` will probably be next.
        filled(count): The list was read anew.
    """

    picked = Signal(int, object)
    filled = Signal(int)

    def __init__(self, project: Project) -> None:
        super().__init__()
        self.setObjectName("queuePanel")
        self.setFixedWidth(224)
        self._project = project
        self._reader: Reader | None = None
        self._current: int | None = None
        self._is_chosen = False
        self._thumbnails = Thumbnails(project, parent=self)
        self.reading = Background("queue", parent=self)
        self.reading.done.connect(self._fill)
        self.queue = ReviewQueue(self._thumbnails, parent=self)
        self.order = named(QComboBox(), "queueOrder", "Which pictures come first")
        self.order.addItem("Most disagreement first", QueueOrder.DISAGREEMENT)
        self.order.addItem("By name", QueueOrder.NAME)
        self.order.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.order.currentIndexChanged.connect(self.refresh)
        self.left = label(role="muted", name="queueLeft")
        self.list = named(QListView(), "reviewQueue", "Pictures to review")
        self.list.setToolTip("")
        self.list.setModel(self.queue)
        self.list.setIconSize(QSize(THUMBNAIL_PX, THUMBNAIL_PX))
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.clicked.connect(self._clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 12, 0)
        layout.setSpacing(8)
        layout.addWidget(self.order)
        layout.addWidget(self.left)
        layout.addWidget(self.list, 1)

    @Slot()
    def refresh(self) -> None:
        """Read the queue again."""
        reader_id = self._reader.id if self._reader else None
        self.reading.submit(("queue", reader_id), partial(read_queue, self._project, reader_id))

    def set_reader(self, reader: Reader) -> None:
        """Show this reader's verdicts."""
        self._reader = reader
        if not self._is_chosen:
            # What opened by itself, before anybody was known to read, may already be reviewed.
            self._current = None
        self.refresh()

    def step(self, rows: int) -> None:
        """Go so many pictures forward, or back."""
        row = self.queue.row_of(self._current) if self._current is not None else None
        if row is not None:
            self.go(row + rows)

    @Slot()
    def go_on(self) -> None:
        """Go to the next picture without a verdict."""
        row = self.queue.row_of(self._current) if self._current is not None else None
        unreviewed = self.queue.next_unreviewed(-1 if row is None else row)
        if unreviewed is not None:
            self.go(unreviewed)

    def go(self, row: int) -> None:
        """Go to a row, if there is one."""
        n = self.queue.rowCount()
        if 0 <= row < n:
            self._is_chosen = True
            self._current = self.queue.image_at(row).id
            self.list.setCurrentIndex(self.queue.index(row))
            ahead = tuple(self.queue.image_at(r).id for r in range(row + 1, min(n, row + 1 + _AHEAD)))
            self.picked.emit(self._current, ahead)

    def go_to(self, image_id: int) -> None:
        """Go to a picture."""
        self._is_chosen = True
        row = self.queue.row_of(image_id)
        if row is None:
            self._current = image_id
        else:
            self.go(row)

    def set_verdict(self, image_id: int, verdict: Verdict) -> None:
        """Show a new verdict."""
        self.queue.set_verdict(image_id, verdict)
        self._show_left()

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self.reading.shut_down()
        self._thumbnails.shut_down()

    @Slot(object, object)
    def _fill(self, key: object, read: tuple[list[ImageRecord], dict[int, Verdict]]) -> None:
        if key != ("queue", self._reader.id if self._reader else None):
            return
        images, verdicts = read
        self.queue.show_pictures(images, verdicts, QueueOrder(self.order.currentData()))
        self._show_left()
        self.filled.emit(len(images))
        if not images:
            return
        was_chosen = self._is_chosen
        row = self.queue.row_of(self._current) if self._current is not None else None
        if row is None:
            row = self.queue.next_unreviewed(-1) or 0
        self.go(row)
        self._is_chosen = was_chosen

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        self.go(index.row())

    def _show_left(self) -> None:
        left, total = self.queue.left, self.queue.rowCount()
        self.left.setText(f"{left:,} left of {total:,}" if left else "All are reviewed" if total else "")
