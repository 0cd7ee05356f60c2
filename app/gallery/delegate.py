"""How a card is drawn: photograph, ink and map at one size on the photographs' grey, its figures below."""

import re

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from app.gallery.making import CardMaking
from app.gallery.model import CardModel
from app.gallery.pictures import CardPictures
from app.gallery.words import caption
from app.theme import PHOTO_GREY, Theme

__all__ = ["CardDelegate"]

_PANELS, _LINES = 3, 4
_PAD_PX, _GAP_PX, _ROUND_PX = 8, 4, 6
_BREAKS, _BREAK = re.compile(r"(?<=[/\\_])"), "\N{ZERO WIDTH SPACE}"
"""Paths are long words: a line may end within them."""

_HEIGHT_OF_WIDTH = 3 / 4
"""Of a panel, as most cameras have it; what is of another shape has grey beside it."""


class CardDelegate(QStyledItemDelegate):
    """Draws what has been made so far.

    Args:
        model: Of the cards.
        making: Who has their pictures.
        theme: For the colours.
        parent: The view.

    Attributes:
        width: Of a card; set by the view.
        selected_id: Of the picture that is selected on any page; None for none.
    """

    def __init__(self, model: CardModel, making: CardMaking, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._making, self._theme = model, making, theme
        self.width = 1
        self.selected_id: int | None = None

    def size(self, metrics: QFontMetrics) -> QSize:
        """Return the size of every card."""
        text = _LINES * metrics.lineSpacing()
        return QSize(self.width, 3 * _PAD_PX + self._panel().height() + text)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del index
        return self.size(option.fontMetrics)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        card = self._model.card(index.row())
        place = option.rect
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform, on=True
        )
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        self._draw_frame(painter, place, is_selected=card.image_id == self.selected_id, has_focus=has_focus)
        self._draw_pictures(painter, place, self._making.get(card))
        lines = (f"{index.row() + 1:,}   {card.name}", *caption(card, self._model.aggregator))
        self._draw_text(painter, place, option, lines)
        painter.restore()

    def _panel(self) -> QSize:
        room = self.width - 2 * _PAD_PX - (_PANELS - 1) * _GAP_PX
        width = max(1, room // _PANELS)
        return QSize(width, max(1, round(width * _HEIGHT_OF_WIDTH)))

    def _draw_frame(self, painter: QPainter, place: QRect, *, is_selected: bool, has_focus: bool) -> None:
        colours = self._theme.colours
        if has_focus or is_selected:
            painter.setBrush(QColor(colours.selection if is_selected else colours.hover))
            painter.setPen(QPen(QColor(colours.accent if is_selected else colours.muted), 2))
            painter.drawRoundedRect(place.adjusted(2, 2, -2, -2), _ROUND_PX, _ROUND_PX)

    def _draw_pictures(self, painter: QPainter, place: QRect, made: CardPictures | None) -> None:
        size = self._panel()
        panels = [
            QRect(
                place.left() + _PAD_PX + number * (size.width() + _GAP_PX),
                place.top() + _PAD_PX,
                size.width(),
                size.height(),
            )
            for number in range(_PANELS)
        ]
        for panel in panels:
            painter.fillRect(panel, QColor(PHOTO_GREY))
        made = made or CardPictures()
        shown = (made.photograph, made.ink, made.saliency)
        for panel, image in zip(panels, shown, strict=True):
            if image is not None:
                painter.drawImage(_fitted(image, panel), image)
        empty = [panel for panel, image in zip(panels, shown, strict=True) if image is None]
        if made.problem and empty:
            # What is missing of a picture is at its end.
            self._draw_words(painter, empty[0].united(empty[-1]), made.problem)

    def _draw_words(self, painter: QPainter, place: QRect, text: str) -> None:
        painter.fillRect(place, QColor(PHOTO_GREY))
        painter.setPen(Qt.GlobalColor.white)
        painter.setClipRect(place)
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(place.adjusted(_GAP_PX, 0, -_GAP_PX, 0), flags, _BREAKS.sub(_BREAK, text))
        painter.setClipping(False)

    def _draw_text(
        self, painter: QPainter, place: QRect, option: QStyleOptionViewItem, lines: tuple[str, ...]
    ) -> None:
        colours = self._theme.colours
        top = place.top() + 2 * _PAD_PX + self._panel().height()
        height = option.fontMetrics.lineSpacing()
        for number, text in enumerate(lines):
            font = QFont(option.font)
            font.setBold(number == 0)
            painter.setFont(font)
            painter.setPen(QColor(colours.muted if number > 1 else colours.text))
            line = QRect(place.left() + _PAD_PX, top + number * height, place.width() - 2 * _PAD_PX, height)
            mode = Qt.TextElideMode.ElideMiddle if number == 0 else Qt.TextElideMode.ElideRight
            shown = QFontMetrics(font).elidedText(text, mode, line.width())
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


def _fitted(image: QImage, panel: QRect) -> QRect:
    """Return where in a panel an image is, whole and in its middle."""
    size = image.size().scaled(panel.size(), Qt.AspectRatioMode.KeepAspectRatio)
    made = QRect(panel.topLeft(), size)
    made.moveCenter(panel.center())
    return made
