"""An open project in the window: its four pages, its jobs, its reader."""

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.failures import Failures
from app.first_steps.steps import Step
from app.first_steps.strip import FirstSteps
from app.header import PAGES, Header
from app.jobs.background import Background
from app.jobs.manager import JobManager
from app.jobs.panel import JobsPanel
from app.jobs.task import Task
from app.library.page import LibraryPage
from app.settings import Settings
from app.theme import Theme
from app.who_reads import WhoReads
from app.widgets.place import Place
from gsal.jobs.runner import run_job
from gsal.project import Project
from gsal.records import Reader, ReviewSettings

if TYPE_CHECKING:
    from app.audit.page import AuditPage
    from app.audit.room import AuditRoom
    from app.review.page import ReviewPage
    from app.training.page import TrainingPage

__all__ = ["Workspace"]

_LIBRARY, _REVIEW, _TRAINING, _AUDIT = range(4)
_BACKUP_CHECK_MS = 10 * 60 * 1000
_FIRST_PAINT_MS = 50


class Workspace(QWidget):
    """Header, pages and jobs panel of one project, which it closes in the end.

    The library is there at once; the review is made as soon as that is on the screen; training and audit
    bring plots and statistics and are made when they are first shown, or a job is given that they follow.

    Signals:
        menu_asked()
    """

    menu_asked = Signal()

    def __init__(self, project: Project, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("workspace")
        self.project, self._theme, self._settings = project, theme, settings
        self.manager = JobManager(lambda job, ctx: run_job(job, project, ctx), parent=self)
        self.failures = Failures(self)
        self.header = Header()
        self.first_steps = FirstSteps(project, self.manager, settings)
        self.library = LibraryPage(project, self.manager)
        self.jobs = JobsPanel(project, self.manager)
        self.jobs.setParent(self)
        self.jobs.hide()
        self.who_reads = WhoReads(project, settings, window=self)
        self._lay_out()
        self._connect()
        self.header.show_project(project.name, is_read_only=project.read_only)
        self.who_reads.recall()
        self.show_page(_LIBRARY)
        self._backups = Background("backup", parent=self)
        self._backups.failed.connect(self.failures.show_unread)
        self._clock = QTimer(self)
        self._clock.setInterval(_BACKUP_CHECK_MS)
        self._clock.timeout.connect(self._back_up)
        if not project.read_only:
            self._clock.start()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._make_review)
        self._soon.start(_FIRST_PAINT_MS)

    @cached_property
    def review(self) -> "ReviewPage":
        """The review page, made when it is first asked for."""
        from app.review.page import ReviewPage

        page = ReviewPage(self.project, self.manager, self._theme, self._settings)
        self._places[_REVIEW].fill(page)
        page.queue.reading.failed.connect(self.failures.show_unread)
        page.library_wanted.connect(partial(self.show_page, _LIBRARY))
        page.reader_wanted.connect(self.who_reads.ask)
        page.decided.connect(self.library.renew)
        page.decided.connect(self.first_steps.refresh_soon)
        if self.who_reads.reader is not None:
            page.set_reader(self.who_reads.reader)
        return page

    @cached_property
    def training(self) -> "TrainingPage":
        """The training page, made when it is first asked for."""
        from app.training.page import TrainingPage

        page = TrainingPage(self.project, self.manager, self._theme)
        self._places[_TRAINING].fill(page)
        for part in (page, page.masks):
            part.reading.failed.connect(self.failures.show_unread)
        page.picture_asked.connect(self._review_picture)
        page.review_asked.connect(partial(self.show_page, _REVIEW))
        if self.who_reads.reader is not None:
            page.set_reader(self.who_reads.reader.id)
        return page

    @cached_property
    def audit_room(self) -> "AuditRoom":
        """The audit page and its tabs, made when they are first asked for."""
        from app.audit.room import AuditRoom

        room = AuditRoom(self.project, self.manager, self._theme)
        self._places[_AUDIT].fill(room)
        room.unread.connect(self.failures.show_unread)
        room.training_asked.connect(partial(self.show_page, _TRAINING))
        if self.who_reads.reader is not None:
            room.set_reader(self.who_reads.reader.id)
        return room

    @property
    def audit(self) -> "AuditPage":
        """The audit page."""
        return self.audit_room.figures

    @Slot(int)
    def show_page(self, number: int) -> None:
        """Open one of the four pages."""
        if number == _REVIEW:
            _ = self.review
        elif number == _TRAINING:
            _ = self.training
        elif number == _AUDIT:
            _ = self.audit_room
        self.pages.setCurrentIndex(number)
        self.header.show_page(number)

    def shut_down(self) -> Path | None:
        """Stop and wait for all work, then give the project back.

        Returns:
            Where a copy lies of strokes that the project's disk refused to the end; None when there are none.

        Raises:
            OSError: There are some, and the copy could not be written anywhere.
        """
        self._soon.stop()
        self._clock.stop()
        self.manager.shut_down()
        self._backups.shut_down()
        self.library.shut_down()
        self.first_steps.shut_down()
        # What was never asked for is not made for its end.
        made = self.__dict__
        try:
            return self.review.shut_down() if "review" in made else None
        finally:
            if "training" in made:
                self.training.shut_down()
            if "audit_room" in made:
                self.audit_room.shut_down()
            self.project.close()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_jobs()

    def _place_jobs(self) -> None:
        steps = 0 if self.first_steps.isHidden() else self.first_steps.height()
        top, width = self.header.height() + steps, self.jobs.width()
        self.jobs.setGeometry(self.width() - width, top, width, self.height() - top)

    def _lay_out(self) -> None:
        self.pages = QStackedWidget()
        self._places = tuple(Place() for _ in range(4))
        for place in self._places:
            self.pages.addWidget(place)
        self._places[_LIBRARY].fill(self.library)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.first_steps)
        layout.addWidget(self.pages, 1)

    def _connect(self) -> None:
        header, manager = self.header, self.manager
        header.page_asked.connect(self.show_page)
        header.cancel_asked.connect(manager.cancel_current)
        header.jobs_asked.connect(self._toggle_jobs)
        header.reader_asked.connect(self.who_reads.ask)
        self.who_reads.known.connect(self._show_reader)
        header.menu_asked.connect(self.menu_asked)
        self.jobs.closed.connect(self._toggle_jobs)
        manager.changed.connect(self._show_task)
        manager.idle.connect(partial(header.show_task, None))
        manager.failed.connect(self.failures.show_stopped)
        manager.crashed.connect(self.failures.show_crash)
        manager.submitted.connect(self._prepare)
        self.first_steps.page_asked.connect(self._show_step)
        self.first_steps.begin_asked.connect(self._begin_step)
        self.first_steps.resized.connect(self._place_jobs)
        for reader in (self.library, self.library.rows, self.first_steps):
            reader.reading.failed.connect(self.failures.show_unread)
        self.library.opened.connect(self._review_picture)
        self.library.maps_asked.connect(self._show_maps)

    @Slot()
    def _make_review(self) -> None:
        _ = self.review

    @Slot()
    def _back_up(self) -> None:
        self._backups.submit("backup", self.project.store.back_up_if_due)

    @Slot()
    def ask_shares(self) -> None:
        """Ask for the shares that keep readers from following the proposals."""
        from app.review.panels.shares_dialog import SharesDialog

        store = self.project.store
        dialog = SharesDialog(store.review_settings(), is_read_only=self.project.read_only, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._set_shares)
        dialog.open()

    @Slot(object)
    def _set_shares(self, settings: ReviewSettings) -> None:
        self.project.store.set_review_settings(settings)
        self.review.queue.refresh()

    @Slot(object)
    def _show_reader(self, reader: Reader) -> None:
        self.header.show_reader(reader)
        self.library.set_reader(reader.id)
        if "review" in self.__dict__:
            self.review.set_reader(reader)
        if "training" in self.__dict__:
            self.training.set_reader(reader.id)
        if "audit_room" in self.__dict__:
            self.audit_room.set_reader(reader.id)

    @Slot(object)
    def _show_step(self, step: Step) -> None:
        self.show_page(PAGES.index(step.page))

    @Slot(object)
    def _begin_step(self, step: Step) -> None:
        self._show_step(step)
        match step:
            case Step.PICTURES:
                self.library.ask_import()
            case Step.MASKS:
                self.library.propose_masks()
            case Step.COHORT:
                self.training.ask_cohort()
            case Step.CLASSIFIER:
                self.training.show_learning()
            case Step.SALIENCY | Step.REPORT:
                self.audit_room.show_figures()

    @Slot(int)
    def _review_picture(self, image_id: int) -> None:
        self.review.show_picture(image_id)
        self.show_page(_REVIEW)

    @Slot(int)
    def _show_maps(self, image_id: int) -> None:
        self.audit_room.show_picture(image_id)
        self.show_page(_AUDIT)

    @Slot()
    def _toggle_jobs(self) -> None:
        self._place_jobs()
        self.jobs.setVisible(self.jobs.isHidden())
        self.jobs.raise_()
        self.header.jobs.setChecked(not self.jobs.isHidden())

    @Slot(object)
    def _prepare(self, task: Task) -> None:
        """Make the page that shows what a job reports while it runs."""
        if task.job.kind.startswith(("train", "retrain")):
            _ = self.training
        elif task.job.kind == "saliency":
            _ = self.audit_room

    @Slot(object)
    def _show_task(self, task: Task) -> None:
        if task is self.manager.current:
            self.header.show_task(task)
