"""What is explained, and how: the models, the method, the class, and the masks that the figures rest on."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.widgets.controls import choice, fill_choice
from gsal.audit.names import method_name
from gsal.records import MaskSet, ModelRecord, SaliencyMethod
from gsal.saliency.cost import passes_of, passes_words

__all__ = ["Choices"]


class Choices(QWidget):
    """A line of choices.

    Attributes:
        mask_set: Which masks; placed by whoever places the figures.

    Signals:
        changed(): Models, method or masks are others now.
        class_changed(): Another class is to be shown, of maps that are there already.
    """

    changed = Signal()
    class_changed = Signal()

    def __init__(self, mask_set: str) -> None:
        super().__init__()
        self.setObjectName("mapChoices")
        self._models: dict[str, ModelRecord] = {}
        self.first = choice("mapsModel", "Model whose maps are shown", {})
        self.second = choice("mapsSecondModel", "Second model, side by side with the first", {})
        methods = {str(method): _capital(method_name(method)) for method in SaliencyMethod}
        self.method = choice("mapsMethod", "How saliency is computed", methods)
        self.shown_class = choice("mapsClass", "Class that is explained", {})
        sets = {str(one): f"{one.capitalize()} masks" for one in MaskSet}
        self.mask_set = choice("mapsMaskSet", "Which masks the figures rest on", sets)
        self.mask_set.setCurrentIndex(max(0, self.mask_set.findData(mask_set)))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        boxes = (self.first, self.second, self.method, self.shown_class)
        for box in (*boxes, self.mask_set):
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for box in boxes:
            # The longest names are those of methods.
            layout.addWidget(box, 3 if box is self.method else 2)
        for box in (self.first, self.second):
            box.currentIndexChanged.connect(self._take_models)
        for box in (self.method, self.mask_set):
            box.currentIndexChanged.connect(self.changed)
        self.shown_class.currentIndexChanged.connect(self.class_changed)
        self.show_models(())

    @property
    def models(self) -> tuple[ModelRecord, ...]:
        """Those chosen, from left to right."""
        names = (self.first.currentData(), self.second.currentData())
        return tuple(self._models[name] for name in names if name)

    @property
    def chosen_method(self) -> SaliencyMethod:
        """The method."""
        return SaliencyMethod(self.method.currentData())

    @property
    def chosen_masks(self) -> MaskSet:
        """The mask set."""
        return MaskSet(self.mask_set.currentData())

    @property
    def chosen_class(self) -> str | None:
        """Name of the class; None for each model's predicted one."""
        return self.shown_class.currentData() or None

    def show_models(self, models: Sequence[ModelRecord]) -> None:
        """Offer these models; what is chosen stays if it is still there."""
        self._models = {model.name: model for model in models}
        named = [(name, name) for name in self._models]
        fill_choice(self.first, named)
        fill_choice(self.second, [("One model", ""), *named])
        self._show_possible()

    @Slot()
    def _take_models(self) -> None:
        self._show_possible()
        self.changed.emit()

    def _show_possible(self) -> None:
        """Offer the classes of the chosen models, and grey the methods that cannot explain one of them."""
        classes = dict.fromkeys(name for model in self.models for name in model.classes)
        fill_choice(self.shown_class, [("Predicted class", ""), *((name, name) for name in classes)])
        items = self.method.model()
        assert isinstance(items, QStandardItemModel)  # noqa: S101 - what Qt makes by itself
        refused = _refused(self.models)
        for row, method in enumerate(SaliencyMethod):
            items.item(row).setEnabled(method not in refused)
            tip = refused.get(method) or _cost_words(method, self.models)
            self.method.setItemData(row, tip, Qt.ItemDataRole.ToolTipRole)
        if self.chosen_method in refused:
            possible = [row for row, method in enumerate(SaliencyMethod) if method not in refused]
            with QSignalBlocker(self.method):
                self.method.setCurrentIndex(next(iter(possible), 0))


def _cost_words(method: SaliencyMethod, models: Sequence[ModelRecord]) -> str:
    """Say what a method costs for the first model; nothing is known without one."""
    if not models:
        return ""
    first = models[0]
    return passes_words(passes_of([method], classes=len(first.classes), size=first.preprocessing.size))


def _refused(models: Sequence[ModelRecord]) -> Mapping[SaliencyMethod, str]:
    return {
        method: f"{model.name}: {why}" for model in models for method, why in model.brought.refused.items()
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
