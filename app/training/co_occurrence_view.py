"""Table 1 of a cohort while it is being set up: counts, ink rates and odds with intervals, and a warning."""

from collections.abc import Callable, Sequence
from math import isnan
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QTableView, QVBoxLayout, QWidget
from typing_extensions import override

from app.training.cohort_trial import Trial
from app.widgets.controls import label
from app.widgets.record_table import TextTable, table_view
from gsal.cohorts.association import Association
from gsal.cohorts.co_occurrence import CoOccurrence

__all__ = ["CoOccurrenceTable", "CoOccurrenceView"]

_TITLES = ("Class", "Pictures", "Ink", "P(ink | class)", "Odds ratio")
_MEANINGS = (
    "",
    "Pictures of the class in this cohort",
    "How many of them have ink",
    "Share of them that have ink, with its 95 % interval",
    "Odds of ink in the class over those in all the others, with the 95 % interval; 1 is no association",
)
_ROW_PX = 32
_ROWS = 12
_Roles = Qt.ItemDataRole


class CoOccurrenceTable(TextTable):
    """One row per class; how an interval was made is the tooltip of its cell."""

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(_TITLES, parent=parent)
        self._methods: list[tuple[str, str]] = []

    def show_table(self, counts: CoOccurrence, association: Association) -> None:
        """Show these counts."""
        rates, ratios = association.ink_rates, association.odds_ratios
        self._methods = [(rates[name].method, ratios[name].method) for name in counts.classes]
        self.show_rows([_row(name, counts, association) for name in counts.classes])

    def show_nothing(self) -> None:
        """Show no class."""
        self._methods = []
        self.show_rows([])

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = _Roles.DisplayRole) -> Any:
        if role == _Roles.ToolTipRole and index.column() >= 3:
            return self._methods[index.row()][index.column() - 3]
        return super().data(index, role)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Roles.DisplayRole) -> Any:
        if role == _Roles.ToolTipRole and orientation is Qt.Orientation.Horizontal:
            return _MEANINGS[section]
        return super().headerData(section, orientation, role)


class CoOccurrenceView(QWidget):
    """The table, what it says in words, what had to give way; or why there is no such cohort."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("coOccurrenceView")
        self.heading = label("Choosing the pictures", role="section", name="cohortHeading")
        self.table = CoOccurrenceTable(parent=self)
        self.problem = label(role="danger", name="cohortProblem", wrap=True)
        self.warning = label(role="danger", name="cohortWarning", wrap=True)
        self.finding = label(role="muted", name="cohortFinding", wrap=True)
        self.notes = label(role="muted", name="cohortNotes", wrap=True)
        self._view = _view(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.heading, self._view, self.problem, self.warning, self.finding, self.notes):
            layout.addWidget(widget)
        layout.addStretch()
        self._show_texts()

    def show_trial(self, trial: Trial) -> None:
        """Show what a cohort would come to."""
        counts, association, found = trial.counts, trial.association, trial.finding
        if counts is None or association is None:
            self.table.show_nothing()
        else:
            self.table.show_table(counts, association)
        if counts is None or found is None:
            given = "" if counts is None else " from these pictures"
            self.heading.setText(f"This cohort cannot be formed{given}")
            self._show_texts(problem=trial.problem)
        else:
            self.heading.setText(f"{counts.n:,} training pictures, {counts.inked:,} with ink")
            spoken = {"warning" if found.is_warning else "finding": found.text}
            self._show_texts(**spoken, notes="\n".join(trial.notes))
        self._fit()

    def show_waiting(self) -> None:
        """Say that what is shown is not what is asked for now."""
        self.heading.setText("Choosing the pictures")

    def show_failure(self, sentence: str) -> None:
        """Show that nothing could be worked out."""
        self.show_trial(Trial(problem=sentence))

    def _show_texts(
        self, *, problem: str = "", warning: str = "", finding: str = "", notes: str = ""
    ) -> None:
        for widget, text in (
            (self.problem, problem),
            (self.warning, warning),
            (self.finding, finding),
            (self.notes, notes),
        ):
            widget.setText(text)
            widget.setVisible(bool(text))

    def _fit(self) -> None:
        rows = min(_ROWS, self.table.rowCount())
        self._view.setVisible(rows > 0)
        self._view.setFixedHeight(self._view.horizontalHeader().sizeHint().height() + rows * _ROW_PX + 2)


def _view(table: CoOccurrenceTable) -> QTableView:
    view = table_view(table, name="coOccurrenceTable", tip="Ink by class in this cohort")
    view.setSelectionMode(QTableView.SelectionMode.NoSelection)
    view.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    view.horizontalHeader().setStretchLastSection(False)
    view.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    view.hide()
    return view


def _row(name: str, counts: CoOccurrence, association: Association) -> Sequence[str]:
    rate, ratio = association.ink_rates[name], association.odds_ratios[name]
    return (
        name,
        f"{counts.n_by_class[name]:,}",
        f"{counts.inked_by_class[name]:,}",
        _with_interval(_share_text, rate.estimate, rate.low, rate.high),
        _with_interval(_odds_text, ratio.estimate, ratio.low, ratio.high),
    )


def _with_interval(text: Callable[[float], str], estimate: float, low: float, high: float) -> str:
    return "–" if isnan(estimate) else f"{text(estimate)} ({text(low)}–{text(high)})"


def _share_text(share: float) -> str:
    return f"{share:.2f}"


def _odds_text(odds: float) -> str:
    """Return odds with about two digits that matter.

    >>> _odds_text(0.987), _odds_text(1234.5)
    ('0.99', '1,234')
    """
    return f"{odds:.2f}" if odds < 10 else f"{odds:,.0f}"
