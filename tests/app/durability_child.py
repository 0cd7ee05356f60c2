"""A reader who draws without end, to be killed: a real canvas with mouse events, and every saved step told.

    python -m tests.app.durability_child PROJECT IMAGE READER SEED

prints, one line each: READY; OP kind value points (before mouse-up); END or NONE (after it; NONE: nothing
changed); ACK (the step is on the disk), ACK-DECISION (the verdict and its whole mask are).
"""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.review.canvas.canvas import Canvas, Stroke
from app.review.reading.entries import NewDecision
from app.review.reading.session import ReadingSession
from gsal.project import Project
from gsal.records import NewStep, Purpose, QueueItem, Verdict

BRUSH_PX = 9
_MOVES = 5


class Hand(QObject):
    """Draws stroke after stroke; mouse-up waits until the stroke before is on the disk."""

    def __init__(self, project: Project, image_id: int, reader_id: int, seed: int) -> None:
        super().__init__()
        self._rng = np.random.default_rng(seed)
        self.canvas = Canvas()
        self.canvas.resize(420, 320)
        self.canvas.set_brush(BRUSH_PX)
        self.canvas.show()
        self.session = ReadingSession(project, parent=self, spare_folder=project.folder / "spare")
        self.session.opened.connect(self._show)
        self.session.changed.connect(self.canvas.refresh)
        self.session.keeper.kept.connect(self._told)
        self.canvas.stroke_ended.connect(self._stroke_ended)
        self.session.set_reader(next(r for r in project.store.readers.all() if r.id == reader_id))
        self.session.open(QueueItem(image_id, Purpose.REVIEW, None))
        self._unsaved = 0
        self._points: list[QPoint] = []
        self._button = Qt.MouseButton.LeftButton
        self._timer = QTimer(self)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._go_on)

    @Slot(object)
    def _show(self, picture: object) -> None:
        shown = self.session.picture
        assert shown is not None
        self.canvas.show_picture(shown.pyramid, self.session.painting, shown.rgb)
        self.canvas.zoom_to(1.0)
        say("READY")
        self._timer.start()

    @Slot()
    def _go_on(self) -> None:
        """Do the next thing of a stroke, or undo, or redo."""
        painting = self.session.painting
        assert painting is not None
        if not self._points:
            chance = self._rng.random()
            if chance < 0.15 and painting.undo_count:
                self._step("undo", self.session.undo)
            elif chance < 0.25 and painting.redo_count:
                self._step("redo", self.session.redo)
            elif chance < 0.35:
                self._step("decide", partial(self.session.decide, Verdict.ACCEPTED))
            else:
                self._press()
        elif len(self._points) <= _MOVES:
            self._points.append(self._somewhere())
            QTest.mouseMove(self.canvas, self._points[-1])
        elif not self._unsaved:
            self._lift()

    def _step(self, kind: str, take: Callable[[], object]) -> None:
        if self._unsaved:
            return
        say(f"OP {kind} 0")
        self._unsaved += 1
        take()
        say("END")

    def _press(self) -> None:
        is_eraser = self._rng.random() < 0.3
        self._button = Qt.MouseButton.RightButton if is_eraser else Qt.MouseButton.LeftButton
        self._points = [self._somewhere()]
        QTest.mousePress(self.canvas, self._button, pos=self._points[0])

    def _lift(self) -> None:
        value = int(self._button is Qt.MouseButton.LeftButton)
        at = [self.canvas.viewport.to_picture(p.x(), p.y()) for p in self._points]
        say(f"OP do {value} " + " ".join(f"{x!r},{y!r}" for x, y in at))
        before = self._unsaved
        QTest.mouseRelease(self.canvas, self._button, pos=self._points[-1])
        say("END" if self._unsaved > before else "NONE")
        self._points = []

    @Slot(object)
    def _stroke_ended(self, stroke: Stroke) -> None:
        self._unsaved += 1
        self.session.stroke_ended(stroke)

    @Slot(object)
    def _told(self, entry: object) -> None:
        if isinstance(entry, NewStep | NewDecision):
            self._unsaved -= 1
            say("ACK" if isinstance(entry, NewStep) else "ACK-DECISION")

    def _somewhere(self) -> QPoint:
        x, y = self._rng.integers(0, (self.canvas.width(), self.canvas.height()))
        return QPoint(int(x), int(y))


def say(line: str) -> None:
    """Write a line that a kill cannot hold back."""
    os.write(1, f"{line}\n".encode())


def main() -> None:
    """Draw until killed."""
    folder, image_id, reader_id, seed = sys.argv[1:]
    application = QApplication([])
    with Project.open(Path(folder), program="a reader") as project:
        hand = Hand(project, int(image_id), int(reader_id), int(seed))
        application.exec()
        hand.session.shut_down()


if __name__ == "__main__":
    main()
