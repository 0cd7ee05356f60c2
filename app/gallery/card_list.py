"""The cards of one end of the gallery, beside and below each other, made as they come into sight."""

from bisect import bisect_left

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal, Slot
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
    """

    opened = Signal(int)
    sight_changed = Signal()

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
        self.clicked.connect(self._open)
        making.made.connect(self._show_made)
        theme.changed.connect(self._fit)

    def show_gallery(self, gallery: Gallery) -> None:
        """Show these pictures."""
        self.cards.show_gallery(gallery)
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
    def keyPressEvent(self, event: QKeyEvent) -> None:
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

    def _place(self, row: int) -> QRect:
        return self.visualRect(self.cards.index(row))

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.cards.card(index.row()).image_id)

    @Slot(int)
    def _show_made(self, image_id: int) -> None:
        del image_id  # a few cards are in sight, and drawn soon
        self.viewport().update()
