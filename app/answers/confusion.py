"""Which classes are taken for which: counts, shaded by their share of the true class."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from typing_extensions import override

from app.theme import Theme
from app.widgets.record_table import TextTable

__all__ = ["ConfusionTable"]

_Roles = Qt.ItemDataRole
_MOST_ALPHA = 110


class ConfusionTable(TextTable):
    """One row per true class, one column per class that was named; what is right is bold."""

    def __init__(self, theme: Theme, *, parent: QObject | None = None) -> None:
        super().__init__(("True class",), parent=parent)
        self._theme = theme
        self._counts: list[list[int]] = []
        self._classes: tuple[str, ...] = ()
        self._bold = QFont()
        self._bold.setBold(True)

    def show_counts(self, classes: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show the counts (true class, named class)."""
        self._counts, self._classes = [list(row) for row in counts], tuple(classes)
        rows = [(name, *map(str, row)) for name, row in zip(classes, counts, strict=True)]
        self.show_rows(rows, titles=("True class", *classes))

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = _Roles.DisplayRole) -> Any:
        row, column = index.row(), index.column() - 1
        if column >= 0:
            if role == _Roles.ToolTipRole:
                return self._tip(row, column)
            if role == _Roles.BackgroundRole:
                return self._shade(row, column)
            if role == _Roles.FontRole and row == column:
                return self._bold
        return super().data(index, role)

    def _tip(self, row: int, column: int) -> str:
        count, n = self._counts[row][column], sum(self._counts[row])
        share = f", {100 * count / n:.0f} %" if n else ""
        return f"{count:,} of {n:,} {self._classes[row]} called {self._classes[column]}{share}"

    def _shade(self, row: int, column: int) -> QColor:
        n = sum(self._counts[row])
        colour = QColor(self._theme.colours.accent)
        colour.setAlpha(round(_MOST_ALPHA * self._counts[row][column] / n) if n else 0)
        return colour
