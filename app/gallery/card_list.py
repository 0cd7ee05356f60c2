"""The cards of one end of the gallery, beside and below each other, made as they come into sight."""

from bisect import bisect_left

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView
from typing_extensions import override

from app.gallery.delegate import CardDelegate
from app.gallery.listing import Card, Gallery
from app.gallery.making import CardMaking
from app.gallery.model import CardModel
from app.theme import Theme
from app.widgets.coalescer import Coalescer
from app.widgets.controls import named

__all__ = ["CardList"]

_LEAST_EM = 30
"""Width of a card; what is over is shared out."""
_USES = {QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}
_REST_MS = 2000
"""After the last movement of the pointer or of the list, before cards may move by themselves."""


class CardList(QListView):
    """A click, or Enter, opens a picture; arrows go from card to card.

    Args:
        name: Object name.
        tip: What is shown, for people.
        is_descending: Whether the most ink-salient picture comes first.
        making: Who makes the pictures.
        theme: For colours and sizes.

    Signals:
        opened(image_id): A picture is to be looked at.
        sight_changed(): Other cards are in sight, or may be.
        rested(): Nobody has used the list for a moment.
    """

    opened = Signal(int)
    sight_changed = Signal()
    rested = Signal()

    def __init__(self, name: str, tip: str, *, is_descending: bool, making: CardMaking, theme: Theme) -> None:
        super().__init__()
        named(self, name, tip)
        self.cards = CardModel(is_descending=is_descending, parent=self)
        self.delegate = CardDelegate(self.cards, making, theme, self)
        self.setModel(self.cards)
        self.setItemDelegate(self.delegate)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A bar that comes and goes would change how many cards stand beside each other.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._sight = Coalescer(self)
        self._sight.due.connect(self.sight_changed)
        self.verticalScrollBar().valueChanged.connect(self._sight.request)
        self.verticalScrollBar().rangeChanged.connect(self._sight.request)
        self.cards.modelReset.connect(self._sight.request)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.rested)
        self.setMouseTracking(True)
        self.verticalScrollBar().actionTriggered.connect(self._begin_use)
        self.clicked.connect(self._open)
        making.made.connect(self._show_made)
        theme.changed.connect(self._fit)

    @property
    def is_in_use(self) -> bool:
        """Whether somebody points, scrolls or types here at the moment."""
        return self._rest.isActive()

    def show_gallery(self, gallery: Gallery, *, stays: bool) -> None:
        """Show these pictures.

        Args:
            gallery: With the pictures.
            stays: Keep the current card, and where one has scrolled to, though others come before it.
        """
        top, current = self._top() if stays else None, self._id(self.currentIndex()) if stays else None
        self.cards.show_gallery(gallery, stays=stays)
        if current is not None and (row := self.cards.row_of(current)) is not None:
            index = self.cards.index(row)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        if top is not None and (row := self.cards.row_of(top[0])) is not None:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self._place(row).top() - top[1])
        self._sight.request()

    def show_selected(self, image_id: int | None) -> None:
        """Outline a picture, and scroll to it where it is listed."""
        self.delegate.selected_id = image_id
        row = None if image_id is None else self.cards.row_of(image_id)
        if row is not None:
            self.setCurrentIndex(self.cards.index(row))
            self.scrollTo(self.cards.index(row))
        self.viewport().update()

    def in_sight(self) -> list[Card]:
        """Return the cards that can be seen, from the top."""
        rows = range(self.cards.rowCount())
        first = bisect_left(rows, 0, key=lambda row: self._place(row).bottom())
        last = bisect_left(rows, self.viewport().height(), key=lambda row: self._place(row).top())
        return [self.cards.card(row) for row in rows[first:last]]

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in _USES:
            self._begin_use()
        return super().viewportEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._begin_use()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    @Slot()
    def _fit(self) -> None:
        """Share the width out among as many cards as there is room for."""
        top = self.indexAt(QPoint(1, 1))
        room = self.viewport().width()
        columns = max(1, room // (_LEAST_EM * self.fontInfo().pixelSize()))
        # Qt begins another line where cards would end at the very edge.
        self.delegate.width = (room - 2) // columns
        step = self.delegate.size(self.fontMetrics()).height()
        self.verticalScrollBar().setSingleStep(max(1, step // 4))
        self.scheduleDelayedItemsLayout()
        if top.isValid() and self.verticalScrollBar().value():
            # What is looked at stays in sight, however many cards a line has now.
            self.scrollTo(top, QListView.ScrollHint.PositionAtTop)
        self._sight.request()

    def _top(self) -> tuple[int, int] | None:
        """Return the picture at the top and its height in sight; None while the list is at its beginning."""
        index = self.indexAt(QPoint(1, 1))
        image_id = self._id(index)
        if image_id is None or not self.verticalScrollBar().value():
            return None
        return image_id, self._place(index.row()).top()

    def _id(self, index: QModelIndex) -> int | None:
        return self.cards.card(index.row()).image_id if index.isValid() else None

    @Slot()
    def _begin_use(self) -> None:
        self._rest.start()

    def _place(self, row: int) -> QRect:
        return self.visualRect(self.cards.index(row))

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.cards.card(index.row()).image_id)

    @Slot(int)
    def _show_made(self, image_id: int) -> None:
        del image_id  # a few cards are in sight, and drawn soon
        self.viewport().update()
