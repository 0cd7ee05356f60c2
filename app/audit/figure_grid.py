"""Figures in groups below each other, and in each as many side by side as there is room for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.audit.panel import Panel
from app.theme import Theme
from app.widgets.controls import label

__all__ = ["FigureGrid", "PanelGroup"]

_LEAST_PX, _HEIGHT_PX, _TALL_PX = 520, 320, 480
"""Of a panel: least width, least height, and height where there is room, at the usual size of the text."""

_LOOSE = 1.15
"""How much higher than they have to be rows are drawn."""

_MOST_STRETCHED = 1.4
"""How much higher the panels of a column are made at most, to end where the longest column does."""

_FEW_COLUMNS = 2
"""One panel alone is no wider than one of two, where there is room for two."""

_SHARE = 0.47
"""Of the height there is, for a row of panels."""

_GAP_PX, _GROUP_GAP_PX = 12, 20


@dataclass(frozen=True, slots=True)
class PanelGroup:
    """Panels that answer one question.

    Attributes:
        title: Above them; "" for none.
        link: What leads to them, shorter.
        panels: In reading order.
        missing: What is said where none of them has anything to show.
    """

    title: str
    link: str
    panels: tuple[Panel, ...]
    missing: str = ""


class FigureGrid(QScrollArea):
    """Lays out panels anew when its width changes, or what there is to show.

    Args:
        groups: In reading order.
        theme: For the size of the text.

    Signals:
        reached(number): Another group is at the top now.
    """

    reached = Signal(int)

    def __init__(self, groups: Sequence[PanelGroup], theme: Theme) -> None:
        super().__init__()
        self.setObjectName("figureGrid")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme, self._reached = theme, 0
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(_GROUP_GAP_PX)
        self.blocks = [_Block(group) for group in groups]
        for block in self.blocks:
            column.addWidget(block)
            for panel in block.group.panels:
                panel.resized.connect(self._arrange)
        column.addStretch()
        self.setWidget(content)
        self.verticalScrollBar().valueChanged.connect(self._look)
        theme.changed.connect(self._arrange)
        self._arrange()

    @Slot(int)
    def show_group(self, number: int) -> None:
        """Scroll to a group."""
        bar = self.verticalScrollBar()
        bar.setValue(self.blocks[number].y())
        # The last ones cannot come up to the top.
        self._reach(number)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        scale, room = self._theme.font_scale, self.viewport().size()
        usual = scale * max(_HEIGHT_PX, min(_TALL_PX, _SHARE * room.height() / scale))
        for block in self.blocks:
            block.arrange(room.width() - 8, least=round(_LEAST_PX * scale), height=round(usual))

    @Slot(int)
    def _look(self, value: int) -> None:
        above = [number for number, block in enumerate(self.blocks) if block.y() <= value + _GROUP_GAP_PX]
        self._reach(max(above, default=0))

    def _reach(self, number: int) -> None:
        if number != self._reached:
            self._reached = number
            self.reached.emit(number)


class _Block(QWidget):
    """A group under its title; each panel goes to the column that ends first."""

    def __init__(self, group: PanelGroup) -> None:
        super().__init__()
        self.group = group
        self._arranged: list[list[Panel]] = []
        self._missing = label(group.missing, role="muted", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP_PX)
        if group.title:
            layout.addWidget(label(group.title, role="title"))
        layout.addWidget(self._missing)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(_GAP_PX)
        layout.addLayout(self._columns)
        for panel in group.panels:
            # One that is shown before it has its place would else be a window.
            panel.setParent(self)

    @property
    def columns(self) -> int:
        """How many panels stand side by side."""
        return len(self._arranged)

    def arrange(self, room: int, *, least: int, height: int) -> None:
        """Lay out in `room` px: panels at least so wide, and curves so high."""
        panels = [panel for panel in self.group.panels if panel.is_wanted]
        self._missing.setVisible(not panels)
        most = max(1, room // least)
        # As many in each row, rather than a last one that stands alone.
        count = min(most, max(_FEW_COLUMNS, _balanced(len(panels), most)))
        width = (room - (count - 1) * _GAP_PX) // count
        wished = {panel: _wished(panel, width, height) for panel in panels}
        columns = _in_columns(wished, count)
        self._fill(columns)
        ends = [sum(wished[panel] for panel in column) for column in columns]
        for column, end in zip(columns, ends, strict=True):
            for panel in column:
                panel.setFixedHeight(round(min(_MOST_STRETCHED, max(ends) / end) * wished[panel]))

    def _fill(self, columns: list[list[Panel]]) -> None:
        """Put panels into columns, unless they are there."""
        if columns == self._arranged:
            return
        self._arranged = columns
        while (item := self._columns.takeAt(0)) is not None:
            if (old := item.layout()) is not None:
                old.deleteLater()
        for panels in columns:
            column = QVBoxLayout()
            column.setSpacing(_GAP_PX)
            # Filled in its place, for panels will leave it: docs/architecture.md, "Who frees what".
            self._columns.addLayout(column, 1)
            for panel in panels:
                column.addWidget(panel)
            column.addStretch()


def _balanced(panels: int, most: int) -> int:
    """Return how many of the panels stand in each row, of at most so many.

    >>> _balanced(4, 3), _balanced(5, 3), _balanced(0, 3)
    (2, 3, 0)
    """
    return -(-panels // max(1, -(-panels // most)))


def _wished(panel: Panel, width: int, usual: int) -> int:
    needed = panel.height_px(width)
    return round(_LOOSE * needed) if panel.is_of_rows else max(usual, needed)


def _in_columns(heights: Mapping[Panel, int], count: int) -> list[list[Panel]]:
    """Put each panel in turn into the column that ends first, the left one of like ones."""
    columns: list[list[Panel]] = [[] for _ in range(count)]
    ends = [0] * count
    for panel, height in heights.items():
        first = ends.index(min(ends))
        columns[first].append(panel)
        ends[first] += height
    return columns
