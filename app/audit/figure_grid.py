"""Figures in groups below each other, and in each as many side by side as there is room for."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from app.audit.panel import Panel
from app.theme import Theme
from app.widgets.controls import label

__all__ = ["FigureGrid", "PanelGroup"]

_LEAST_PX, _HEIGHT_PX, _TALL_PX = 520, 320, 480
"""Of a panel: least width, least height, and height where there is room, at the usual size of the text."""

_SHARE = 0.47
"""Of the height there is, for a row of panels."""

_GAP_PX, _GROUP_GAP_PX = 12, 20


@dataclass(frozen=True, slots=True)
class PanelGroup:
    """Panels that answer one question.

    Attributes:
        title: Above them.
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
    """A group under its title."""

    def __init__(self, group: PanelGroup) -> None:
        super().__init__()
        self.group = group
        self._arranged: tuple[int, tuple[Panel, ...]] = (0, ())
        self._missing = label(group.missing, role="muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP_PX)
        column.addWidget(label(group.title, role="title"))
        column.addWidget(self._missing)
        self._grid = QGridLayout()
        self._grid.setSpacing(_GAP_PX)
        column.addLayout(self._grid)
        for panel in group.panels:
            # One that is shown before it has its place would else be a window.
            panel.setParent(self)

    @property
    def columns(self) -> int:
        """How many panels stand side by side."""
        return self._arranged[0]

    def arrange(self, room: int, *, least: int, height: int) -> None:
        """Lay out in `room` px: panels at least so wide, and so high."""
        panels = tuple(panel for panel in self.group.panels if panel.is_wanted)
        self._missing.setVisible(not panels)
        most = max(1, min(len(panels), room // least))
        # As many in each row, rather than a last one that stands alone.
        columns = -(-len(panels) // -(-len(panels) // most)) if panels else 1
        width = (room - (columns - 1) * _GAP_PX) // columns
        for panel in panels:
            panel.setFixedHeight(max(height, panel.height_px(width)))
        if (columns, panels) == self._arranged:
            return
        for panel in self.group.panels:
            self._grid.removeWidget(panel)
        for number, panel in enumerate(panels):
            self._grid.addWidget(panel, *divmod(number, columns), Qt.AlignmentFlag.AlignTop)
        for column in range(max(columns, self.columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._arranged = columns, panels
