"""Small tables that are as high and as wide as what is in them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QTableView, QVBoxLayout, QWidget

from app.widgets.controls import label
from app.widgets.record_table import TextTable, table_view

__all__ = ["TitledTable"]


class TitledTable(QWidget):
    """A title and a table below it, without scroll bars.

    Args:
        title: Above the table.
        name: Object name of the table.
        tip: What it shows, in one sentence.
        table: What fills it.
    """

    def __init__(self, title: str, *, name: str, tip: str, table: TextTable) -> None:
        super().__init__()
        self.table = table
        table.setParent(self)
        self.view = table_view(table, name=name, tip=tip)
        self.view.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.view.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for policy in (self.view.setHorizontalScrollBarPolicy, self.view.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.horizontalHeader().setStretchLastSection(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(label(title, role="section"))
        layout.addWidget(self.view)

    def show_rows(self, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show these rows under these titles."""
        self.table.show_rows(rows, titles=titles)
        self.fit()

    def fit(self) -> None:
        """Take the size of what is shown."""
        header, view = self.view.horizontalHeader(), self.view
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        view.setMinimumWidth(header.length() + 2 * view.frameWidth())
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        rows = view.verticalHeader().length()
        view.setFixedHeight(header.sizeHint().height() + rows + 2 * view.frameWidth())
