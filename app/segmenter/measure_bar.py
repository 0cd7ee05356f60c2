"""What to measure, and against what; and the button that starts it."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSizePolicy, QWidget

from app.jobs.task import Task, TaskState, progress_text
from app.segmenter.stored import REFERENCES, StoredMeasurements
from app.widgets.controls import label, named, primary_button, push_button
from gsal.jobs.evaluation.evaluate import EvaluateSegmenter
from gsal.records import MaskSet

__all__ = ["MeasureBar"]

_TEXTS = {
    MaskSet.HUMAN: "Human masks",
    MaskSet.ADJUDICATED: "Adjudicated masks",
    MaskSet.EXACT: "Exact masks",
}
_TIP = "Measure this network's masks"
_MOST_NAME_EM, _LEAST_LETTERS = 14, 6


class MeasureBar(QWidget):
    """A line of choices.

    Signals:
        asked(job): Measure this.
        stop_asked()
        network_chosen(name)
    """

    asked = Signal(object)
    stop_asked = Signal()
    network_chosen = Signal(str)

    def __init__(self, *, is_read_only: bool) -> None:
        super().__init__()
        self.setObjectName("measureBar")
        self._is_read_only = is_read_only
        self._stored: StoredMeasurements | None = None
        self._is_running = False
        self.network = named(QComboBox(), "measuredNetwork", "Ink network to measure")
        self.against = named(QComboBox(), "measuredAgainst", "Masks that count as true")
        self.judgements = named(
            QComboBox(), "judgementColumn", "Column of the labels that says whether a picture has ink"
        )
        self.locked = named(
            QCheckBox("Locked set only"), "lockedOnly", "Measure on the locked validation set alone"
        )
        self.measure = primary_button("measureSegmenter", "Measure", _TIP)
        self.stop = push_button("stopMeasuring", "Stop", "Stop measuring")
        self.text = label(role="muted", name="measuringText")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.network, self.against, self.judgements, self.locked):
            layout.addWidget(widget)
        layout.addStretch()
        for shown in (self.text, self.stop, self.measure):
            layout.addWidget(shown)
        for box in (self.network, self.against, self.judgements):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(_LEAST_LETTERS)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.setMaximumWidth(_MOST_NAME_EM * self.fontInfo().pixelSize())
        self.network.currentIndexChanged.connect(self._choose_network)
        self.against.currentIndexChanged.connect(self._show_state)
        self.measure.clicked.connect(self.ask)
        self.stop.clicked.connect(self.stop_asked)
        self.show_task(None)

    @property
    def chosen_network(self) -> str:
        """Name of the network; "" when there is none."""
        return str(self.network.currentData() or "")

    @property
    def chosen_reference(self) -> MaskSet:
        """Which masks count as true."""
        return MaskSet(self.against.currentData() or MaskSet.HUMAN)

    def show_stored(self, stored: StoredMeasurements) -> None:
        """Offer what the project has."""
        is_first, self._stored = self._stored is None, stored
        _fill(self.network, [(name, name) for name in stored.networks], usual=-1)
        counted = [(f"{_TEXTS[one]} ({stored.references[one]:,})", one) for one in REFERENCES]
        _fill(self.against, counted)
        columns = [(f"Ink says: {name}", name) for name in stored.columns]
        _fill(self.judgements, [("No judgements", ""), *columns])
        for choice in (self.network, self.against, self.locked):
            choice.setVisible(bool(stored.networks))
        self.judgements.setVisible(bool(stored.networks and stored.columns))
        self.locked.setEnabled(stored.n_locked > 0)
        self.locked.setChecked(stored.n_locked > 0 and (is_first or self.locked.isChecked()))
        self.locked.setToolTip(
            f"Measure on the {stored.n_locked:,} pictures of the locked validation set alone"
            if stored.n_locked
            else "No validation set is locked; Review has it"
        )
        if is_first:
            self._take_usual(stored)
        self._show_state()

    def choose(self, network: str) -> None:
        """Choose a network by its name, if it is there."""
        row = self.network.findData(network)
        if row >= 0:
            self.network.setCurrentIndex(row)

    def show_task(self, task: Task | None) -> None:
        """Show how far the measuring is."""
        self._is_running = task is not None and not task.state.is_over
        if not self._is_running and self.window().focusWidget() is self.stop:
            # Qt would hand the focus to a neighbour, and Space would then start something else.
            self.network.setFocus()
        self.stop.setVisible(self._is_running)
        self.measure.setVisible(not self._is_running)
        if task is None or task.state is TaskState.DONE:
            self.text.setText("")
        elif task.state is TaskState.RUNNING and task.progress is not None:
            self.text.setText(progress_text(task.progress))
        else:
            self.text.setText(str(task.state).capitalize())
        self.stop.setEnabled(task is not None and task.state is not TaskState.STOPPING)
        self._show_state()

    @Slot()
    def ask(self) -> None:
        """Have measured what is chosen."""
        self.asked.emit(
            EvaluateSegmenter(
                model=self.chosen_network,
                against=str(self.chosen_reference),
                judgements=str(self.judgements.currentData() or ""),
                locked_only=self.locked.isChecked(),
            )
        )

    @Slot()
    def _choose_network(self) -> None:
        if self._stored is not None:
            self._take_usual(self._stored)
        self.network_chosen.emit(self.chosen_network)

    def _take_usual(self, stored: StoredMeasurements) -> None:
        """Choose what the network was last measured against, else the most trusted masks there are."""
        known = stored.measurements.get(self.chosen_network)
        if known is not None:
            self._take_settings(known.settings)
            return
        order = (MaskSet.ADJUDICATED, MaskSet.HUMAN, MaskSet.EXACT)
        best = max(order, key=lambda one: (stored.references[one] > 0, -order.index(one)))
        self.against.setCurrentIndex(self.against.findData(best))

    def _take_settings(self, settings: dict[str, Any]) -> None:
        for box, name in ((self.against, "against"), (self.judgements, "judgements")):
            box.setCurrentIndex(max(0, box.findData(settings.get(name, ""))))
        self.locked.setChecked(bool(settings.get("locked_only")) and self.locked.isEnabled())

    @Slot()
    def _show_state(self) -> None:
        reason = self._why_not()
        self.measure.setEnabled(not reason)
        self.measure.setToolTip(reason or _TIP)

    def _why_not(self) -> str:
        """Return why nothing can be measured now; "" if it can."""
        if self._is_read_only:
            return "The project is open for reading only"
        if self._stored is None or not self.chosen_network:
            return "Train an ink network first"
        if not self._stored.masked[self.chosen_network]:
            return f"Mask pictures with {self.chosen_network} first"
        if not self._stored.references[self.chosen_reference] and not self.judgements.currentData():
            return "There are no such masks yet"
        return ""


def _fill(box: QComboBox, entries: list[tuple[str, Any]], *, usual: int = 0) -> None:
    """Offer these entries, and keep what is chosen, else take the one at `usual`."""
    chosen = box.currentData()
    with QSignalBlocker(box):
        box.clear()
        for text, value in entries:
            box.addItem(text, value)
        known = box.findData(chosen)
        box.setCurrentIndex(known if known >= 0 else range(len(entries))[usual] if entries else -1)
