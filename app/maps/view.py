"""Looking at maps: a picture, its ink, and what one model or two look at in it."""

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.maps.busy import Busy
from app.maps.choices import Choices
from app.maps.keys import bind_keys
from app.maps.listing import Listing, Request, read_listing
from app.maps.looks import LooksPanel
from app.maps.making import Making, Wish
from app.maps.panes import Panes
from app.maps.photograph import Photograph
from app.maps.saving import Saving
from app.maps.walk import Walk
from app.widgets.controls import label, line, push_button
from app.widgets.empty_state import EmptyState
from app.widgets.latest import Latest
from gsal.errors import GsalError
from gsal.jobs.saliency.runs import latest_mask_set
from gsal.project import Project
from gsal.records import MaskSet

__all__ = ["MapsView"]

_MASKING_JOBS = {"import masks", "propose", "segment", "demo"}
_CHANGING_JOBS = _MASKING_JOBS | {
    "train classifier",
    "import model",
    "saliency",
    "import images",
    "cohort create",
}
_UNREAD = (
    "You have still to read this picture without knowing what others found: read it in the review first."
)
_UNTRAINED = "Train a classifier or import one, on the Training page. Maps are made here, picture by picture."
_SIDE_EM = 25


class MapsView(QWidget):
    """Layout and wiring of the maps."""

    def __init__(self, project: Project, manager: JobManager) -> None:
        super().__init__()
        self.setObjectName("mapsView")
        self._project = project
        self._reader_id: int | None = None
        self._listing: Listing | None = None
        self._image_id: int | None = None
        self._is_turned = False
        self.choices = Choices(latest_mask_set(project) or MaskSet.BEST)
        self.walk = Walk()
        self.looks = LooksPanel()
        self.panes = Panes(self.looks.look)
        self.busy = Busy()
        self.note = label(role="muted", name="mapsNote", wrap=True)
        self.export = push_button("exportMap", "Export PNG...", "Save picture, mask and map", key="Ctrl+E")
        self.reading = Latest("maps list", parent=self)
        self.making = Making(project, parent=self)
        self.saving = Saving(project, window=self)
        self._lay_out()
        self._connect(manager)
        bind_keys(
            self,
            {
                ("D", "PgDown"): partial(self.go, 1),
                ("A", "PgUp"): partial(self.go, -1),
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
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read again which pictures and models there are."""
        request = self._request()
        self.reading.submit(request, partial(read_listing, self._project, request))

    @Slot(int)
    def show_picture(self, image_id: int) -> None:
        """Show a picture, also one that is not in the list."""
        self._image_id = image_id
        self._make()

    def set_reader(self, reader_id: int) -> None:
        """Keep from this reader what is still to be read blind."""
        self._reader_id = reader_id
        self.refresh()

    def shut_down(self) -> None:
        """Stop, and wait for what is under way."""
        self.reading.shut_down()
        self.making.shut_down()
        self.saving.shut_down()

    @Slot(int)
    def go(self, step: int) -> None:
        """Go to the next picture, or with -1 to the one before; from the last one to the first."""
        ids = self._listing.image_ids if self._listing is not None else ()
        if ids:
            at = ids.index(self._image_id) if self._image_id in ids else (-1 if step > 0 else 0)
            self.show_picture(ids[(at + step) % len(ids)])

    @Slot()
    def ask_export(self) -> None:
        """Ask where to save what is shown."""
        if (shown := self.panes.shown(self.choices.chosen_masks)) is not None:
            self.saving.ask(shown)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.choices, 1)
        top.addWidget(self.export)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.panes, 1)
        middle.addWidget(self._side())
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.walk)
        column.addWidget(self.note)
        column.addLayout(middle, 1)
        column.addWidget(self.busy)
        self.stack = QStackedWidget()
        self.stack.addWidget(shown)
        self.stack.addWidget(EmptyState("No classifier yet", _UNTRAINED))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.addWidget(self.stack)
        self.setFocusProxy(self.walk.next)

    def _side(self) -> QScrollArea:
        """Return figures and looks in a column that scrolls where text is large."""
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(12)
        for widget in (self.panes.figures, line(), self.looks):
            column.addWidget(widget)
        column.addStretch()
        area = QScrollArea()
        area.setObjectName("mapsSide")
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setWidget(content)
        area.setFixedWidth(_SIDE_EM * self.fontInfo().pixelSize())
        return area

    def _connect(self, manager: JobManager) -> None:
        self.reading.done.connect(self._take_listing)
        self.choices.changed.connect(self._choose)
        self.choices.class_changed.connect(self._show_class)
        self.walk.asked.connect(self.go)
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
        first = next(iter(self.choices.models), None)
        return Request(
            model="" if first is None else first.name,
            method=self.choices.chosen_method,
            mask_set=self.choices.chosen_masks,
            order=self.walk.chosen_order,
            label=self.walk.chosen_label,
            inked=self.walk.chosen_ink,
            reader_id=self._reader_id,
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
        self._is_turned = True
        self.refresh()

    @Slot(object, object)
    def _take_listing(self, request: Request, listing: Listing) -> None:
        is_first, self._listing = self._listing is None, listing
        self.choices.show_models(listing.models)
        self.walk.show_labels(listing.labels)
        self.stack.setCurrentIndex(0 if listing.models else 1)
        kept = len(listing.kept_back)
        back = f"{kept:,} not listed: you have still to read them without knowing what others found."
        self._tell("  ".join(part for part in (listing.note, back if kept else "") if part))
        before = self._image_id
        if self._image_id is None or self._is_turned:
            self._image_id = next(iter(listing.image_ids), None)
        self._is_turned = False
        if is_first or self._image_id != before or self._image_id in listing.kept_back:
            self._make()
        self._show_place()
        del request

    @Slot()
    def _make(self) -> None:
        """Have the maps made of what is chosen."""
        listing, models = self._listing, self.choices.models
        if listing is None:
            return
        self._show_place()
        self.looks.show_models(len(models))
        self.panes.begin([model.name for model in models] or [""])
        if self._image_id is None or self._image_id in listing.kept_back:
            self.making.forget()
            self.busy.end(is_stopped=False)
            self.walk.name.show_text("")
            self.panes.show_sentence(_UNREAD if self._image_id is not None else "There is no such picture.")
        elif models:
            self.busy.begin()
            self.making.ask(
                Wish(self._image_id, models, self.choices.chosen_method, self.choices.chosen_masks)
            )

    def _show_place(self) -> None:
        ids = self._listing.image_ids if self._listing is not None else ()
        self.walk.show_place(ids.index(self._image_id) if self._image_id in ids else None, len(ids))

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
        self.export.setEnabled(self.panes.shown(self.choices.chosen_masks) is not None)

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
        if task.job.kind in _CHANGING_JOBS:
            self.refresh()
        if task.job.kind in _MASKING_JOBS:
            self._make()
