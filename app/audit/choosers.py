"""The row of choosers over the audit: which model, method, number and masks the figures are of."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox

from app.audit.method_choice import MethodChoice
from app.audit.scales import Scale
from app.widgets.choice_row import ChoiceRow
from app.widgets.controls import named
from gsal.records import MaskSet, SaliencyMethod

__all__ = ["AuditChoosers", "Choice"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the figures are of.

    Attributes:
        model: Its name; None for all.
        method: How saliency is computed.
        scale: On which saliency is read.
        mask_set: Which masks the figures rest on.
    """

    model: str | None
    method: SaliencyMethod
    scale: Scale
    mask_set: MaskSet


class AuditChoosers(ChoiceRow):
    """Four choosers side by side, or two and two.

    Args:
        classes: Number of the project's classes, for what the methods cost.
        mask_set: That is chosen at first.

    Signals:
        changed(): Another model, method or number is chosen.
        model_changed(): Another model is chosen; before `changed`.
        masks_changed(): Another mask set is chosen.
    """

    changed = Signal()
    model_changed = Signal()
    masks_changed = Signal()

    def __init__(self, classes: int, mask_set: MaskSet) -> None:
        super().__init__()
        self.model = named(QComboBox(), "auditModel", "Model to show")
        self.model.addItem("All models", None)
        self.method = MethodChoice(classes)
        self.scale = named(QComboBox(), "auditScale", "How a map and a mask become one number")
        for scale in Scale:
            self.scale.addItem(scale.choice, scale)
        self.mask_set = named(QComboBox(), "auditMaskSet", "Which masks the figures rest on")
        for one in MaskSet:
            self.mask_set.addItem(f"{one.capitalize()} masks", one)
        self.mask_set.setCurrentIndex(self.mask_set.findData(mask_set))
        self.hold((self.model, self.method, self.scale, self.mask_set))
        self.model.currentIndexChanged.connect(self.model_changed)
        for chooser in (self.model, self.method, self.scale):
            chooser.currentIndexChanged.connect(self.changed)
        self.mask_set.currentIndexChanged.connect(self.masks_changed)

    @property
    def choice(self) -> Choice:
        """What is chosen."""
        return Choice(
            model=self.model.currentData(),
            method=self.method.chosen,
            scale=Scale(self.scale.currentData()),
            mask_set=MaskSet(self.mask_set.currentData()),
        )

    @property
    def words(self) -> str:
        """The model and the method, for people."""
        return f"{self.model.currentText()}: no {self.method.currentText()}"

    def show_models(self, names: Iterable[str]) -> None:
        """Offer these models, and keep the chosen one if it is still there."""
        chosen = self.model.currentData()
        with QSignalBlocker(self.model):
            self.model.clear()
            self.model.addItem("All models", None)
            for name in names:
                self.model.addItem(name, name)
            self.model.setCurrentIndex(max(0, self.model.findData(chosen)))
