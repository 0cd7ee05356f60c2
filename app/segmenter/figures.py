"""A measurement in figures: the network beside rules and readers, by group, and over the threshold."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.segmenter.before_after import BeforeAfterView
from app.segmenter.curve import ThresholdPlot
from app.segmenter.figure_table import FigureTable
from app.segmenter.measured import MAJORITY, METRICS, PICKED, Figure, Measured
from app.segmenter.retrained import Retrained
from app.segmenter.words import TITLES
from app.theme import Theme
from app.widgets.controls import label, tab_button
from app.widgets.record_table import table_view

__all__ = ["HeadlineTable", "Parts", "headline_view"]

_MEANINGS = {
    "dice": "Shared area, the mean over pictures with ink: 1 is the same, 0 is nothing shared",
    "nsd": "Share of both outlines within 2 pixels of each other, at a long side of 448 pixels",
    "sensitivity": "Share of the inked pictures that are called inked",
    "specificity": "Share of the pictures without ink that are called so",
}
_COLUMNS = [(TITLES[metric], _MEANINGS[metric]) for metric in METRICS]
_WIDEST, _PADDING_PX, _MOST_ROWS = ".00 (.00–1.00)", 40, 9


class HeadlineTable(FigureTable):
    """The network in the first row, what it is compared with below."""

    def __init__(self) -> None:
        super().__init__(("",), _COLUMNS, has_principal=True)

    def show_measured(self, measured: Measured) -> None:
        """Show the network, the best single rule, what the rules come to, and reader against reader."""
        rows = [(measured.network, measured.model)]
        if (rule := measured.best_rule) is not None:
            rows.append((rule, f"Best rule: {rule.name}"))
        if (majority := measured.subject(MAJORITY)) is not None:
            rows.append((majority, "2 of 3 rules"))
        if (picked := measured.subject(PICKED)) is not None:
            rows.append((picked, "Automatic pick"))
        rows += [(readers, readers.name) for readers in measured.readers]
        self.show_figures([((name,), _in_order(subject.figures)) for subject, name in rows])


def headline_view(table: HeadlineTable) -> QTableView:
    """Return a view that is as high as its rows."""
    view = table_view(table, name="headlineTable", tip="The network beside rules and readers")
    view.setSelectionMode(QTableView.SelectionMode.NoSelection)
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    header = view.horizontalHeader()
    for column in range(1, table.columnCount()):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    bar = view.horizontalScrollBar()

    def fit() -> None:
        header.setMinimumSectionSize(view.fontMetrics().horizontalAdvance(_WIDEST) + _PADDING_PX)
        rows = min(_MOST_ROWS, table.rowCount()) * view.verticalHeader().defaultSectionSize()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        view.setFixedHeight(header.sizeHint().height() + rows + below + 2)

    table.modelReset.connect(fit)
    bar.rangeChanged.connect(fit)
    fit()
    return view


class Parts(QWidget):
    """One of three: the curve over the threshold, the groups, before and after a training."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("measuredParts")
        self.curve = ThresholdPlot(theme)
        self.groups = FigureTable(("Group", "n"), _COLUMNS, parent=self)
        view = table_view(self.groups, name="groupTable", tip="Figures of parts of the pictures")
        self.before_after = BeforeAfterView()
        self.stack = QStackedWidget()
        self._buttons = QButtonGroup(self)
        self._buttons.setExclusive(True)
        top = QHBoxLayout()
        top.setSpacing(4)
        parts: tuple[tuple[str, str, str, QWidget], ...] = (
            ("showCurve", "Threshold", "Ink found and ink-free found, by threshold", self.curve),
            ("showGroups", "Groups", "By class, ink colour, stroke width, size and start", view),
            ("showBeforeAfter", "Before and after", "The last training, compared", self.before_after),
        )
        for number, (name, text, tip, widget) in enumerate(parts):
            button = tab_button(name, text, tip)
            self._buttons.addButton(button, number)
            self.stack.addWidget(widget)
            top.addWidget(button)
        top.addStretch()
        self._buttons.button(0).setChecked(True)
        self._buttons.idClicked.connect(self.show_part)
        self.note = label(role="muted", name="measuredNotes", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.note)
        self.show_retrained(None)

    def show_measured(self, measured: Measured) -> None:
        """Show the curve and the groups of a measurement."""
        self.curve.show_curve(measured.curve, threshold=measured.threshold)
        self.groups.show_figures(
            [
                (
                    (f"{group.by.capitalize()}: {group.name}", f"{group.n:,}"),
                    _in_order(group.figures),
                )
                for group in measured.groups
            ]
        )
        self.note.setText(" ".join(measured.notes))
        self.note.setVisible(bool(measured.notes))

    def show_retrained(self, retrained: Retrained | None) -> None:
        """Show before and after; None when this network was not trained again."""
        self._buttons.button(2).setVisible(retrained is not None)
        if retrained is not None:
            self.before_after.show_retrained(retrained)
        elif self.stack.currentIndex() == 2:
            self.show_part(0)

    @Slot(int)
    def show_part(self, number: int) -> None:
        """Show one of the three."""
        self._buttons.button(number).setChecked(True)
        self.stack.setCurrentIndex(number)


def _in_order(figures: Mapping[str, Figure]) -> tuple[Figure | None, ...]:
    return tuple(figures.get(metric) for metric in METRICS)
