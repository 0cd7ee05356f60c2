"""The adjudication: two readers' masks around the page's own canvas, and how well they agree."""

from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.review.adjudication.difference import DifferenceLayer, Part
from app.review.adjudication.figures import FiguresTable
from app.review.adjudication.legend import Legend
from app.review.adjudication.pane import BAR_PX, ReaderPane
from app.review.adjudication.session import AdjudicationSession, LaidOutPair, Taking
from app.review.canvas.canvas import Canvas
from app.review.canvas.looks import Looks
from app.review.compare.together import Together
from app.review.reading.opening import OpenedPicture
from app.review.reading.session import ReadingSession
from app.widgets.controls import IconButton, label, named, push_button
from gsal.project import Project
from gsal.records import Purpose

__all__ = ["AdjudicationView"]

_WIDE_EM, _ROOMY_EM, _LEAST_EM = 84, 56, 30
"""Widths in letters: three pictures beside each other; all figures in a line; the least."""
_ACTIONS = {
    "proposal-1": Taking.FIRST,
    "proposal-2": Taking.SECOND,
    "proposal-3": Taking.EITHER,
    "proposal-4": Taking.BOTH,
}
_NUMBERS = {getattr(Qt.Key, f"Key_{action[-1]}"): action for action in _ACTIONS}


