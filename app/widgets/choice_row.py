"""Choosers side by side, in as many lines as it takes for their texts to be read."""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLayout, QSizePolicy, QWidget
from typing_extensions import override

__all__ = ["ChoiceRow"]

_LEAST_EM = 9
"""Width of a chooser, below which they go on another line."""
_SPACING_PX = 8


class ChoiceRow(QWidget):
    """Lays its choosers out anew when its width, or the size of the text, changes."""

    def __init__(self) -> None:
        super().__init__()
        self._boxes: tuple[QComboBox, ...] = ()
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_SPACING_PX)
        # It may become narrower than its line is now: then it has another line.
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)

    @property
    def columns(self) -> int:
        """How many choosers stand side by side."""
        return self._columns

    def hold(self, boxes: Sequence[QComboBox]) -> None:
        """Hold these, in this order."""
        self._boxes = tuple(boxes)
        for box in boxes:
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._arrange()

    @override
    def minimumSizeHint(self) -> QSize:
        widest = max((box.minimumSizeHint().width() for box in self._boxes), default=0)
        return QSize(widest, self._grid.minimumSize().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._arrange()

    def _arrange(self) -> None:
        count = len(self._boxes)
        least = _LEAST_EM * self.fontInfo().pixelSize() + _SPACING_PX
        fitting = max(1, min(count, (self.width() + _SPACING_PX) // least))
        # As full as each other: four are two and two, not three and one.
        columns = ceil(count / ceil(count / fitting)) if count else 0
        if columns == self._columns:
            return
        for number, box in enumerate(self._boxes):
            row, column = divmod(number, columns)
            self._grid.addWidget(box, row, column)
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
