"""Which model's methods are compared over which masks, and the buttons that compute what is missing."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.jobs.task import Task, TaskState, progress_text
from app.widgets.controls import choice, push_button
from app.widgets.elided import ElidedLabel
from gsal.records import MaskSet

__all__ = ["MethodsBar"]

_LEAST_LETTERS, _MOST_NAME_EM = 6, 18
_READ_ONLY = "The project is open for reading only"
_UNDER_WAY = "Something is being computed; it can be asked for afterwards"


class MethodsBar(QWidget):
    """A line of choices.

    Signals:
        changed(): Another model or other masks were chosen.
        effect_asked(): Predict without and with ink.
        methods_asked(): Explain by all methods.
        sanity_asked(): Check the methods' sanity.
        stop_asked()
    """

    changed = Signal()
    effect_asked = Signal()
    methods_asked = Signal()
    sanity_asked = Signal()
    stop_asked = Signal()

    def __init__(self, *, is_read_only: bool) -> None:
        super().__init__()
        self.setObjectName("methodsBar")
        self._is_read_only = is_read_only
        self._is_running = self._has_missing = False
        self._chosen_masks = ""
        self.model = choice("methodsModel", "Classifier whose saliency methods are compared", {})
        sets = {str(one): f"{one.capitalize()} masks" for one in MaskSet}
        self.mask_set = choice("methodsMaskSet", "Which masks the figures rest on", sets)
        self.effect = push_button("measureInkEffect", "Measure ink effect", "")
        self.methods = push_button("computeAllMethods", "All methods...", "")
        self.sanity = push_button("checkSanity", "Check sanity...", "")
        self.text = ElidedLabel()
        self.text.setObjectName("methodsProgress")
        self.stop = push_button("stopMethods", "Stop", "Stop; what is computed so far is kept")
        self.buttons = {
            self.effect: "Predict the pictures without their ink and with another's, and compare answers",
            self.methods: "Choose among the methods that are not computed yet, and see what each costs",
            self.sanity: "Choose methods, and see what it costs to check whether maps follow the weights",
        }
        self._lay_out()
        self.model.currentIndexChanged.connect(self.changed)
        self.mask_set.activated.connect(self._choose_masks)
        self.effect.clicked.connect(self.effect_asked)
        self.methods.clicked.connect(self.methods_asked)
        self.sanity.clicked.connect(self.sanity_asked)
        self.stop.clicked.connect(self.stop_asked)
        self.show_task(None)

    def show_models(self, models: Sequence[str], model: str, mask_set: str) -> None:
        """Offer these models, and show what is chosen."""
        with QSignalBlocker(self.model), QSignalBlocker(self.mask_set):
            self.model.clear()
            for name in models:
                self.model.addItem(name, name)
            self.model.setCurrentIndex(self.model.findData(model))
            self.mask_set.setCurrentIndex(self.mask_set.findData(mask_set))
        self._show_state()

    @property
    def chosen_masks(self) -> str:
        """The masks that the user chose; "" before, for those that saliency was last computed over."""
        return self._chosen_masks

    def show_missing(self, methods: Sequence[str]) -> None:
        """Offer to compute these methods; none if all are computed."""
        self._has_missing = bool(methods)
        self._show_state()

    def show_task(self, task: Task | None) -> None:
        """Show how far what was started here is."""
        self._is_running = task is not None and not task.state.is_over
        if not self._is_running and self.window().focusWidget() is self.stop:
            # Qt would hand the focus to a neighbour, and Space would then start something.
            self.model.setFocus()
        self.stop.setVisible(self._is_running)
        if task is None or task.state is TaskState.DONE:
            self.text.show_text("")
        elif task.state is TaskState.RUNNING and task.progress is not None:
            self.text.show_text(progress_text(task.progress))
        else:
            self.text.show_text(f"{str(task.state).capitalize()}. {task.message}".strip())
        self.stop.setEnabled(task is not None and task.state is not TaskState.STOPPING)
        self._show_state()

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for box in (self.model, self.mask_set):
            box.setMinimumContentsLength(_LEAST_LETTERS)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.setMaximumWidth(_MOST_NAME_EM * self.fontInfo().pixelSize())
            layout.addWidget(box, 1)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.stop)
        for button in self.buttons:
            layout.addWidget(button)

    @Slot()
    def _choose_masks(self) -> None:
        self._chosen_masks = str(self.mask_set.currentData())
        self.changed.emit()

    @Slot()
    def _show_state(self) -> None:
        reason = _READ_ONLY if self._is_read_only else _UNDER_WAY if self._is_running else ""
        reason = reason or ("" if self.model.count() else "Train a classifier first")
        for button, tip in self.buttons.items():
            is_done = button is self.methods and not self._has_missing
            why = reason or ("Every method that can explain this model has" if is_done else "")
            button.setEnabled(not why)
            button.setToolTip(why or tip)
            button.setAccessibleName(tip)
