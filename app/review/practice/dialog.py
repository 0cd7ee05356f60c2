"""Sixty seconds of guided practice on a synthetic picture; no project is touched."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QKeyCombination, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget
from typing_extensions import override

from app.jobs.background import Background
from app.review.canvas.canvas import Canvas
from app.review.canvas.pyramid import Pyramid
from app.review.canvas.tools import SIZING, Tool
from app.review.canvas.viewport import Viewport
from app.review.keys.keymap import Keymap
from app.review.practice.lesson import Lesson
from app.review.practice.panel import PRACTISED, PracticePanel
from app.review.practice.scene import PracticeScene, box_of, make_scene
from app.review.practice.target import TargetRing
from app.widgets.controls import named
from gsal.editing.box import Box

__all__ = ["PracticeDialog"]

_CANVAS_PX = 740, 660
_BRUSH_PX = 18
_ZOOM = 1.5


class PracticeDialog(QDialog):
    """A canvas, six steps and their keys. It opens at once; the picture follows when it is drawn.

    Args:
        parent: The window it stands over.
        keymap: The reader's own keys; those delivered when None.
    """

    def __init__(self, parent: QWidget | None = None, *, keymap: Keymap | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("practiceDialog")
        self.setWindowTitle("Practice")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.canvas = named(Canvas(), "practiceCanvas", "Synthetic photograph with its ink mask")
        self.canvas.setToolTip("")
        self.canvas.is_editable = False
        self.canvas.set_brush(_BRUSH_PX)
        self.ring = TargetRing(self.canvas)
        keymap = keymap or Keymap()
        self._keys = {key: action for action in PRACTISED for key in keymap.of(action)}
        self.panel = PracticePanel(keymap)
        self.lesson: Lesson | None = None
        self._elapsed = QElapsedTimer()
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._show_seconds)
        self._commands = self._make_commands()
        self.resize(_CANVAS_PX[0] + self.panel.width(), _CANVAS_PX[1])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.panel)
        self.panel.asked.connect(self.do)
        self.panel.released.connect(self._show_mask)
        self.canvas.stroke_ended.connect(self._painted)
        self.canvas.view_changed.connect(self._viewed)
        self._background = Background("practice", parent=self)
        self._background.done.connect(self._start)
        self._background.submit("scene", make_scene)

    @Slot(str)
    def do(self, action: str) -> None:
        """Do what a key or button asks for."""
        if self.lesson is not None or action == "close":
            self._commands[action]()

    @override
    def done(self, result: int) -> None:
        self._clock.stop()
        self._background.shut_down()
        super().done(result)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._keys.get(_name(event.keyCombination()), "")
        if not action or event.isAutoRepeat():
            super().keyPressEvent(event)
        else:
            self.do(action)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        # Without the modifiers: they may be let go first.
        action = self._keys.get(_name(event.key()), "")
        if action == "hide" and not event.isAutoRepeat():
            self._show_mask()
        elif action == "pan" and not event.isAutoRepeat():
            self.canvas.set_panning(False)
        else:
            super().keyReleaseEvent(event)

    def _make_commands(self) -> dict[str, Callable[[], object]]:
        canvas = self.canvas
        return {
            "brush": lambda: self._take_tool(Tool.BRUSH),
            "eraser": lambda: self._take_tool(Tool.ERASER),
            "smaller": lambda: canvas.scale_brush(1 / SIZING),
            "larger": lambda: canvas.scale_brush(SIZING),
            "zoom-in": lambda: canvas.zoom_by(_ZOOM),
            "hide": lambda: canvas.set_hidden(True),
            "pan": lambda: canvas.set_panning(True),
            "undo": self._undo,
            "redo": self._redo,
            "accept": self._accept,
            "skip": self._skip,
            "again": self._begin,
            "close": self.reject,
        }

    def _take_tool(self, tool: Tool) -> None:
        self.canvas.set_tool(tool)
        self.panel.choose_tool(str(tool))

    @Slot(object, object)
    def _start(self, key: object, scene: PracticeScene) -> None:
        del key
        self.lesson = Lesson(scene, parent=self)
        self.lesson.moved_on.connect(self._show_step)
        self.lesson.finished.connect(self._finish)
        self._pyramid = Pyramid(scene.picture)
        self._begin()

    def _begin(self) -> None:
        if self.lesson is None:
            return
        self.lesson.begin()
        self.canvas.show_picture(self._pyramid, self.lesson.painting)
        self.canvas.is_editable = True
        self.canvas.fit()
        self._viewed()
        self._take_tool(Tool.BRUSH)
        self._elapsed.start()
        self._clock.start()
        self._show_seconds()
        self.canvas.setFocus()

    @Slot()
    def _show_step(self) -> None:
        if self.lesson is not None:
            self.panel.show_lesson(self.lesson)
            target = self.lesson.target
            self.ring.show_box(None if target is None else box_of(target))
            self.lesson.painted()

    @Slot()
    def _finish(self) -> None:
        if self.lesson is not None:
            self._clock.stop()
            self.canvas.is_editable = False
            self.ring.show_box(None)
            self.panel.show_lesson(self.lesson)
            self.panel.show_end(self.lesson, self._seconds())

    @Slot()
    def _painted(self) -> None:
        if self.lesson is not None:
            self.lesson.painted()

    @Slot()
    def _viewed(self) -> None:
        if self.lesson is not None:
            size = self.canvas.height(), self.canvas.width()
            view = self.canvas.viewport
            is_whole = view == Viewport.fitting(self.lesson.painting.shape, size)
            self.lesson.viewed(view.scale, is_whole=is_whole)

    @Slot()
    def _show_mask(self) -> None:
        self.canvas.set_hidden(False)
        if self.lesson is not None:
            self.lesson.hidden()

    def _accept(self) -> None:
        if self.lesson is not None:
            self.lesson.accepted()

    def _skip(self) -> None:
        if self.lesson is not None:
            self.lesson.skip()

    def _undo(self) -> None:
        if self.lesson is not None and self._refresh(self.lesson.painting.undo()):
            self.lesson.undone()

    def _redo(self) -> None:
        if self.lesson is not None and self._refresh(self.lesson.painting.redo()):
            self.lesson.redone()

    def _refresh(self, box: Box | None) -> bool:
        self.canvas.refresh(box)
        return box is not None

    @Slot()
    def _show_seconds(self) -> None:
        self.panel.show_seconds(self._seconds())

    def _seconds(self) -> int:
        return round(self._elapsed.elapsed() / 1000)


def _name(key: QKeyCombination | int) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
