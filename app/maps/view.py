"""Looking at maps: a picture, its ink, and what one model or two look at in it."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.jobs.changes import Part, has_changed
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.maps.busy import Busy
from app.maps.choices import Choices
from app.maps.exporting import Shown
from app.maps.keys import bind_keys
from app.maps.listing import Listing, Request
from app.maps.looks import LooksPanel
from app.maps.making import Making, Wish
from app.maps.panes import Panes
from app.maps.photograph import Photograph
from app.maps.pictures import Pictures
from app.maps.saving import Saving
from app.maps.side import side_column
from app.maps.walk import Walk
from app.maps.words import kept_back_text, learned_text
from app.widgets.controls import label, line, push_button
from app.widgets.empty_state import EmptyState
from gsal.errors import GsalError
from gsal.jobs.saliency.runs import latest_mask_set
from gsal.project import Project
from gsal.records import MaskSet

__all__ = ["MapsView"]

_PARTS = (Part.PICTURES, Part.MASKS, Part.COHORTS, Part.CLASSIFIERS, Part.SALIENCY, Part.READINGS)
_UNREAD = (
    "You have still to read this picture without knowing what others found: read it in the review first."
)
_UNTRAINED = "Train a classifier or import one, on the Training page. Maps are made here, picture by picture."


class MapsView(QWidget):
    """Layout and wiring of the maps."""

    def __init__(self, project: Project, manager: JobManager) -> None:
        super().__init__()
        self.setObjectName("mapsView")
        self._project = project
        self._reader_id: int | None = None
        self.choices = Choices(latest_mask_set(project) or MaskSet.BEST)
        self.walk = Walk()
        self.looks = LooksPanel()
        self.panes = Panes(self.looks.look)
        self.busy = Busy()
        self.note = label(role="muted", name="mapsNote", wrap=True)
        self.learned = label(role="danger", name="mapsLearned", wrap=True)
        self.export = push_button("exportMap", "Export PNG...", "Save picture, mask and map", key="Ctrl+E")
        self.pictures = Pictures(project, self)
        self.reading = self.pictures.reading
        self.making = Making(project, parent=self)
        self.saving = Saving(project, window=self)
        self._lay_out()
        self._connect(manager)
        bind_keys(
            self,
            {
                ("D", "PgDown"): partial(self.pictures.go, 1),
                ("A", "PgUp"): partial(self.pictures.go, -1),
                ("S",): self.looks.hide_maps.toggle,
                (",",): partial(self.looks.fade, -1),
                (".",): partial(self.looks.fade, 1),
                ("+", "="): partial(self.panes.zoom, 1),
                ("-",): partial(self.panes.zoom, -1),
                ("Ctrl+0",): self.panes.fit,
                ("Ctrl+E",): self.ask_export,
                ("Esc",): self.making.stop,
            },
        )

    @Slot()
    def refresh(self) -> None:
        """Read again which pictures, masks and models there are; what is chosen stays."""
        self.pictures.read(self._request())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Masks are changed by reviews too, on other pages and at other desks.
        self.refresh()

    @Slot(int)
    def show_picture(self, image_id: int) -> None:
        """Show a picture, also one that is not in the list."""
        self.pictures.show(image_id)

    def set_reader(self, reader_id: int) -> None:
        """Keep from this reader what is still to be read blind."""
        self._reader_id = reader_id
        self.refresh()

    def shut_down(self) -> None:
        """Stop, and wait for what is under way."""
        self.reading.shut_down()
        self.making.shut_down()
        self.saving.shut_down()

    @Slot()
    def ask_export(self) -> None:
        """Ask where to save what is shown."""
        if (shown := self._shown()) is not None:
            self.saving.ask(shown)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.panes, 1)
        left.addWidget(self.busy)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addLayout(left, 1)
        middle.addWidget(self._side())
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.choices)
        column.addWidget(self.walk)
        column.addWidget(self.note)
        column.addWidget(self.learned)
        column.addLayout(middle, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(shown)
        self.stack.addWidget(EmptyState("No classifier yet", _UNTRAINED))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.addWidget(self.stack)
        self.setFocusProxy(self.walk.next)

    def _side(self) -> QWidget:
        top = QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.choices.mask_set, 1)
        row.addWidget(self.export)
        return side_column(top, self.panes.figures, line(), self.looks)

    def _connect(self, manager: JobManager) -> None:
        self.pictures.listed.connect(self._take_listing)
        self.pictures.moved.connect(self._make)
        self.choices.changed.connect(self._choose)
        self.choices.class_changed.connect(self._show_class)
        self.walk.asked.connect(self.pictures.go)
        self.walk.changed.connect(self._turn)
        self.looks.changed.connect(self.panes.set_look)
        self.looks.hidden.connect(self.panes.hide_maps)
        self.looks.whole_asked.connect(self.panes.fit)
        self.panes.changed.connect(self._show_state)
        self.export.clicked.connect(self.ask_export)
        self.busy.stop_asked.connect(self.making.stop)
        self.busy.again_asked.connect(self._make)
        self.making.photographed.connect(self._show_photograph)
        self.making.made.connect(self.panes.show_made)
        self.making.refused.connect(self.panes.show_refused)
        self.making.reported.connect(self.busy.show_progress)
        self.making.ended.connect(self._end)
        self.making.failed.connect(self._fail)
        self.saving.told.connect(self._tell)
        manager.ended.connect(self._job_ended)

    def _request(self) -> Request:
        return Request(
            models=tuple(model.name for model in self.choices.models),
            method=self.choices.chosen_method,
            mask_set=self.choices.chosen_masks,
            order=self.walk.chosen_order,
            label=self.walk.chosen_label,
            inked=self.walk.chosen_ink,
            reader_id=self._reader_id,
            scope=self.walk.chosen_scope,
            image_id=self.pictures.image_id,
        )

    @Slot()
    def _choose(self) -> None:
        """Make other maps of the picture; their order may be another too."""
        self.panes.set_class(self.choices.chosen_class)
        self._make()
        self.refresh()

    @Slot()
    def _turn(self) -> None:
        """Begin at the first of other pictures."""
        self.pictures.turn(self._request())

    @Slot(object, bool)
    def _take_listing(self, listing: Listing, is_other: bool) -> None:
        models = self.choices.models
        self.choices.show_models(listing.models)
        self.walk.show_labels(listing.labels)
        self.stack.setCurrentIndex(0 if listing.models else 1)
        back = kept_back_text(len(listing.kept_back))
        self._tell("  ".join(part for part in (listing.note, back) if part))
        self._show_place()
        if is_other or self.choices.models != models or self._is_outdated(listing):
            self.panes.set_class(self.choices.chosen_class)
            self._make()

    def _is_outdated(self, listing: Listing) -> bool:
        """Whether the picture that is shown, or its mask, is another by now."""
        shown, image = self.panes.photograph, listing.image
        if image is None or image.id != self.pictures.image_id:
            return False
        if shown is None:
            return not self.making.is_busy  # it could not be shown; perhaps it can by now
        return shown.image.id == image.id and not shown.is_of(image, listing.mask)

    @Slot()
    def _make(self) -> None:
        """Have the maps made of what is chosen."""
        models, image_id = self.choices.models, self.pictures.image_id
        if self.pictures.listing is None:
            return
        self._show_place()
        self.looks.show_models(len(models))
        self.panes.begin([model.name for model in models] or [""])
        if image_id is None or self.pictures.is_kept_back:
            self.making.forget()
            self.busy.end(is_stopped=False)
            self.walk.name.show_text("")
            self.panes.show_sentence(_UNREAD if image_id is not None else "There is no such picture.")
        elif models:
            self.busy.begin()
            self.making.ask(Wish(image_id, models, self.choices.chosen_method, self.choices.chosen_masks))

    def _show_place(self) -> None:
        self.walk.show_place(self.pictures.place, len(self.pictures.ids))
        text = self._learned()
        self.learned.setText(text)
        self.learned.setVisible(bool(text))

    def _learned(self) -> str:
        """Say which of the networks that are shown learned from the picture."""
        listing, models = self.pictures.listing, self.choices.models
        if listing is None or self.pictures.is_kept_back:
            return ""
        learners = [m.name for m in models if self.pictures.image_id in listing.learned.get(m.name, ())]
        return learned_text(learners, len(models))

    def _shown(self) -> Shown | None:
        return self.panes.shown(self.choices.chosen_masks, self._learned())

    @Slot(object)
    def _show_photograph(self, photograph: Photograph) -> None:
        self.walk.name.show_text(photograph.image.name)
        self.walk.name.setToolTip(photograph.image.path)
        self.panes.show_photograph(photograph)

    @Slot()
    def _show_class(self) -> None:
        self.panes.set_class(self.choices.chosen_class)

    @Slot()
    def _show_state(self) -> None:
        self.export.setEnabled(self._shown() is not None)

    @Slot(bool)
    def _end(self, is_stopped: bool) -> None:
        self.busy.end(is_stopped=is_stopped)

    @Slot(object)
    def _fail(self, error: BaseException) -> None:
        self.busy.end(is_stopped=False)
        if not isinstance(error, GsalError | OSError):
            raise error
        self.walk.name.show_text("")
        self.panes.show_sentence(str(error))

    @Slot(str)
    def _tell(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    @Slot(object)
    def _job_ended(self, task: Task) -> None:
        if has_changed(task, *_PARTS):
            self.refresh()
