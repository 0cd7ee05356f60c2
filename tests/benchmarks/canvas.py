"""The review canvas at 24 megapixels: one brush movement from the mouse event until it is painted.

The peer is what one writes first: a pyqtgraph image item with an RGBA overlay, set whole at each movement;
and the same told that there are no levels to find, which spares it a pass over the picture.
"""

import math
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.review.canvas.canvas import Canvas, Tool
from app.review.canvas.pyramid import Pyramid
from gsal.arrays import RgbImage
from gsal.editing.brush import paint
from gsal.editing.painting import Painting
from tests.benchmarks.harness import Row, main

HEIGHT, WIDTH = 4000, 6000
VIEW_HEIGHT, VIEW_WIDTH = 1000, 1600
ZOOMS: dict[str, float | None] = {"fit": None, "100 %": 1.0, "300 %": 3.0}
RADII_PX = (8, 40, 200)
MOVES, PEER_MOVES, WARM_UP = 100, 7, 10
STROKE_MOVES, STEP_PX, UNDO_STEPS = 15, 12, 200
_Button = Qt.MouseButton


@dataclass(frozen=True, slots=True)
class _Times:
    cpu_s: list[float]
    wall_s: list[float]

    def median(self, clock: str) -> float:
        return statistics.median(self.cpu_s if clock == "cpu" else self.wall_s)

    def rows(self, case: str, subject: str) -> Iterator[Row]:
        for clock, seconds in (("cpu", self.cpu_s), ("wall", self.wall_s)):
            ms = [1000 * s for s in seconds]
            yield Row(case, subject, f"{clock}_median_ms", statistics.median(ms), "ms")
            yield Row(case, subject, f"{clock}_p95_ms", float(np.percentile(ms, 95)), "ms")


class _Watched(Canvas):
    """Counts how often it was painted."""

    painted = 0

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted += 1

    def send(self, kind: QEvent.Type, at: QPointF, button: _Button, held: _Button) -> None:
        QApplication.sendEvent(self, QMouseEvent(kind, at, at, button, held, Qt.KeyboardModifier.NoModifier))

    def turn_wheel(self, at: QPointF, turns: int) -> None:
        phase, none = Qt.ScrollPhase.NoScrollPhase, Qt.KeyboardModifier.NoModifier
        event = QWheelEvent(at, at, QPoint(), QPoint(0, 120 * turns), _Button.NoButton, none, phase, False)
        QApplication.sendEvent(self, event)


