"""Whose maps the gallery shows, of which pictures, and by which number they are ordered."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot

from app.audit.method_choice import MethodChoice, why_not
from app.gallery.listing import Answers, Gallery, Request
from app.widgets.choice_row import ChoiceRow
from app.widgets.controls import choice, fill_choice, named
from gsal.records import Aggregator, MaskSet, SaliencyMethod

__all__ = ["GalleryChoosers"]

_AGGREGATORS: dict[str, str] = {Aggregator.MEAN: "By mean (m)", Aggregator.PEAK: "By peaks (n)"}
_ANSWERS: dict[str, str] = {
    Answers.ALL: "All answers",
    Answers.RIGHT: "Right answers",
    Answers.WRONG: "Wrong answers",
}
_LEAST_LETTERS = 6


class GalleryChoosers(ChoiceRow):
    """Six choosers side by side, or in two lines.

    Args:
        classes: Number of the project's classes, for what the methods cost.
        mask_set: That is chosen at first.

    Signals:
        changed(): Something other than the classes is chosen.
        classes_chosen(frozenset): The true classes that are to be shown; empty for all.
    """

    changed = Signal()
    classes_chosen = Signal(object)

    def __init__(self, classes: int, mask_set: str) -> None:
        super().__init__()
        self.setObjectName("galleryChoosers")
        self.model = choice("galleryModel", "Model whose maps are shown", {})
        self.method = named(MethodChoice(classes), "galleryMethod", "How the maps are computed")
        self.method.setCurrentIndex(self.method.findData(SaliencyMethod.GRAD_CAM))
        self.method.setMinimumContentsLength(_LEAST_LETTERS)
        self.aggregator = choice(
            "galleryOrder",
            "What orders the pictures: m, the mean on ink, or n, the share of peaks in ink",
            _AGGREGATORS,
        )
        sets = {str(one): f"{one.capitalize()} masks" for one in MaskSet}
        self.mask_set = choice("galleryMaskSet", "Which masks the figures rest on", sets)
        self.mask_set.setCurrentIndex(max(0, self.mask_set.findData(mask_set)))
        self.shown_class = choice("galleryClass", "True class of the pictures; the same as on Figures", {})
        self.answers = choice("galleryAnswers", "Pictures that the model gets right, or wrong", _ANSWERS)
        self._groups: list[frozenset[str]] = []
        self.show_classes((), frozenset())
        self.hold((self.model, self.method, self.aggregator, self.mask_set, self.shown_class, self.answers))
        for box in (self.model, self.method, self.aggregator, self.mask_set, self.answers):
            box.currentIndexChanged.connect(self.changed)
        self.shown_class.currentIndexChanged.connect(self._choose_class)

    def request(self, classes: frozenset[str], reader_id: int | None) -> Request:
        """Return what is chosen, for a reader and true classes."""
        return Request(
            model=self.model.currentData() or "",
            method=self.method.chosen,
            aggregator=Aggregator(self.aggregator.currentData()),
            mask_set=MaskSet(self.mask_set.currentData()),
            classes=classes,
            answers=Answers(self.answers.currentData()),
            reader_id=reader_id,
        )

    def show_gallery(self, gallery: Gallery) -> None:
        """Offer the models there are, grey what cannot explain the one shown, and offer its classes."""
        fill_choice(self.model, [(model.name, model.name) for model in gallery.models])
        refused = {model.name: model.brought.refused for model in gallery.models}
        self.method.show_refused(why_not(refused, gallery.model.name if gallery.model else None))
        self.show_classes(gallery.model.classes if gallery.model else (), gallery.request.classes)

    def show_classes(self, classes: Sequence[str], group: frozenset[str]) -> None:
        """Offer each class, and the group that is selected elsewhere."""
        self._groups = [frozenset(), *(frozenset({name}) for name in classes)]
        texts = ["All classes", *classes]
        if group not in self._groups:
            self._groups.append(group)
            texts.append("+".join(sorted(group)))
        with QSignalBlocker(self.shown_class):
            self.shown_class.clear()
            self.shown_class.addItems(texts)
            self.shown_class.setCurrentIndex(self._groups.index(group))

    def show_all(self) -> None:
        """Choose right and wrong answers."""
        self.answers.setCurrentIndex(self.answers.findData(str(Answers.ALL)))

    @Slot(int)
    def _choose_class(self, row: int) -> None:
        self.classes_chosen.emit(self._groups[row])
