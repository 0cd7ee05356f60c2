"""What the gallery says while it has no pictures, with the button that brings some."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from app.gallery.listing import Gallery
from app.gallery.words import note
from app.widgets.controls import primary_button, push_button
from app.widgets.empty_state import EmptyState

__all__ = ["GalleryEmpty"]


class GalleryEmpty(QStackedWidget):
    """No classifier, no saliency over the chosen masks, saliency under way, or no picture that fits.

    Signals:
        training_asked(): The page where classifiers are trained.
        compute_asked(): Saliency of the chosen model.
        all_asked(): Pictures of all classes, answered right or wrong.
    """

    training_asked = Signal()
    compute_asked = Signal()
    all_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        train = primary_button("galleryTraining", "Go to Training", "Train a classifier or import one")
        self.compute = primary_button(
            "galleryCompute", "Compute saliency...", "Explain all pictures that judge the model"
        )
        every = push_button("galleryAll", "Show all", "Pictures of all classes, answered right or wrong")
        train.clicked.connect(self.training_asked)
        self.compute.clicked.connect(self.compute_asked)
        every.clicked.connect(self.all_asked)
        self.untrained = EmptyState(
            "Train a classifier first", "The gallery shows what a trained classifier looks at.", train
        )
        self.missing = EmptyState("No saliency yet", "", self.compute)
        self.computing = EmptyState(
            "Computing saliency", "The pictures appear here, in order, as they are explained."
        )
        self.unfit = EmptyState("No picture with ink fits", "", every)
        self.inkless = EmptyState("No picture with ink", "")
        for state in (self.untrained, self.missing, self.computing, self.unfit, self.inkless):
            self.addWidget(state)

    def show_gallery(self, gallery: Gallery, *, is_coming: bool, can_compute: bool) -> None:
        """Say why there are no pictures in it."""
        self.compute.setEnabled(can_compute)
        if gallery.model is None:
            self.setCurrentWidget(self.untrained)
        elif gallery.table is None and is_coming:
            self.setCurrentWidget(self.computing)
        elif gallery.table is None:
            self.missing.say(gallery.note or _missing_text(gallery))
            self.setCurrentWidget(self.missing)
        elif gallery.inked:
            self.unfit.say(f"{gallery.inked:,} pictures with ink are of other classes or answers.")
            self.setCurrentWidget(self.unfit)
        else:
            masks = f"{gallery.request.mask_set} masks"
            self.inkless.say(f"None that judges {gallery.model.name} has ink in the {masks}. {note(gallery)}")
            self.setCurrentWidget(self.inkless)


def _missing_text(gallery: Gallery) -> str:
    assert gallery.model is not None  # noqa: S101 - asked for a model's
    sentence = f"Nothing is stored of {gallery.model.name} over the {gallery.request.mask_set} masks."
    if gallery.other_sets:
        others = " and the ".join(gallery.other_sets)
        sentence += f" There are results over the {others} masks: choose them above."
    return sentence
