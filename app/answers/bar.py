"""Which classifier is looked at, and the buttons that ask it and show what it sees."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from app.answers.stored import Answered
from app.jobs.task import Task, TaskState, progress_text
from app.widgets.controls import named, primary_button, push_button
from app.widgets.elided import ElidedLabel
from gsal.jobs.predictions.predict import Predict

__all__ = ["AnswersBar"]

_TIP = (
    "Ask it about every picture it did not learn from: as it is, without the ink, and without all but the ink"
)
_LEAST_LETTERS, _MOST_NAME_EM = 6, 18


class AnswersBar(QWidget):
    """A line of choices.

    Signals:
        asked(job): Predict this.
        stop_asked()
        preview_asked(): Show what a network sees.
        chosen(): Another classifier was chosen.
    """

    asked = Signal(object)
    stop_asked = Signal()
    preview_asked = Signal()
    chosen = Signal()

    def __init__(self, *, is_read_only: bool) -> None:
        super().__init__()
        self.setObjectName("answersBar")
        self._is_read_only = is_read_only
        self._known: Sequence[Answered] = ()
        self.network = named(QComboBox(), "answeringNetwork", "Classifier to look at")
        self.network.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.network.setMinimumContentsLength(_LEAST_LETTERS)
        self.network.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.network.setMaximumWidth(_MOST_NAME_EM * self.fontInfo().pixelSize())
        self.preview = push_button(
            "previewVariants", "Preview...", "Show what a network sees of pictures with their ink taken away"
        )
        self.predict = primary_button("predict", "Predict", _TIP)
        self.stop = push_button("stopPredicting", "Stop", "Stop; what is predicted so far is kept")
        self.text = ElidedLabel()
        self.text.setObjectName("predictingText")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.network, 1)
        layout.addWidget(self.preview)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.stop)
        layout.addWidget(self.predict)
        self.network.currentIndexChanged.connect(self.chosen)
        self.preview.clicked.connect(self.preview_asked)
        self.predict.clicked.connect(self.ask)
        self.stop.clicked.connect(self.stop_asked)
        self.show_task(None)
        self.show_known(())

    @property
    def current(self) -> Answered | None:
        """What is chosen."""
        row = self.network.currentIndex()
        return self._known[row] if 0 <= row < len(self._known) else None

    def show_known(self, known: Sequence[Answered]) -> None:
        """Offer these; the one that was chosen stays so, else the newest is."""
        before = self.current
        self._known = known
        with QSignalBlocker(self.network):
            self.network.clear()
            for one in known:
                folds = f" ({len(one.models)} folds)" if len(one.models) > 1 else ""
                self.network.addItem(one.name + folds, one.name)
            row = self.network.findData(before.name) if before is not None else -1
            self.network.setCurrentIndex(row if row >= 0 else len(known) - 1)
        self.network.setVisible(bool(known))
        self._show_state()

    def choose(self, name: str) -> bool:
        """Choose a classifier by its name; return whether it is there."""
        row = self.network.findData(name)
        if row >= 0:
            self.network.setCurrentIndex(row)
        return row >= 0

    def show_task(self, task: Task | None) -> None:
        """Show how far the predicting is."""
        is_running = task is not None and not task.state.is_over
        if not is_running and self.window().focusWidget() is self.stop:
            # Qt would hand the focus to a neighbour, and Space would then start something else.
            self.network.setFocus()
        self.stop.setVisible(is_running)
        self.predict.setVisible(not is_running)
        if task is None or task.state is TaskState.DONE:
            self.text.show_text("")
        elif task.state is TaskState.RUNNING and task.progress is not None:
            self.text.show_text(progress_text(task.progress))
        else:
            self.text.show_text(f"{str(task.state).capitalize()}. {task.message}".strip())
        self.stop.setEnabled(task is not None and task.state is not TaskState.STOPPING)

    @Slot()
    def ask(self) -> None:
        """Have the chosen classifier asked."""
        if self.current is not None:
            self.asked.emit(Predict(self.current.models))

    def _show_state(self) -> None:
        reason = "The project is open for reading only" if self._is_read_only else ""
        reason = reason or ("" if self._known else "Train a classifier first")
        self.predict.setEnabled(not reason)
        self.predict.setToolTip(reason or _TIP)
