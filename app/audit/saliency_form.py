"""What saliency is computed of: methods with their costs, masks, the placebo; all else behind "More..."."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.audit.method_choice import Refused
from app.audit.saliency_settings import SaliencySettings
from app.widgets.controls import choice, label, named, push_button
from gsal.audit.names import method_name
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.records import PAPER_METHODS, MaskSet, SaliencyMethod, Variant
from gsal.saliency.cost import passes_of, passes_words
from gsal.saliency.options import Competition, Options, Precision

__all__ = ["SaliencyForm"]

_COMPETITIONS = {
    Competition.GUPTA_ARORA: "Gupta and Arora 2019 (usual)",
    Competition.PFAU_2019: "Pfau et al. 2019",
    Competition.PFAU_2019_SLOPE: "Pfau et al. 2019, by the gradient",
}
_PLACEBO = "Placebo: ink painted over"
_PLACEBO_TIP = "Also over the same masks without their ink: what a method reads there anyway"
_ASIDE = (
    "Another setting than the usual one is a run of its own; audits and the figures here rest on the usual."
)


class SaliencyForm(QScrollArea):
    """Methods at the left; masks, placebo and settings at the right.

    Args:
        models: Names of the networks to explain; all if empty.
        classes: Of those networks.
        mask_set: That is chosen at first.
        refused: Methods that cannot explain these networks, and why.
        methods: Those that are chosen at first.

    Signals:
        changed(): Something else is asked for.
    """

    changed = Signal()

    def __init__(
        self,
        models: Sequence[str],
        *,
        classes: int,
        mask_set: MaskSet,
        refused: Refused,
        methods: Collection[SaliencyMethod] = PAPER_METHODS,
    ) -> None:
        super().__init__()
        self.setObjectName("saliencyForm")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._models = tuple(models)
        usual = [m for m in methods if m not in refused]
        self.methods = {m: _method_box(m, refused.get(m, ""), is_on=m in usual) for m in SaliencyMethod}
        self.mask_sets = {one: _mask_box(one, is_on=one is mask_set) for one in MaskSet}
        self.placebo = named(QCheckBox(_PLACEBO), "saliencyPlacebo", _PLACEBO_TIP)
        self.placebo.setChecked(True)
        competitions = {str(rule): text for rule, text in _COMPETITIONS.items()}
        self.competition: QComboBox = choice(
            "saliencyCompetition", "Which class wins a pixel in competitive gradient x input", competitions
        )
        self.more: QPushButton = push_button("moreSaliency", "More...", "Show all settings")
        self.more.setCheckable(True)
        self.settings = SaliencySettings()
        self.settings.hide()
        self._classes = classes
        self.costs = {method: label(role="muted", name=f"cost-{method}") for method in SaliencyMethod}
        self.together = label(role="muted", name="costTogether")
        self._lay_out()
        self._tell_costs()
        self.changed.connect(self._tell_costs)
        self.settings.changed.connect(self.changed)
        for box in (*self.methods.values(), *self.mask_sets.values(), self.placebo):
            box.toggled.connect(self.changed)
        self.more.toggled.connect(self._show_more)

    @property
    def is_complete(self) -> bool:
        """Whether there is a method and a mask set."""
        return bool(self._chosen_methods and self._chosen_sets)

    def job(self) -> ComputeSaliency:
        """Return what is asked for."""
        settings = self.settings
        return ComputeSaliency(
            self._models,
            methods=tuple(map(str, self._chosen_methods)),
            mask_sets=tuple(map(str, self._chosen_sets)),
            variants=(str(Variant.INPAINTED),) if self.placebo.isChecked() else (),
            competition=str(self.competition.currentData()),
            layer=settings.layer.text().strip(),
            centred=settings.centred.isChecked(),
            precision=str(Precision.FAST if settings.fast.isChecked() else Precision.FLOAT32),
            samples=settings.samples.value(),
            steps=settings.steps.value(),
            seed=settings.seed.value(),
            percentile=settings.percentile.value(),
        )

    @property
    def _chosen_methods(self) -> list[SaliencyMethod]:
        return [method for method, box in self.methods.items() if box.isChecked()]

    @property
    def _chosen_sets(self) -> list[MaskSet]:
        return [mask_set for mask_set, box in self.mask_sets.items() if box.isChecked()]

    def _lay_out(self) -> None:
        methods = QGridLayout()
        methods.setVerticalSpacing(8)
        methods.setHorizontalSpacing(16)
        methods.addWidget(label("Methods", role="section"), 0, 0)
        passes = label("Passes", role="muted")
        passes.setToolTip("What one picture costs, in forward passes through the network that take as long")
        methods.addWidget(passes, 0, 1, Qt.AlignmentFlag.AlignRight)
        for row, (method, box) in enumerate(self.methods.items(), start=1):
            methods.addWidget(box, row, 0)
            methods.addWidget(self.costs[method], row, 1, Qt.AlignmentFlag.AlignRight)
        methods.addWidget(self.together, methods.rowCount(), 0, 1, 2, Qt.AlignmentFlag.AlignRight)
        methods.setRowStretch(methods.rowCount(), 1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(label("Masks", role="section"))
        sets = QGridLayout()
        for number, box in enumerate(self.mask_sets.values()):
            sets.addWidget(box, number // 2, number % 2)
        right.addLayout(sets)
        right.addSpacing(8)
        right.addWidget(self.placebo)
        right.addWidget(label("Competition", role="section"))
        right.addWidget(self.competition)
        right.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self.settings)
        right.addWidget(label(_ASIDE, role="muted", wrap=True))
        right.addStretch()
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setContentsMargins(0, 0, 16, 0)
        columns.setSpacing(32)
        columns.addLayout(methods)
        columns.addLayout(right, 1)
        self.setWidget(content)

    @Slot()
    def _tell_costs(self) -> None:
        """Say what each method costs, and all that are chosen, in forward passes that take as long."""
        options = Options(samples=self.settings.samples.value(), steps=self.settings.steps.value())
        for method, shown in self.costs.items():
            passes = passes_of([method], classes=self._classes, options=options)
            shown.setText(f"{round(passes.forward_equivalents):,}")
            shown.setToolTip(passes_words(passes))
        together = passes_of(self._chosen_methods, classes=self._classes, options=options)
        twice = ", twice where there is ink" if self.placebo.isChecked() else ""
        self.together.setText(f"Chosen: {round(together.forward_equivalents):,}{twice}")
        self.together.setToolTip(f"{passes_words(together)}; methods share what they can")

    @Slot(bool)
    def _show_more(self, is_shown: bool) -> None:
        self.settings.setVisible(is_shown)
        self.more.setText("Less" if is_shown else "More...")


def _method_box(method: SaliencyMethod, why_not: str, *, is_on: bool) -> QCheckBox:
    name = method_name(method)
    box = named(QCheckBox(name[0].upper() + name[1:]), f"compute-{method}", f"Compute {name}")
    box.setChecked(is_on)
    if why_not:
        box.setEnabled(False)
        box.setToolTip(why_not)
    return box


def _mask_box(mask_set: MaskSet, *, is_on: bool) -> QCheckBox:
    box = named(QCheckBox(mask_set.capitalize()), f"over-{mask_set}", f"Aggregate over the {mask_set} masks")
    box.setChecked(is_on)
    return box
