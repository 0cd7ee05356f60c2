"""What the canvas draws again: all that changed and little else, at any zoom and on any screen."""

import os
import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.review.canvas.canvas import Canvas
from app.review.canvas.palettes import HALO, OUTLINE
from app.review.canvas.pyramid import Pyramid
from app.review.canvas.viewport import Viewport
from gsal.editing.painting import Painting

HEIGHT, WIDTH = 1800, 2600
VIEW_HEIGHT, VIEW_WIDTH = 600, 800
SKIN = (200, 160, 140)
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
Pixels = npt.NDArray[np.uint8]


class Watched(Canvas):
    """Remembers what it was asked to draw."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn = QRegion()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.drawn += event.region()
        super().paintEvent(event)


def shown(canvas: Canvas, mask: npt.NDArray[np.bool_] | None = None) -> None:
    canvas.resize(VIEW_WIDTH, VIEW_HEIGHT)
    painting = Painting(np.zeros((HEIGHT, WIDTH), np.bool_) if mask is None else mask)
    canvas.show_picture(Pyramid(np.full((HEIGHT, WIDTH, 3), SKIN, np.uint8)), painting)


@pytest.fixture
def canvas(qtbot: QtBot) -> Watched:
    made = Watched()
    qtbot.addWidget(made)
    shown(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def pixels(canvas: Canvas) -> Pixels:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return flat[:, : image.width(), 2::-1].copy()


def move(canvas: Canvas, at: QPoint, held: Qt.MouseButton = LEFT) -> None:
    where, none = QPointF(at), Qt.MouseButton.NoButton
    QApplication.sendEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, where, where, none, held, NONE))


def parts(region: QRegion) -> list[QRect]:
    return list(region)  # type: ignore[call-overload, no-any-return]


def redrawn(canvas: Canvas) -> Pixels:
    """The picture as it is when nothing is kept from before."""
    canvas.set_hidden(True)
    canvas.set_hidden(False)
    return pixels(canvas)


@pytest.mark.parametrize("scale", [None, 0.31, 0.5, 0.83, 1.0, 1.7, 3.0, 11.0])
@pytest.mark.parametrize("brush_px", [1, 16, 400])
def test_strokes_kept_up_to_date_look_as_if_drawn_anew(
    canvas: Watched, scale: float | None, brush_px: int
) -> None:
    if scale is not None:
        canvas.set_viewport(Viewport(scale, 413.37 - 1300 * scale, 278.9 - 900 * scale))
    pixels(canvas)
    for button, path in (
        (LEFT, (300, 300, 430, 370, 700, 590)),
        (Qt.MouseButton.RightButton, (380, 300, 500, 400)),
    ):
        points = [QPoint(x, y) for x, y in zip(path[::2], path[1::2], strict=True)]
        canvas.set_brush(brush_px if button is LEFT else brush_px // 10 + 1)
        QTest.mousePress(canvas, button, NONE, points[0])
        for point in points[1:]:
            move(canvas, point, button)
        QTest.mouseRelease(canvas, button, NONE, points[-1])
    kept = pixels(canvas)
    assert (kept == OUTLINE).all(axis=-1).sum() > 100
    assert np.array_equal(kept, redrawn(canvas))


@pytest.mark.parametrize(("scale", "brush_px"), [(0.31, 24), (1.0, 60), (1.0, 300), (3.0, 180)])
def test_all_that_looks_different_is_drawn_again(
    qtbot: QtBot, canvas: Watched, scale: float, brush_px: int
) -> None:
    canvas.zoom_to(scale)
    canvas.set_brush(brush_px)
    QTest.mousePress(canvas, LEFT, NONE, QPoint(390, 300))
    move(canvas, QPoint(400, 300))
    qtbot.waitUntil(lambda: not canvas.drawn.isEmpty())
    canvas.repaint()
    before = pixels(canvas)
    for point in (QPoint(411, 304), QPoint(425, 299), QPoint(500, 350)):
        canvas.drawn = QRegion()
        move(canvas, point)
        qtbot.waitUntil(lambda: not canvas.drawn.isEmpty())
        drawn = canvas.drawn
        after = pixels(canvas)
        rows, columns = np.nonzero((before != after).any(axis=-1))
        assert rows.size
        left_out = [
            (x, y)
            for y, x in zip(rows.tolist(), columns.tolist(), strict=True)
            if not drawn.contains(QPoint(x, y))
        ]
        assert not left_out
        before = after
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(500, 350))


def test_moving_a_large_brush_over_full_ink_draws_only_its_circle(qtbot: QtBot, canvas: Watched) -> None:
    canvas.zoom_to(1.0)
    canvas.set_brush(500)
    move(canvas, QPoint(400, 300), Qt.MouseButton.NoButton)
    canvas.repaint()
    canvas.drawn = QRegion()
    move(canvas, QPoint(410, 300), Qt.MouseButton.NoButton)
    qtbot.waitUntil(lambda: not canvas.drawn.isEmpty())
    area = sum(part.width() * part.height() for part in parts(canvas.drawn))
    assert area < 0.6 * 500 * 500


@pytest.mark.parametrize("scale", [0.25, 0.6, 1.0, 2.5, 3.0, 8.0])
def test_outline_and_halo_are_one_screen_pixel_wide_at_every_zoom(canvas: Watched, scale: float) -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    mask[600:1200, 900:1700] = True
    shown(canvas, mask)
    canvas.set_viewport(Viewport(scale, 400 - 900 * scale, 300 - 900 * scale))
    row = [tuple(colour) for colour in pixels(canvas)[300, 380:420].tolist()]
    assert row.count(OUTLINE) == 1
    assert row.count(HALO) == 1
    assert row.index(OUTLINE) == row.index(HALO) + 1
    assert abs(row.index(OUTLINE) - 20) <= 1, "where the ink begins"


@pytest.mark.parametrize("scale", [0.26, 0.31, 0.45, 0.77])
def test_a_stroke_one_pixel_thin_is_whole_at_any_zoom(canvas: Watched, scale: float) -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.bool_)
    mask[np.arange(600, 1200), np.arange(900, 1500)] = True
    shown(canvas, mask)
    canvas.set_viewport(Viewport(scale, 400 - 1200 * scale, 300 - 900 * scale))
    outlined = (pixels(canvas) == OUTLINE).all(axis=-1)
    rows = np.flatnonzero(outlined.any(axis=1))
    assert rows.size == rows[-1] - rows[0] + 1, "no row of the screen is left out"
    assert abs(rows.size - 600 * scale) <= 3


def test_looking_elsewhere_is_told_once(qtbot: QtBot, canvas: Watched) -> None:
    there = Viewport(2.0, -100, -50)
    with qtbot.waitSignal(canvas.view_changed):
        canvas.set_viewport(there)
    with qtbot.assertNotEmitted(canvas.view_changed):
        canvas.set_viewport(there)
    assert canvas.viewport == there


def test_zoom_and_place_are_kept_for_a_picture_of_another_shape(canvas: Watched) -> None:
    canvas.zoom_to(2.0)
    canvas.set_viewport(Viewport(2.0, 400 - 0.25 * WIDTH * 2, 300 - 0.5 * HEIGHT * 2))
    painting = Painting(np.zeros((1000, 1000), np.bool_))
    canvas.show_picture(Pyramid(np.zeros((1000, 1000, 3), np.uint8)), painting)
    assert canvas.viewport.scale == 2.0
    assert canvas.point(QPointF(400, 300)) == pytest.approx((250, 500))


def test_without_a_picture_there_is_only_grey(canvas: Watched) -> None:
    canvas.show_picture(None, None)
    assert len(np.unique(pixels(canvas).reshape(-1, 3), axis=0)) == 1


SCREEN_PROGRAM = """
import sys
from PySide6.QtWidgets import QApplication
application = QApplication([])
from tests.app.test_canvas_drawing import check_on_this_screen
check_on_this_screen(float(sys.argv[1]))
"""


def check_on_this_screen(ratio: float) -> None:
    """Paint and compare on a screen with so many pixels per point; runs in a process of its own."""
    canvas = Canvas()
    shown(canvas)
    canvas.show()
    assert canvas.devicePixelRatioF() == ratio
    canvas.zoom_to(1.0)
    assert canvas.viewport.scale == pytest.approx(1 / ratio), "100 % is one screen pixel per picture pixel"
    canvas.set_viewport(Viewport(1 / ratio, 0, 0))
    canvas.set_brush(100)
    pixels(canvas)
    QTest.mousePress(canvas, LEFT, NONE, QPoint(300, 200))
    move(canvas, QPoint(400, 260))
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(400, 260))
    canvas.is_editable = False
    kept = pixels(canvas)
    assert kept.shape == (round(VIEW_HEIGHT * ratio), round(VIEW_WIDTH * ratio), 3)
    assert np.array_equal(kept, redrawn(canvas))
    assert canvas.painting is not None
    assert canvas.painting.mask[round(200 * ratio), round(300 * ratio)]
    ink = canvas.painting.mask[: kept.shape[0], : kept.shape[1]]
    is_skin: npt.NDArray[np.bool_] = np.abs(kept.astype(int) - SKIN).max(axis=-1) <= 1
    assert not is_skin[ink].any(), "each pixel of ink is seen"
    assert is_skin[~ink].mean() > 0.99


@pytest.mark.parametrize("ratio", [1.5, 2.0])
def test_screens_with_many_pixels_show_each_of_the_picture(ratio: float) -> None:
    environment = os.environ | {"QT_SCALE_FACTOR": str(ratio), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", SCREEN_PROGRAM, str(ratio)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
