"""The review page: queue, canvas and tools, and the keys that drive them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.jobs.manager import JobManager
from app.jobs.task import Task
from app.review.canvas.canvas import Canvas, Tool
from app.review.keys.help import HelpDialog
from app.review.keys.keymap import Keymap
from app.review.keys.shortcuts import Shortcuts
from app.review.panels.looks import LOOKING
from app.review.panels.tool_panel import ToolPanel
from app.review.panels.view_bar import ViewBar
from app.review.queue.panel import QueuePanel
from app.review.reading.opening import OpenedPicture
from app.review.reading.session import ReadingSession
from app.widgets.controls import named, primary_button
from app.widgets.empty_state import EmptyState
from gsal.project import Project
from gsal.records import Decision, QueueItem, Reader, Verdict

__all__ = ["ReviewPage"]

_CHANGING_JOBS = {"import images", "import masks", "propose", "segment"}
_VERDICTS = {
    "accept": Verdict.ACCEPTED,
    "reject": Verdict.REJECTED,
    "flag": Verdict.FLAGGED,
    "cannot-judge": Verdict.CANNOT_JUDGE,
}


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

    def __init__(self, project: Project, manager: JobManager) -> None:
        super().__init__()
        self.setObjectName("reviewPage")
        self._project = project
        self.session = ReadingSession(project, parent=self)
        self.queue = QueuePanel(project)
        self.canvas = named(Canvas(), "reviewCanvas", "Photograph with its ink mask")
        self.canvas.setToolTip("")
        self.tools = ToolPanel()
        self.bar = ViewBar()
        self._commands = self._make_commands()
        self._lay_out()
        self._connect(manager)
        self._bind_keys()
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

    def shut_down(self) -> None:
        """Finish what is being written."""
        self.session.shut_down()
        self.queue.shut_down()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.canvas.setFocus()
        if self.session.reader is None and not self._project.read_only:
            self.reader_wanted.emit()

    def _lay_out(self) -> None:
        centre = QVBoxLayout()
        centre.setSpacing(0)
        centre.addWidget(self.canvas, 1)
        centre.addWidget(self.bar)
        work = QWidget()
        columns = QHBoxLayout(work)
        columns.setContentsMargins(16, 12, 16, 12)
        columns.setSpacing(0)
        columns.addWidget(self.queue)
        columns.addLayout(centre, 1)
        columns.addWidget(self.tools)
        button = primary_button("goToLibrary", "Go to the library", "Import pictures there")
        button.clicked.connect(self.library_wanted)
        self.stack = QStackedWidget()
        self.stack.addWidget(work)
        self.stack.addWidget(EmptyState("Nothing to review yet", "Import pictures first.", button))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    def _connect(self, manager: JobManager) -> None:
        session, canvas, tools = self.session, self.canvas, self.tools
        self.queue.picked.connect(self._open)
        self.queue.filled.connect(self._show_count)
        session.opened.connect(self._show_picture)
        session.opening_failed.connect(self._show_unreadable)
        session.changed.connect(canvas.refresh)
        session.edited.connect(self._show_history)
        session.saving.connect(tools.saved.say_saving)
        session.saving.connect(partial(tools.proposals.show_origin, "your mask"))
        session.saved.connect(tools.saved.say_saved)
        session.decided.connect(self._show_decision)
        session.not_saved.connect(tools.saved.say_not_saved)
        canvas.stroke_ended.connect(session.stroke_ended)
        canvas.view_changed.connect(self._show_zoom)
        canvas.brush_changed.connect(tools.tools.show_size)
        tools.tools.size_asked.connect(canvas.set_brush)
        tools.looks.looks_asked.connect(canvas.set_looks)
        tools.asked.connect(self.do)
        self.bar.asked.connect(self.do)
        manager.ended.connect(self._job_ended)

    def _bind_keys(self) -> None:
        self.keys = Shortcuts(self, Keymap())
        self.keys.asked.connect(self.do)
        self.keys.held.connect(self._hold)

    def _make_commands(self) -> dict[str, Callable[[], object]]:
        canvas, queue, session, tools = self.canvas, self.queue, self.session, self.tools
        commands: dict[str, Callable[[], object]] = {
            "next": lambda: queue.step(1),
            "previous": lambda: queue.step(-1),
            "next-unreviewed": queue.go_on,
            "brush": lambda: self._take_tool(Tool.BRUSH),
            "eraser": lambda: self._take_tool(Tool.ERASER),
            "smaller": lambda: canvas.set_brush(min(canvas.brush_px - 1, round(canvas.brush_px / 1.2))),
            "larger": lambda: canvas.set_brush(max(canvas.brush_px + 1, round(canvas.brush_px * 1.2))),
            "undo": session.undo,
            "redo": session.redo,
            "cancel-stroke": canvas.abandon_stroke,
            "fit": canvas.fit,
            "full-size": lambda: canvas.zoom_to(1.0),
            "help": self._show_keys,
        }
        commands |= {f"proposal-{key}": partial(session.take_proposal, key) for key in range(5)}
        commands |= {action: partial(tools.looks.do, action) for action in LOOKING}
        return commands | {action: partial(self._decide, verdict) for action, verdict in _VERDICTS.items()}

    @Slot(str)
    def do(self, action: str) -> None:
        """Do what a key or a button asks for; names are those of `app.review.keys.bindings`."""
        if action in self._commands:
            self._commands[action]()

    @Slot(str, bool)
    def _hold(self, action: str, is_held: bool) -> None:
        if action == "hide":
            self.canvas.set_looks(replace(self.tools.looks.looks, is_hidden=is_held))
        elif action == "pan":
            kind = QEvent.Type.KeyPress if is_held else QEvent.Type.KeyRelease
            QCoreApplication.sendEvent(
                self.canvas, QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
            )

    def _show_keys(self) -> None:
        dialog = HelpDialog(self.keys.keymap, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _take_tool(self, tool: Tool) -> None:
        self.canvas.set_tool(tool)
        self.tools.tools.show_tool(str(tool))

    def _decide(self, verdict: Verdict) -> None:
        picture = self.session.picture
        if self._project.read_only:
            return
        if picture is not None and self.session.reader is None:
            self.reader_wanted.emit()
        elif picture is not None and self.session.decide(verdict):
            self.queue.set_verdict(picture.image.id, verdict)
            self.queue.go_on()

    @Slot(object, object)
    def _open(self, item: QueueItem, ahead: tuple[QueueItem, ...]) -> None:
        self.session.open(item, ahead=ahead)

    @Slot(int)
    def _show_count(self, pictures: int) -> None:
        self.stack.setCurrentIndex(0 if pictures else 1)

    @Slot(object)
    def _show_picture(self, picture: OpenedPicture) -> None:
        self.canvas.show_picture(picture.pyramid, self.session.painting)
        self.canvas.is_editable = self.session.can_edit
        self.tools.show_picture(picture)
        if self.session.has_own:
            self.tools.proposals.show_origin("your mask")
        self.bar.show_picture(picture)

    @Slot(object)
    def _show_unreadable(self, error: BaseException) -> None:
        self.canvas.show_picture(None, None)
        self.tools.show_picture(None)
        self.bar.say(str(error))

    @Slot()
    def _show_history(self) -> None:
        painting = self.session.painting
        if painting is not None:
            self.tools.history.show_steps(painting.undo_count, painting.redo_count)

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
