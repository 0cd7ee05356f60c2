"""Asking for a sanity check: which methods, on how many pictures and draws, and what that costs."""

from collections.abc import Callable, Collection, Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.widgets.controls import label, named, spin_box
from app.widgets.standard_buttons import name_buttons
from gsal.audit.names import method_name
from gsal.jobs.saliency.sanity import CheckSanity
from gsal.records import ModelRecord, SaliencyMethod
from gsal.saliency.cost import passes_of, passes_words

__all__ = ["SanityDialog"]

_USUAL = CheckSanity()
_MOST_PICTURES, _MOST_DRAWS = 1000, 100
_WIDTH_EM, _HEIGHT_EM = 40, 50
_EXPLAINED = (
    "Each picture is explained again after every stage of forgetting, in every draw. How long that takes on "
    "this machine is told when it starts; stopped, the check goes on where it was."
)


class SanityDialog(QDialog):
    """Methods with their costs, pictures and draws.

    Args:
        model: Name of the network whose methods are checked.
        classes: How many it knows.
        methods: That are chosen at first.
        refused: Methods that cannot explain it, and why.

    Signals:
        chosen(job)
    """

    chosen = Signal(object)

    def __init__(
        self,
        model: str,
        *,
        classes: int,
        methods: Collection[SaliencyMethod],
        refused: Mapping[SaliencyMethod, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sanityDialog")
        self.setWindowTitle("Check sanity")
        self._model, self._classes = model, classes
        self.methods = {
            method: _method_box(method, refused.get(method, ""), is_on=method in methods)
            for method in SaliencyMethod
        }
        self.pictures = _count("sanityPictures", "Pictures to look at", _USUAL.pictures, _MOST_PICTURES)
        self.draws = _count("sanityDraws", "How often new parameters are drawn", _USUAL.draws, _MOST_DRAWS)
        self.together = label(role="muted", name="sanityCost", wrap=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        start = buttons.addButton("Check", QDialogButtonBox.ButtonRole.AcceptRole)
        self.start = named(start, "startSanity", "Check these methods", key="Enter")
        self.start.setProperty("role", "primary")
        name_buttons(buttons, "sanityDialog")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._lay_out(buttons)
        for box in self.methods.values():
            box.toggled.connect(self._tell_cost)
        for count in (self.pictures, self.draws):
            count.valueChanged.connect(self._tell_cost)
        self._tell_cost()

    @classmethod
    def ask(
        cls,
        model: ModelRecord,
        methods: Collection[SaliencyMethod],
        start: Callable[[CheckSanity], object],
        *,
        parent: QWidget,
    ) -> None:
        """Open the dialog; `start` is given the job that is chosen, if any."""
        dialog = cls(
            model.name,
            classes=len(model.classes),
            methods=methods,
            refused=model.brought.refused,
            parent=parent,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(start)
        dialog.open()

    def job(self) -> CheckSanity:
        """Return what is asked for."""
        return CheckSanity(
            (self._model,),
            methods=tuple(map(str, self._chosen)),
            pictures=self.pictures.value(),
            draws=self.draws.value(),
        )

    @override
    def accept(self) -> None:
        self.chosen.emit(self.job())
        super().accept()

    @property
    def _chosen(self) -> list[SaliencyMethod]:
        return [method for method, box in self.methods.items() if box.isChecked()]

    def _lay_out(self, buttons: QDialogButtonBox) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        right = Qt.AlignmentFlag.AlignRight
        grid.addWidget(label("Methods", role="section"), 0, 0)
        grid.addWidget(label("Passes", role="muted"), 0, 1, right)
        for row, (method, box) in enumerate(self.methods.items(), start=1):
            passes = passes_of([method], classes=self._classes)
            cost = label(f"{round(passes.forward_equivalents):,}", role="muted")
            cost.setToolTip(passes_words(passes))
            grid.addWidget(box, row, 0)
            grid.addWidget(cost, row, 1, right)
        for text, count in (("Pictures", self.pictures), ("Draws of parameters", self.draws)):
            row = grid.rowCount()
            grid.addWidget(label(text), row, 0)
            grid.addWidget(count, row, 1, right)
        content = QWidget()
        form = QVBoxLayout(content)
        form.setContentsMargins(0, 0, 16, 0)
        form.setSpacing(16)
        form.addLayout(grid)
        form.addWidget(self.together)
        form.addWidget(label(_EXPLAINED, role="muted", wrap=True))
        form.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(16)
        layout.addWidget(area, 1)
        layout.addWidget(buttons)
        em, room = self.fontInfo().pixelSize(), self.screen().availableGeometry()
        self.resize(
            min(_WIDTH_EM * em, int(room.width() * 0.94)), min(_HEIGHT_EM * em, int(room.height() * 0.94))
        )

    @Slot()
    def _tell_cost(self) -> None:
        """Say what a stage costs, in forward passes that take as long; their number the network tells."""
        passes = round(passes_of(self._chosen, classes=self._classes).forward_equivalents)
        pictures, draws = self.pictures.value(), self.draws.value()
        self.together.setText(
            f"Chosen: {passes:,} passes × {pictures:,} picture{'' if pictures == 1 else 's'} × "
            f"{draws:,} draw{'' if draws == 1 else 's'} = {passes * pictures * draws:,} forward passes for "
            "each stage of the network."
        )
        self.start.setEnabled(bool(self._chosen))
        self.start.setToolTip("Check these methods (Enter)" if self._chosen else "Choose a method")


def _method_box(method: SaliencyMethod, why_not: str, *, is_on: bool) -> QCheckBox:
    name = method_name(method)
    box = named(QCheckBox(name[0].upper() + name[1:]), f"check-{method}", f"Check {name}")
    box.setChecked(is_on and not why_not)
    if why_not:
        box.setEnabled(False)
        box.setToolTip(why_not)
    return box


def _count(name: str, tip: str, value: int, most: int) -> QSpinBox:
    box = spin_box(name, tip, least=1, most=most)
    box.setValue(value)
    return box
