"""The networks of a project, and how the chosen one came about."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.training.run_card import RunCardView
from app.widgets.controls import label
from app.widgets.record_table import TextTable, table_view
from gsal.records import ModelKind, ModelRecord, ModelStatus

__all__ = ["NetworksView"]

_COLUMNS = ("Network", "Answers", "Architecture", "Cohort", "Seed", "Status")


class NetworksView(QSplitter):
    """A table and a run card.

    Signals:
        chosen(model): The user wants to see this network.
        measure_asked(name): Show how good this ink network's masks are.
        answers_asked(name): Show how good this classifier's answers are.
    """

    chosen = Signal(object)
    measure_asked = Signal(str)
    answers_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(16)
        self._models: Sequence[ModelRecord] = ()
        self.table = TextTable(_COLUMNS, left_columns=len(_COLUMNS), parent=self)
        self.view = table_view(self.table, name="modelTable", tip="Networks of the project")
        self.view.setToolTip(
            "Click a network to see its curves and its run card; double-click one to see how good "
            "its masks or answers are"
        )
        self.card = RunCardView()
        self.title = label("Run card", role="section", name="runCardTitle")
        self.addWidget(_titled(label("Networks", role="section"), self.view))
        self.addWidget(_titled(self.title, self.card))
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self.view.selectionModel().currentRowChanged.connect(self._choose)
        self.view.clicked.connect(self._choose)
        self.view.doubleClicked.connect(self._ask_measure)

    def show_models(self, models: Sequence[ModelRecord]) -> None:
        """Show these networks; the one that was chosen stays so."""
        row = self.view.currentIndex().row()
        chosen = self._models[row].name if 0 <= row < len(self._models) else ""
        self._models = models
        self.table.show_rows([_row(model) for model in models])
        again = next((r for r, model in enumerate(models) if model.name == chosen), None)
        if again is not None:
            self.view.selectionModel().blockSignals(True)
            self.view.selectRow(again)
            self.view.selectionModel().blockSignals(False)
        self._show_card(None if again is None else models[again])

    def choose_newest(self) -> bool:
        """Choose the ready network that was made last; return whether there is one."""
        ready = [row for row, model in enumerate(self._models) if model.status is ModelStatus.READY]
        if ready:
            self.view.selectRow(max(ready, key=lambda row: self._models[row].id))
        return bool(ready)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            model = self._models[index.row()]
            self._show_card(model)
            self.chosen.emit(model)

    def _show_card(self, model: ModelRecord | None) -> None:
        self.title.setText(f"Run card: {model.name}" if model is not None else "Run card")
        self.card.show_model(model)

    @Slot(QModelIndex)
    def _ask_measure(self, index: QModelIndex) -> None:
        model = self._models[index.row()]
        if model.status is ModelStatus.READY:
            asked = self.measure_asked if model.kind is ModelKind.SEGMENTER else self.answers_asked
            asked.emit(model.name)


def _row(model: ModelRecord) -> tuple[str, ...]:
    seed = "–" if model.seed is None else str(model.seed)
    # One that is stopped is kept as "training", as is one that learns right now.
    status = "ready" if model.status is ModelStatus.READY else "unfinished"
    return model.name, str(model.kind), model.architecture, model.cohort or "–", seed, status


def _titled(title: QWidget, content: QWidget) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 8)
    layout.setSpacing(8)
    layout.addWidget(title)
    layout.addWidget(content, 1)
    return made
