"""All masks of a picture side by side; a click or a number takes one."""

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.jobs.background import Background
from app.review.canvas.looks import Looks
from app.review.canvas.pyramid import Pyramid
from app.review.compare.choice import NOW, Choice, painting_of
from app.review.compare.pane import ChoicePane
from app.review.compare.together import Together
from app.widgets.controls import IconButton, label, named
from gsal.editing.painting import Painting

__all__ = ["CompareView"]

_HINT = "Click one or press its number to begin from it. Drag and wheel move all of them."
_TITLE_PX = 40
_Key = Qt.Key
_ACTIONS = {f"proposal-{key}": key for key in range(1, 5)}
_ACTIONS |= dict.fromkeys(("compare", "cancel-stroke", "accept"), NOW)
_NUMBERS = {_Key.Key_1: 1, _Key.Key_2: 2, _Key.Key_3: 3, _Key.Key_4: 4}
_CLOSING = {_Key.Key_C, _Key.Key_Escape, _Key.Key_Return, _Key.Key_Enter}


class CompareView(QWidget):
    """Shows up to five masks in one view; none of them is changed here.

    Its keys go before those of the page around it: numbers take, C, Esc and Enter close, H hides.

    Signals:
        taken(key): Begin from proposal 1-4; the view has nothing more to do.
        closed(): The mask stays as it is.
    """

    taken = Signal(int)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("compareView")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.panes: tuple[ChoicePane, ...] = ()
        self._shape = (1, 1)
        self._looks = Looks()
        self._together = Together(())
        self._shown = 0
        self._background = Background("compare", parent=self)
        self._background.done.connect(self._show_mask)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._grid, 1)
        layout.addLayout(self._bottom())

    def show_choices(self, pyramid: Pyramid, now: Painting, choices: tuple[Choice, ...]) -> None:
        """Compare these masks of a picture; the photographs are there at once, the masks when laid out.

        Args:
            pyramid: The photograph.
            now: The mask as it is.
            choices: As `choices_of` gives them.
        """
        self._clear()
        self._shape = pyramid.shape
        self._shown += 1
        self.panes = tuple(ChoicePane(choice) for choice in choices)
        self._together = Together([pane.canvas for pane in self.panes])
        self._arrange()
        for pane in self.panes:
            pane.taken.connect(self.take)
            pane.canvas.set_looks(self._looks)
            pane.canvas.show_picture(pyramid, now if pane.choice.key == NOW else None)
            if pane.choice.key != NOW:
                work = partial(painting_of, pane.choice, pyramid.shape)
                self._background.submit((self._shown, pane.choice.key, pyramid), work)
        self.fit()
        self.setFocus()

    def set_looks(self, looks: Looks) -> None:
        """Let all masks look like this."""
        self._looks = looks
        for pane in self.panes:
            pane.canvas.set_looks(looks)

    @Slot(int)
    def take(self, key: int) -> None:
        """Take a choice by its key, if it is there; `NOW` closes."""
        if key == NOW:
            self.closed.emit()
        elif any(pane.choice.key == key for pane in self.panes):
            self.taken.emit(key)

    def do(self, action: str) -> bool:
        """Do what a key of the page asks for, if it means something here; return whether it did."""
        if action in _ACTIONS:
            self.take(_ACTIONS[action])
        return action in _ACTIONS

    def fit(self) -> None:
        """Show the whole picture everywhere."""
        self._together.fit()

    def shut_down(self) -> None:
        """Wait for what is being laid out."""
        self._background.shut_down()

    @override
    def event(self, event: QEvent) -> bool:
        # Accepting this makes the key ours, whatever shortcut the window has for it.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not _is_ours(event):
            super().keyPressEvent(event)
        elif key in _NUMBERS:
            self.take(_NUMBERS[_Key(key)])
        elif key in _CLOSING:
            self.take(NOW)
        else:
            self._hide_masks(True)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == _Key.Key_H and not event.isAutoRepeat():
            self._hide_masks(False)
        else:
            super().keyReleaseEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _bottom(self) -> QHBoxLayout:
        row = QHBoxLayout()
        hint = label(_HINT, role="muted", name="compareHint", wrap=True)
        fit = IconButton("fit-to-page-outline", text="Fit", role="quiet")
        named(fit, "compareFit", "Show the whole picture")
        fit.clicked.connect(self.fit)
        close = IconButton("close", text="Close", role="quiet")
        named(close, "compareClose", "Close", key="Esc or C")
        close.clicked.connect(self.closed)
        row.addWidget(hint, 1)
        for button in (fit, close):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)
        return row

    def _clear(self) -> None:
        for pane in self.panes:
            self._grid.removeWidget(pane)
            pane.hide()
            pane.deleteLater()
        self.panes = ()

    def _arrange(self) -> None:
        if not self.panes:
            return
        columns = best_columns(len(self.panes), self._shape, (self.height() - _TITLE_PX, self.width()))
        for index, pane in enumerate(self.panes):
            self._grid.addWidget(pane, index // columns, index % columns)
        for row in range(len(self.panes)):
            self._grid.setRowStretch(row, int(row * columns < len(self.panes)))
            self._grid.setColumnStretch(row, int(row < columns))

    def _hide_masks(self, is_hidden: bool) -> None:
        for pane in self.panes:
            pane.canvas.set_hidden(is_hidden)

    @Slot(object, object)
    def _show_mask(self, key: tuple[int, int, Pyramid], painting: Painting) -> None:
        shown, number, pyramid = key
        if shown == self._shown:
            for pane in self.panes:
                if pane.choice.key == number:
                    pane.canvas.show_picture(pyramid, painting)


def best_columns(count: int, picture: tuple[int, int], room: tuple[int, int]) -> int:
    """Return in how many columns so many pictures become largest, with few empty places.

    Both sizes as (height, width).

    >>> best_columns(5, (300, 400), (700, 1200)), best_columns(5, (400, 300), (500, 1600))
    (3, 5)
    """

    def scale(columns: int) -> float:
        rows = -(-count // columns)
        height, width = max(1, room[0] / rows - _TITLE_PX), max(1, room[1] / columns)
        return min(height / picture[0], width / picture[1])

    return max(range(1, count + 1), key=lambda n: (round(scale(n), 2), -(-count % n), n))


def _is_ours(event: QKeyEvent) -> bool:
    is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return is_plain and (event.key() in _NUMBERS or event.key() in _CLOSING or event.key() == _Key.Key_H)
