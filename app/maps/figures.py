"""The figures of the maps that are shown, one column for each model; every row says what it means."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.maps.words import ROWS
from app.widgets.controls import label

__all__ = ["FiguresTable"]

_PLACES = ("Left", "Right")
"""Of the maps: there each model has its name in full above it, for which a column has no room."""


class FiguresTable(QWidget):
    """A grid of texts for up to so many models, two at most."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.setObjectName("mapFigures")
        self.heads = [label(text, role="section") for text in _PLACES[:columns]]
        self.values: list[dict[str, QLabel]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for row, (title, tip) in enumerate(ROWS.values(), start=1):
            name = label(title, role="muted")
            name.setToolTip(tip)
            grid.addWidget(name, row, 0)
        for number, head in enumerate(self.heads):
            grid.addWidget(head, 0, number + 1)
            self.values.append(self._column(grid, number))
            grid.setColumnStretch(number + 1, 1)
        self.show_models(())

    def show_models(self, models: Sequence[str]) -> None:
        """Show a column for each of these models, without figures yet."""
        for number, (head, values) in enumerate(zip(self.heads, self.values, strict=True)):
            is_shown = number < len(models)
            head.setToolTip(models[number] if is_shown else "")
            head.setVisible(is_shown and len(models) > 1)
            for value in values.values():
                value.setVisible(is_shown)
            self.show_texts(number, {})

    def show_texts(self, number: int, texts: Mapping[str, str]) -> None:
        """Show the figures of a model; those that are not known are blank."""
        for key, value in self.values[number].items():
            value.setText(texts.get(key, ""))
            model = self.heads[number].toolTip()
            value.setAccessibleName(f"{ROWS[key][0]}, {model}: {value.text() or 'none'}")

    def _column(self, grid: QGridLayout, number: int) -> dict[str, QLabel]:
        made = {}
        for row, (key, (_, tip)) in enumerate(ROWS.items(), start=1):
            value = label(name=f"{key}Figure{number}", wrap=True)
            value.setToolTip(tip)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(value, row, number + 1)
            made[key] = value
        return made
