"""A table of figures with their intervals; on what each rests is its tooltip."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from typing_extensions import override

from app.segmenter.measured import Figure
from app.segmenter.words import figure_text, figure_tip
from app.widgets.record_table import TextTable

__all__ = ["FigureTable"]

_Roles = Qt.ItemDataRole


class FigureTable(TextTable):
    """Rows of texts and figures.

    Args:
        texts: Titles of the columns of texts, at the left.
        figures: Titles of the columns of figures, with what each means.
        has_principal: Whether the first row is what the others are compared with.
    """

    def __init__(
        self,
        texts: Sequence[str],
        figures: Sequence[tuple[str, str]],
        *,
        has_principal: bool = False,
        parent: QObject | None = None,
    ) -> None:
        titles = (*texts, *(title for title, _ in figures))
        super().__init__(titles, left_columns=len(texts), parent=parent)
        self._n_texts = len(texts)
        self._meanings = [meaning for _, meaning in figures]
        self._has_principal = has_principal
        self._figures: list[tuple[Figure | None, ...]] = []
        self._bold = QFont()
        self._bold.setBold(True)

    def show_figures(self, rows: Sequence[tuple[Sequence[str], Sequence[Figure | None]]]) -> None:
        """Show these rows: texts, then figures."""
        self._figures = [tuple(figures) for _, figures in rows]
        self.show_rows([(*texts, *map(figure_text, figures)) for texts, figures in rows])

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = _Roles.DisplayRole) -> Any:
        column = index.column() - self._n_texts
        if role == _Roles.ToolTipRole and column >= 0:
            return figure_tip(self._figures[index.row()][column])
        if role == _Roles.FontRole and self._has_principal and index.row() == 0:
            return self._bold
        return super().data(index, role)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Roles.DisplayRole) -> Any:
        column = section - self._n_texts
        if orientation is Qt.Orientation.Horizontal and role == _Roles.ToolTipRole and column >= 0:
            return self._meanings[column]
        return super().headerData(section, orientation, role)