def _picture() -> RgbImage:
    small = np.random.default_rng(0).integers(90, 230, (HEIGHT // 20, WIDTH // 20, 3), np.uint8)
    picture = np.asarray(cv2.resize(small // 4 + 150, (WIDTH, HEIGHT)), dtype=np.uint8)
    # A pen stroke across the middle, for the wand.
    x = np.arange(1500, 4500, 10)
    points = np.stack([x, HEIGHT // 2 + 300 * np.sin((x - WIDTH / 2) / 400)], axis=1).astype(np.int32)
    cv2.polylines(picture, [points], isClosed=False, color=(70, 50, 150), thickness=40)
    return picture


def _shown(picture: Pyramid, painting: Painting) -> _Watched:
    canvas = _Watched()
    canvas.resize(VIEW_WIDTH, VIEW_HEIGHT)
    canvas.show_picture(picture, painting)
    canvas.show()
    _until_painted(canvas, canvas.update)
    return canvas


def _walk(moves: int) -> Iterator[QPointF]:
    """Positions of a hand: twelve pixels at a time, the direction changing slowly."""
    rng = np.random.default_rng(1)
    x, y, angle = VIEW_WIDTH / 2, VIEW_HEIGHT / 2, 0.0
    for _ in range(moves):
        angle += rng.normal(0, 0.35)
        x = min(VIEW_WIDTH - 60, max(60, x + STEP_PX * math.cos(angle)))
        y = min(VIEW_HEIGHT - 60, max(60, y + STEP_PX * math.sin(angle)))
        yield QPointF(x, y)


def _strokes() -> Iterator[tuple[_Button, list[QPointF]]]:
    """Strokes along the walk, each taken away again on the way back: each movement changes something."""
    path = list(_walk(MOVES + WARM_UP))
    for first in range(0, len(path), STROKE_MOVES):
        stroke = path[first : first + STROKE_MOVES + 1]
        yield _Button.LeftButton, stroke
        yield _Button.RightButton, stroke[::-1]


def _until_painted(canvas: _Watched, act: Callable[[], object]) -> tuple[float, float]:
    """Do something; return CPU seconds of this thread and seconds on the clock until it is on the screen."""
    before, wall, cpu = canvas.painted, time.perf_counter(), time.thread_time()
    act()
    while canvas.painted == before:
        QApplication.processEvents()
    return time.thread_time() - cpu, time.perf_counter() - wall


def _times(pairs: list[tuple[float, float]]) -> _Times:
    kept = pairs[min(WARM_UP, len(pairs) // 4) :]
    return _Times([cpu for cpu, _ in kept], [wall for _, wall in kept])


def _dabs(canvas: _Watched, *, scale: float | None, radius: int) -> _Times:
    _look(canvas, scale)
    canvas.set_brush(2 * radius)
    pairs = []
    for button, stroke in _strokes():
        hover = partial(canvas.send, QEvent.Type.MouseMove, stroke[0], _Button.NoButton, _Button.NoButton)
        _until_painted(canvas, hover)
        canvas.send(QEvent.Type.MouseButtonPress, stroke[0], button, button)
        QApplication.processEvents()
        for at in stroke[1:]:
            move = partial(canvas.send, QEvent.Type.MouseMove, at, _Button.NoButton, button)
            pairs.append(_until_painted(canvas, move))
        canvas.send(QEvent.Type.MouseButtonRelease, stroke[-1], button, _Button.NoButton)
    return _times(pairs)


class _NaiveOverlay:
    """A photograph and an RGBA overlay as two pyqtgraph image items."""

    def __init__(self, picture: RgbImage) -> None:
        import pyqtgraph

        pyqtgraph.setConfigOptions(imageAxisOrder="row-major", antialias=False)
        self.view = pyqtgraph.GraphicsView()
        self.view.resize(VIEW_WIDTH, VIEW_HEIGHT)
        self.box = pyqtgraph.ViewBox(lockAspect=True, invertY=True, enableMenu=False)
        self.view.setCentralItem(self.box)
        self.box.addItem(pyqtgraph.ImageItem(picture))
        self._mask = np.zeros(picture.shape[:2], np.uint8)
        self._rgba = np.zeros((*picture.shape[:2], 4), np.uint8)
        self.overlay = pyqtgraph.ImageItem(self._rgba, levels=None)
        self.box.addItem(self.overlay)
        self.view.show()

    def look(self, scale: float) -> None:
        width, height = VIEW_WIDTH / scale / 2, VIEW_HEIGHT / scale / 2
        x, y = WIDTH / 2, HEIGHT / 2
        self.box.setRange(xRange=(x - width, x + width), yRange=(y - height, y + height), padding=0)
        self.view.repaint()

    def dab(self, at: QPointF, *, radius: int, has_levels: bool) -> None:
        point = self.box.mapSceneToView(at)
        box = paint(self._mask, (point.x(), point.y()), (point.x(), point.y()), radius=radius, value=1)
        self._rgba[box.slices][self._mask[box.slices] > 0] = (240, 228, 66, 115)
        if has_levels:
            self.overlay.setImage(self._rgba)
        else:
            self.overlay.setImage(self._rgba, autoLevels=False, levels=None)
        self.view.viewport().repaint()

    def times(self, *, scale: float | None, radius: int, has_levels: bool) -> _Times:
        self.look(min(VIEW_WIDTH / WIDTH, VIEW_HEIGHT / HEIGHT) if scale is None else scale)
        pairs = []
        for at in _walk(PEER_MOVES):
            wall, cpu = time.perf_counter(), time.thread_time()
            self.dab(at, radius=radius, has_levels=has_levels)
            pairs.append((time.thread_time() - cpu, time.perf_counter() - wall))
        return _times(pairs)


def _dab_rows(canvas: _Watched, naive: _NaiveOverlay) -> Iterator[Row]:
    for zoom, scale in ZOOMS.items():
        for radius in RADII_PX:
            case = f"{zoom}, radius {radius}"
            canvas.show_picture(canvas.pyramid, _empty())
            ours = _dabs(canvas, scale=scale, radius=radius)
            yield from ours.rows(case, "ours")
            for peer, has_levels in (("pyqtgraph", True), ("pyqtgraph-no-levels", False)):
                theirs = naive.times(scale=scale, radius=radius, has_levels=has_levels)
                yield from theirs.rows(case, peer)
                for clock in ("cpu", "wall"):
                    ratio = theirs.median(clock) / ours.median(clock)
                    yield Row(case, peer, f"{clock}_ratio_to_ours", ratio, "1")


def _view_rows(canvas: _Watched) -> Iterator[Row]:
    middle = QPointF(VIEW_WIDTH / 2, VIEW_HEIGHT / 2)
    for zoom, scale in ZOOMS.items():
        _look(canvas, scale)
        turned = [
            _until_painted(canvas, partial(canvas.turn_wheel, middle, 1 - 2 * (number % 2)))
            for number in range(24)
        ]
        yield from _times(turned).rows(f"{zoom}, zoom at the cursor", "ours")
        canvas.send(QEvent.Type.MouseButtonPress, middle, _Button.MiddleButton, _Button.MiddleButton)
        moved = [
            _until_painted(
                canvas,
                partial(canvas.send, QEvent.Type.MouseMove, at, _Button.NoButton, _Button.MiddleButton),
            )
            for at in _walk(40)
        ]
        canvas.send(QEvent.Type.MouseButtonRelease, middle, _Button.MiddleButton, _Button.NoButton)
        yield from _times(moved).rows(f"{zoom}, moving the picture", "ours")


def _opening_rows(canvas: _Watched, pyramid: Pyramid) -> Iterator[Row]:
    """The next picture when it has been read ahead: its mask becomes a painting, and both are painted."""
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    mask[1000:2000, 1000:3000] = True
    for zoom, scale in ZOOMS.items():
        _look(canvas, scale)
        opened = [
            _until_painted(canvas, lambda: canvas.show_picture(pyramid, Painting(mask))) for _ in range(12)
        ]
        yield from _times(opened).rows(f"{zoom}, opening the next picture", "ours")


def _wand_rows(canvas: _Watched, pyramid: Pyramid, picture: RgbImage) -> Iterator[Row]:
    canvas.show_picture(pyramid, _empty(), picture)
    canvas.set_tool(Tool.WAND)
    canvas.fit()
    middle, none, left = QPointF(VIEW_WIDTH / 2, VIEW_HEIGHT / 2), _Button.NoButton, _Button.LeftButton
    press = partial(canvas.send, QEvent.Type.MouseButtonPress, middle, left, left)
    yield from _times([_until_painted(canvas, press)]).rows("fit, wand, first look", "ours")
    dragged = [
        _until_painted(
            canvas,
            partial(canvas.send, QEvent.Type.MouseMove, middle + QPointF(-8 * step, 0), none, left),
        )
        for step in range(1, 16)
    ]
    yield from _times(dragged).rows("fit, wand, dragging", "ours")
    canvas.abandon_stroke()
    canvas.set_tool(Tool.BRUSH)


def _undo_row() -> Row:
    """Strokes of a radius of 40 pixels and 1,500 pixels long, all over the picture."""
    painting, rng = _empty(), np.random.default_rng(2)
    for _ in range(UNDO_STEPS):
        x, y = rng.uniform((0, 0), (WIDTH, HEIGHT))
        for _ in range(30):
            start, (x, y) = (x, y), (x + rng.normal(0, 40), y + rng.normal(0, 40))
            painting.extend(start, (x, y), radius=40, value=1)
        painting.end_stroke()
    return Row(f"{painting.undo_count} undo steps", "ours", "memory_mb", painting.history_bytes / 1e6, "MB")


def _empty() -> Painting:
    return Painting(np.zeros((HEIGHT, WIDTH), np.bool_))


def _look(canvas: _Watched, scale: float | None) -> None:
    canvas.fit()
    if scale is not None:
        canvas.zoom_to(scale)


def measure() -> list[Row]:
    """Paint, move, zoom and open at each zoom and radius, offscreen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    picture = _picture()
    pyramid, next_pyramid = Pyramid(picture), Pyramid(picture[::-1].copy())
    canvas = _shown(pyramid, _empty())
    naive = _NaiveOverlay(picture)
    measured = [
        *_dab_rows(canvas, naive),
        *_view_rows(canvas),
        *_opening_rows(canvas, next_pyramid),
        *_wand_rows(canvas, pyramid, picture),
        _undo_row(),
    ]
    naive.view.close()
    canvas.close()
    del application
    return measured


if __name__ == "__main__":
    main(measure)
