"""Where a classifier looks at the ink most, and least, with mask and map, as in Fig. 3 of the paper."""

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.audit.selection import Selection
from app.audit.under_way import is_coming, is_live
from app.gallery.card_list import CardList
from app.gallery.choosers import GalleryChoosers
from app.gallery.empty import GalleryEmpty
from app.gallery.listing import Gallery, read_gallery
from app.gallery.live import LivePictures
from app.gallery.making import CardMaking, Kind
from app.gallery.words import note, summary
from app.jobs.changes import Part, has_changed
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.theme import Theme
from app.widgets.controls import label
from app.widgets.latest import Latest
from gsal.jobs.saliency.runs import latest_mask_set
from gsal.project import Project
from gsal.records import PAPER_METHODS, MaskSet

__all__ = ["GalleryView"]

_PARTS = (Part.PICTURES, Part.MASKS, Part.COHORTS, Part.CLASSIFIERS, Part.SALIENCY, Part.READINGS)


class GalleryView(QWidget):
    """Layout and wiring.

    Args:
        project: Whose pictures.
        manager: Of the jobs during and after which it is read again.
        selection: Of classes and a picture, shared with the figures.
        theme: For colours and sizes.

    Signals:
        training_asked(): The page where classifiers are trained.
        saliency_asked(model, methods, mask_set): What they cost is to be told, and they are to be computed.

    Attributes:
        gallery: Read last; None until then.
    """

    training_asked = Signal()
    saliency_asked = Signal(str, object, str)

    def __init__(self, project: Project, manager: JobManager, selection: Selection, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("galleryView")
        self._project, self._manager, self.selection = project, manager, selection
        self._reader_id: int | None = None
        self.gallery: Gallery | None = None
        self._held: Gallery | None = None
        self.live = LivePictures(manager, self)
        self.choosers = GalleryChoosers(len(project.classes), latest_mask_set(project) or MaskSet.BEST)
        self.reading = Latest("gallery list", parent=self)
        self.making = CardMaking(project, parent=self)
        self.most, self.least = (
            CardList(
                f"{name}Salient",
                f"Pictures, {name} ink-salient first: photograph, ink mask, saliency map",
                is_descending=name == "most",
                making=self.making,
                theme=theme,
            )
            for name in ("most", "least")
        )
        self.summary = label(role="muted", name="gallerySummary", wrap=True)
        self.note = label(role="muted", name="galleryNote", wrap=True)
        self.progress = label(role="muted", name="galleryProgress")
        self.empty = GalleryEmpty()
        self._lay_out()
        self._connect()

    @Slot()
    def refresh(self) -> None:
        """Read again what there is; what is chosen stays."""
        request = self.choosers.request(self.selection.classes, self._reader_id)
        self.reading.submit(request, partial(read_gallery, self._project, request))

    def set_reader(self, reader_id: int) -> None:
        """Keep from this reader what is still to be read blind."""
        self._reader_id = reader_id
        self.refresh()

    def shut_down(self) -> None:
        """Stop, and wait for what is under way."""
        self.reading.shut_down()
        self.making.shut_down()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Masks are changed by reviews too, on other pages and at other desks.
        self.refresh()
        self._want()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.making.want(())

    def _lay_out(self) -> None:
        lists = QWidget()
        ends = QHBoxLayout(lists)
        ends.setContentsMargins(0, 0, 0, 0)
        ends.setSpacing(12)
        for title, cards in (
            ("Most ink-salient first", self.most),
            ("Least ink-salient first", self.least),
        ):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(label(title, role="section"))
            column.addWidget(cards, 1)
            ends.addLayout(column, 1)
        self.stack = QStackedWidget()
        # Nothing is said before it is known.
        for page in (QWidget(), lists, self.empty):
            self.stack.addWidget(page)
        said = QHBoxLayout()
        said.setSpacing(12)
        said.addWidget(self.summary, 1)
        said.addWidget(self.progress)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self.choosers)
        layout.addLayout(said)
        layout.addWidget(self.note)
        layout.addWidget(self.stack, 1)
        self.note.hide()
        self.setFocusProxy(self.most)

    def _connect(self) -> None:
        self.choosers.changed.connect(self.refresh)
        self.choosers.classes_chosen.connect(self.selection.choose_classes)
        self.selection.classes_changed.connect(self._choose_classes)
        self.selection.picture_changed.connect(self._show_selected)
        self.reading.done.connect(self._take)
        self.live.due.connect(self._read_live)
        self.making.progressed.connect(self._show_progress)
        for cards in (self.most, self.least):
            cards.opened.connect(self.selection.select_picture)
            cards.sight_changed.connect(self._want)
            cards.rested.connect(self._show_held)
        self.empty.training_asked.connect(self.training_asked)
        self.empty.compute_asked.connect(self._ask_saliency)
        self.empty.all_asked.connect(self._show_all)
        self._manager.ended.connect(self._job_ended)
        self._manager.changed.connect(self._show_state)

    @Slot()
    def _read_live(self) -> None:
        if not self.isVisible():
            return  # it is read again when it is shown
        if self.reading.is_busy:
            self.live.postpone()
        else:
            self.refresh()

    @Slot(object, object)
    def _take(self, request: object, gallery: Gallery) -> None:
        del request
        is_same = self.gallery is not None and self.gallery.shows_as(gallery)
        self._held = gallery if is_same and (self.most.is_in_use or self.least.is_in_use) else None
        if self._held is None:
            self._show_gallery(gallery, is_same=is_same)

    @Slot()
    def _show_held(self) -> None:
        """Show what was read while somebody was at the cards."""
        if self._held is not None and not (self.most.is_in_use or self.least.is_in_use):
            gallery, self._held = self._held, None
            self._show_gallery(gallery, is_same=True)

    def _show_gallery(self, gallery: Gallery, *, is_same: bool) -> None:
        """Show what was read; where nothing else was chosen, what is looked at stays in its place."""
        self.gallery = gallery
        self.live.watch(gallery)
        if not is_same:
            self.choosers.show_gallery(gallery)
        chosen = gallery.request
        kind = Kind(gallery.model, self.choosers.method.chosen, chosen.mask_set) if gallery.model else None
        if not is_same or not is_live(self._manager):
            self.making.begin(kind)
        for cards in (self.most, self.least):
            cards.show_gallery(gallery, stays=is_same)
        self.summary.setText(summary(gallery))
        text = note(gallery) if len(gallery) else ""
        self.note.setText(text)
        self.note.setVisible(bool(text))
        self._show_state()
        if not is_same:
            self._show_selected()

    @Slot()
    def _show_state(self) -> None:
        """Show the pictures, or why there are none."""
        if self.gallery is None:
            return
        coming = is_coming(self._manager, self.gallery.request.mask_set)
        self.empty.show_gallery(self.gallery, is_coming=coming, can_compute=not self._project.read_only)
        self.stack.setCurrentIndex(1 if len(self.gallery) else 2)

    @Slot()
    def _want(self) -> None:
        """Have the cards made that are in sight, those at the top of both ends first."""
        if not self.isVisible() or self.gallery is None:
            return
        ends = [cards.in_sight() for cards in (self.most, self.least)]
        longest = max(map(len, ends))
        turns = (end[place] for place in range(longest) for end in ends if place < len(end))
        self.making.want(tuple(dict.fromkeys(turns)))

    @Slot(int, int)
    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setText(f"Making maps: {done} of {total}" if done < total else "")

    @Slot()
    def _choose_classes(self) -> None:
        model = self.gallery.model if self.gallery is not None else None
        self.choosers.show_classes(model.classes if model else (), self.selection.classes)
        self.refresh()

    @Slot()
    def _show_selected(self) -> None:
        for cards in (self.most, self.least):
            cards.show_selected(self.selection.image_id)

    @Slot()
    def _ask_saliency(self) -> None:
        if self.gallery is not None and self.gallery.model is not None:
            mask_set = str(self.gallery.request.mask_set)
            self.saliency_asked.emit(self.gallery.model.name, PAPER_METHODS, mask_set)

    @Slot()
    def _show_all(self) -> None:
        self.selection.choose_classes(frozenset())
        self.choosers.show_all()

    @Slot(object)
    def _job_ended(self, task: Task) -> None:
        if has_changed(task, *_PARTS):
            self.refresh()