class AdjudicationView(QWidget):
    """Holds the page's canvas; when a picture is opened for adjudication, the two readers stand beside it.

    Numbers 1-4 take, C shows and hides the differences: they go before the page's own keys while it is open.

    Args:
        project: Whose masks are read.
        reading: Is listened to; the third mask is its painting and kept by it.
        canvas: The page's own, on which the third mask is painted; it lives in this view from now on.
    """

    def __init__(self, project: Project, reading: ReadingSession, canvas: Canvas) -> None:
        super().__init__()
        self.setObjectName("adjudicationView")
        self.canvas = canvas
        self.session = AdjudicationSession(project, reading, parent=self)
        self._reading = reading
        self._picture: OpenedPicture | None = None
        self.first, self.second = ReaderPane(Part.FIRST), ReaderPane(Part.SECOND)
        self.figures = FiguresTable(min_ink_px=project.min_ink_px)
        self.message = label(role="danger", name="adjudicationMessage", wrap=True)
        self._top, self._bottom = self._result_bar(), self._below()
        self._result = QWidget()
        self._column = QVBoxLayout(self._result)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self._top)
        self._column.addWidget(canvas, 1)
        self.layer = DifferenceLayer(canvas, *Part)
        self._together = Together((self.first.canvas, self.second.canvas), principal=canvas, parent=self)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._grid.addWidget(self._result, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._grid, 1)
        layout.addWidget(self.message)
        layout.addWidget(self._bottom)
        self._connect(reading)
        self._show_parts()

    @property
    def is_open(self) -> bool:
        """Whether a picture is being adjudicated."""
        return self._picture is not None

    @property
    def is_undecided(self) -> bool:
        """Whether a reader found ink in the picture, and nothing was done about the result yet."""
        return self.is_open and self.session.is_undecided

    @Slot(object)
    def show_picture(self, picture: OpenedPicture) -> None:
        """Open the picture's readings if it is here for adjudication; else leave the canvas alone."""
        is_wanted = picture.item.purpose is Purpose.ADJUDICATION
        self._picture = picture if is_wanted else None
        self.message.setText("")
        self.legend.show_count(0)
        self.figures.clear()
        self.layer.show_masks(None)
        self._together.set_shape(picture.pyramid.shape)
        for pane in (self.first, self.second):
            pane.show_nothing(picture.pyramid if is_wanted else None)
        for button in (self.first.take, self.second.take, *self._mixing):
            button.setEnabled(self._reading.can_edit)
        self._show_parts()
        # Last: what is read at once arrives at once.
        if is_wanted:
            self.session.open(picture)
        else:
            self.session.leave()

    @Slot()
    def close_picture(self) -> None:
        """Leave the canvas alone: no picture is open any more, or the one that was wanted cannot be read."""
        self._picture = None
        self.session.leave()
        self.message.setText("")
        self.layer.show_masks(None)
        for pane in (self.first, self.second):
            pane.show_nothing(None)
        self._show_parts()

    def set_looks(self, looks: Looks) -> None:
        """Let the readers' masks look as the page's canvas does."""
        for pane in (self.first, self.second):
            pane.canvas.set_looks(looks)
            pane.layer.update()
        self.layer.update()

    def do(self, action: str) -> bool:
        """Do what a key of the page asks for, if it means something here; return whether it did."""
        if not self.is_open or (action not in _ACTIONS and action != "compare"):
            return False
        if action == "compare":
            self.differences.toggle()
        else:
            self.session.take(_ACTIONS[action])
        return True

    def shut_down(self) -> None:
        """Wait for what is being worked out."""
        self.session.shut_down()

    @override
    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.is_open
            and _action(event)
        ):
            # Accepting makes the key ours, whatever shortcut the page has for it.
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.do(_action(event)):
            super().keyPressEvent(event)

    @override
    def minimumSizeHint(self) -> QSize:
        # Not what is arranged now needs, but what can be: else the window could never become smaller.
        least = super().minimumSizeHint()
        return QSize(min(least.width(), _LEAST_EM * self.fontInfo().pixelSize()), least.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _result_bar(self) -> QWidget:
        bar = QWidget()
        bar.setMinimumHeight(BAR_PX)
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label("Result", role="section"))
        row.addStretch()
        self._differences = named(
            IconButton("vector-difference", text="Differences"),
            "showDifferences",
            "Show where the readers differ over the result",
            key="C",
        )
        self.differences.setCheckable(True)
        self.differences.setChecked(True)
        self._mixing = (
            push_button("takeEither", "Take either", "Take what either reader marked", key="3"),
            push_button("takeAgreed", "Take agreed", "Take only what both readers marked", key="4"),
        )
        for button, taking in zip(self._mixing, (Taking.EITHER, Taking.BOTH), strict=True):
            button.clicked.connect(partial(self.session.take, taking))
        for control in (*self._mixing, self.differences):
            control.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(control)
        return bar

    @property
    def differences(self) -> IconButton:
        """The button that shows and hides the differences."""
        return self._differences

    def _below(self) -> QWidget:
        below = QWidget()
        self._below_grid = QGridLayout(below)
        self._below_grid.setContentsMargins(0, 0, 0, 4)
        self._below_grid.setHorizontalSpacing(32)
        self._below_grid.setVerticalSpacing(4)
        self.legend = Legend()
        return below

    def _connect(self, reading: ReadingSession) -> None:
        reading.opened.connect(self.show_picture)
        reading.opening_failed.connect(self.close_picture)
        self.session.read.connect(self._show_pair)
        self.session.agreed.connect(self.figures.show_agreement)
        self.session.judged.connect(self.figures.show_kappa)
        self.session.failed.connect(self._show_failure)
        self.first.asked.connect(partial(self.session.take, Taking.FIRST))
        self.second.asked.connect(partial(self.session.take, Taking.SECOND))
        self.differences.toggled.connect(self._show_parts)

    @Slot()
    def _show_parts(self) -> None:
        for part in (self.first, self.second, self._top, self._bottom):
            part.setVisible(self.is_open)
        self.message.setVisible(bool(self.message.text()))
        self.layer.setVisible(self.is_open and self.differences.isChecked())
        self._arrange()
        # At once, for the readers are to look where the result looks by then.
        if (layout := self.layout()) is not None:
            layout.activate()
        self._together.align()

    def _arrange(self) -> None:
        em = self.fontInfo().pixelSize()
        is_wide, is_roomy = self.width() >= _WIDE_EM * em, self.width() >= _ROOMY_EM * em
        # With little room the buttons go over all pictures, in one line.
        if is_roomy or not self.is_open:
            self._column.insertWidget(0, self._top)
        else:
            self._grid.addWidget(self._top, 0, 0, 1, 2)
        places = ((1, 1), (1, 0), (1, 2)) if is_wide else ((1, 0, 2, 1), (1, 1), (2, 1))
        for widget, place in zip((self._result, self.first, self.second), places, strict=True):
            self._grid.addWidget(widget, *place)
        alone = [int(column == places[0][1]) for column in range(3)]
        stretches = ((2, 3, 2) if is_wide else (2, 1, 0)) if self.is_open else alone
        for column, stretch in enumerate(stretches):
            self._grid.setColumnStretch(column, stretch)
        self._arrange_figures(is_roomy)

    def _arrange_figures(self, is_roomy: bool) -> None:
        self.legend.lay_out(is_column=is_roomy)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        for row, widget in enumerate((self.figures, self.figures.overall, self.legend)):
            place = (0, row) if is_roomy else (row, 0)
            self._below_grid.addWidget(widget, *place, left)
        for column, stretch in enumerate((0, 1, 0)):
            self._below_grid.setColumnStretch(column, stretch if is_roomy else int(column == 0))

    @Slot(object)
    def _show_pair(self, pair: LaidOutPair) -> None:
        if self._picture is not None:
            self.first.show_mask(self._picture.pyramid, pair)
            self.second.show_mask(self._picture.pyramid, pair)
            self.layer.show_masks(pair.paintings)
            self.legend.show_count(pair.n_readings)

    @Slot(object)
    def _show_failure(self, error: BaseException) -> None:
        self.message.setText(str(error))
        self.figures.clear(str(error))
        self._show_parts()


def _action(event: QKeyEvent) -> str:
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return ""
    return "compare" if event.key() == Qt.Key.Key_C else _NUMBERS.get(event.key(), "")
