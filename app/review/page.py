"""The review page: queue, picture and tools, and the keys that drive them."""

import logging
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.jobs.background import Background
from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.review.beginning import show_beginning
from app.review.centre import Centre
from app.review.commands import commands_of
from app.review.keeping import Keeping
from app.review.keys.keymap import Keymap
from app.review.own_keys import OwnKeys
from app.review.panels.saved import SaveBanner
from app.review.panels.tool_panel import ToolPanel
from app.review.panels.view_bar import ViewBar
from app.review.queue.panel import QueuePanel
from app.review.reading.opening import OpenedPicture
from app.review.reading.session import ReadingSession
from app.review.remembered import Remembered
from app.review.rules.opening import open_rules
from app.settings import Settings
from app.theme import Theme
from app.widgets.controls import primary_button
from app.widgets.empty_state import EmptyState
from gsal.errors import GsalError
from gsal.project import Project
from gsal.records import Decision, Reader, Verdict

__all__ = ["ReviewPage"]

_log = logging.getLogger(__name__)
_BUG = "This picture cannot be opened for an error in the program. What went wrong is in its log."

_CHANGING_JOBS = {"import images", "import masks", "propose", "segment", "validation choose"}


class ReviewPage(QWidget):
    """Layout and wiring of the review.

    Signals:
        reader_wanted(): Somebody wants to review and is not known yet.
        library_wanted(): There is nothing to review yet.
        decided(image_id): A verdict is on the disk.
    """

    reader_wanted = Signal()
    library_wanted = Signal()
    decided = Signal(int)

    def __init__(self, project: Project, manager: JobManager, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("reviewPage")
        self._project, self._manager = project, manager
        self._n_pictures = 0
        self.session = ReadingSession(project, parent=self)
        self.queue = QueuePanel(project)
        self.centre = Centre(project, self.session)
        self._background = Background("validation", parent=self)
        self.canvas = self.centre.canvas
        self.banner = SaveBanner()
        self.tools = ToolPanel()
        self.bar = ViewBar()
        self._lay_out()
        self._remembered = Remembered(settings, self.canvas, self.tools)
        self.keys = OwnKeys(self, theme, settings)
        self._commands = commands_of(self)
        self._connect_session()
        self._connect_controls()
        self._show_keys(self.keys.keymap)
        if project.read_only:
            self.tools.forbid_writing()
        self.queue.refresh()

    def set_reader(self, reader: Reader) -> None:
        """Review as this reader."""
        self.session.set_reader(reader)
        self.queue.set_reader(reader)

    def show_picture(self, image_id: int) -> None:
        """Go to a picture."""
        self.queue.go_to(image_id)

    def shut_down(self) -> Path | None:
        """Finish what is being written; return the spare copy of what the disk refused to the end."""
        spare = self.session.shut_down()
        self.queue.shut_down()
        self.centre.shut_down()
        self._background.shut_down()
        return spare

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.canvas.setFocus()
        self._ask_reader()

    @Slot(str)
    def do(self, action: str) -> None:
        """Do what a key or a button asks for; names are those of `app.review.keys.bindings`."""
        if not self.centre.do(action) and action in self._commands:
            self._commands[action]()

    @Slot(str, bool)
    def hold(self, action: str, is_held: bool) -> None:
        """Do what lasts as long as its key or button is held."""
        if action == "hide":
            self.centre.set_looks(replace(self.tools.looks.looks, is_hidden=is_held))
        elif action == "pan":
            self.canvas.set_panning(is_held)
        elif action == "blink":
            before = self.session.start_mask if is_held else None
            self.canvas.show_other(before, "Before")

    @Slot(int)
    def begin_from(self, key: int) -> None:
        """Begin from a proposal (1-4), or from nothing (0)."""
        if self._may_write():
            self.session.take_proposal(key)

    def decide(self, verdict: Verdict) -> None:
        """Keep a verdict on the open picture and go to the next that waits."""
        picture = self.session.picture
        if verdict is Verdict.ACCEPTED and self.centre.adjudication.is_undecided:
            self.tools.tools.show_hint("Take a mask or draw one first; 0 says that there is no ink.")
        elif picture is not None and self._may_write() and self.session.decide(verdict):
            self.tools.verdicts.show_verdict(verdict)
            self.queue.set_verdict(picture.image.id, verdict)
            self.queue.go_on()

    @Slot()
    def show_validation(self) -> None:
        """Show the validation set: choosing it, how far it is read, its lock."""
        from app.review.validation.dialog import ValidationDialog

        who, reads = self.session.reader, self._background
        dialog = ValidationDialog(self._project, self._manager, who, reads, parent=self)
        dialog.changed.connect(self.queue.refresh)
        dialog.open()

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.centre, 1)
        column.addWidget(self.bar)
        work = QWidget()
        columns = QHBoxLayout(work)
        columns.setContentsMargins(16, 12, 16, 12)
        columns.setSpacing(0)
        columns.addWidget(self.queue)
        columns.addLayout(column, 1)
        columns.addWidget(self.tools)
        button = primary_button("goToLibrary", "Go to the library", "Import pictures there")
        button.clicked.connect(self.library_wanted)
        self.stack = QStackedWidget()
        self.stack.addWidget(work)
        self.stack.addWidget(EmptyState("Nothing to review yet", "Import pictures first.", button))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    def _connect_session(self) -> None:
        session = self.session
        self.keeping = Keeping(session, self.tools.saved, self.banner)
        session.opened.connect(self._show_picture)
        session.closed.connect(self._clear)
        session.opening_failed.connect(self._show_unreadable)
        session.changed.connect(self.canvas.refresh)
        session.edited.connect(self._show_edits)
        session.decided.connect(self._show_decision)
        session.watch(self.centre)
        self.canvas.stroke_ended.connect(session.stroke_ended)

    def _connect_controls(self) -> None:
        canvas, tools = self.canvas, self.tools
        self.queue.waiting = self.session.waiting_verdicts
        self.queue.picked.connect(self.session.open)
        self.queue.filled.connect(self._show_count)
        self.queue.emptied.connect(self._show_nothing)
        self.queue.set_asked.connect(self.show_validation)
        canvas.view_changed.connect(self._show_zoom)
        canvas.brush_changed.connect(tools.tools.show_size)
        canvas.tool_changed.connect(tools.tools.show_tool)
        canvas.hint.connect(tools.tools.show_hint)
        tools.tools.size_asked.connect(canvas.set_brush)
        tools.tools.tolerance_asked.connect(canvas.set_tolerance)
        tools.tools.pressure_asked.connect(partial(setattr, canvas, "uses_pressure"))
        tools.tools.show_tolerance(round(canvas.colour_tolerance))
        tools.looks.looks_asked.connect(self.centre.set_looks)
        tools.cleaning.clean_asked.connect(self._clean_up)
        tools.proposals.threshold_asked.connect(self.session.move_threshold)
        tools.proposals.rules_asked.connect(partial(open_rules, self, self._project, self._manager))
        tools.asked.connect(self.do)
        self.bar.asked.connect(self.do)
        self.bar.held.connect(self.hold)
        self.keys.changed.connect(self._show_keys)
        self.keys.shortcuts.left.connect(self._focus_picture)
        self.keys.shortcuts.asked.connect(self.do)
        self.keys.shortcuts.held.connect(self.hold)
        self.centre.taken.connect(self.begin_from)
        self._manager.ended.connect(self._job_ended)

    def _may_write(self) -> bool:
        """Return whether the open picture may be changed; who reads is asked if nobody is known."""
        if self.session.picture is not None and not self._project.read_only and self.session.reader is None:
            self.reader_wanted.emit()
        return self.session.can_edit

    @Slot()
    def _focus_picture(self) -> None:
        (self.canvas if self.canvas.isVisible() else self.centre).setFocus()

    @Slot(object)
    def _show_keys(self, keymap: Keymap) -> None:
        self.tools.show_keys(keymap)
        self.bar.show_keys(keymap)

    @Slot(str, int)
    def _clean_up(self, action: str, pixels: int) -> None:
        if self._may_write():
            self.session.clean_up(action, amount_px=pixels)

    @Slot(int)
    def _show_count(self, pictures: int) -> None:
        self._n_pictures = pictures
        self.stack.setCurrentIndex(0 if pictures else 1)
        self._ask_reader()

    def _ask_reader(self) -> None:
        """Ask who reads, once there is something to read and it is seen."""
        is_unknown = self.session.reader is None and not self._project.read_only
        if is_unknown and self._n_pictures and self.isVisible():
            self.reader_wanted.emit()

    @Slot(object)
    def _show_picture(self, picture: OpenedPicture) -> None:
        self.centre.show_canvas()
        self.canvas.is_editable = self.session.can_edit
        self.canvas.show_picture(picture.pyramid, self.session.painting, picture.rgb)
        self.tools.setEnabled(True)
        self.tools.show_picture(picture)
        self.tools.verdicts.show_verdict(self.session.verdict)
        if self.tools.looks.looks.is_hidden:
            # What is kept between pictures is how the mask looks, not that it cannot be seen.
            self.tools.looks.do("toggle-overlay")
        self.bar.show_picture(picture)
        if picture.notice:
            self.bar.say(picture.notice)

    @Slot(str)
    def _show_nothing(self, reason: str) -> None:
        self.session.close()
        self._clear(reason)

    @Slot(object)
    def _show_unreadable(self, error: BaseException) -> None:
        if not isinstance(error, GsalError):
            _log.error("A picture cannot be opened", exc_info=error)
        self._show_nothing(str(error) if isinstance(error, GsalError) else _BUG)

    @Slot()
    def _clear(self, text: str = "") -> None:
        self.centre.adjudication.close_picture()
        self.centre.show_canvas()
        self.canvas.show_message(text)
        self.tools.show_picture(None)
        self.tools.history.show_steps(0, 0)
        self.tools.setEnabled(False)
        self.bar.say("")

    @Slot()
    def _show_edits(self) -> None:
        painting = self.session.painting
        if painting is not None:
            self.tools.history.show_steps(painting.undo_count, painting.redo_count)
            show_beginning(self.tools.proposals, self.session)

    @Slot()
    def _show_zoom(self) -> None:
        self.bar.show_zoom(self.canvas.viewport.scale * self.canvas.devicePixelRatioF())

    @Slot(object)
    def _show_decision(self, decision: Decision) -> None:
        self.decided.emit(decision.image_id)

    @Slot(object)
    def _job_ended(self, task: Task) -> None:
        if task.job.kind in _CHANGING_JOBS:
            self.session.forget_read()
            self.queue.refresh()
