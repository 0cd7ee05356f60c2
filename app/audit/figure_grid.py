"""Figures beside and below each other, as many side by side as there is room for."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget
from typing_extensions import override

from app.theme import Theme
from app.widgets.forest_plot import ForestPlot

__all__ = ["FigureGrid"]

_LEAST_PX, _HEIGHT_PX, _AROUND_PX = 520, 320, 56
"""Of a panel, and of its title and caption, at the usual size of the text."""


class FigureGrid(QScrollArea):
    """Lays out panels anew when its width changes.

    Args:
        panels: In reading order.
        theme: For the size of the text.
    """

    def __init__(self, panels: Sequence[QWidget], theme: Theme) -> None:
        super().__init__()
        self.setObjectName("figureGrid")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._panels, self._theme = tuple(panels), theme
        self._columns = 0
        content = QWidget()
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(12)
        self.setWidget(content)
        for panel in self._panels:
            for plot in panel.findChildren(ForestPlot):
                plot.resized.connect(self._arrange)
        theme.changed.connect(self._arrange)
        self._arrange()

    @property
    def columns(self) -> int:
        """How many panels stand side by side."""
        return self._columns

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        scale, room = self._theme.font_scale, self.viewport().size()
        columns = max(1, min(len(self._panels), room.width() // round(_LEAST_PX * scale)))
        rows = -(-len(self._panels) // columns)
        shared = (room.height() - (rows - 1) * self._grid.verticalSpacing()) // rows
        for number, panel in enumerate(self._panels):
            forests = [plot.height_px + round(_AROUND_PX * scale) for plot in panel.findChildren(ForestPlot)]
            panel.setFixedHeight(max(round(_HEIGHT_PX * scale), shared, *forests))
            if columns != self._columns:
                row, column = divmod(number, columns)
                self._grid.addWidget(panel, row, column, Qt.AlignmentFlag.AlignTop)
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
