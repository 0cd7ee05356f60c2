"""The canvas acted on as a user does: painting, erasing, moving, zooming, and how little it redraws."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker
from typing_extensions import override

from app.review.canvas.canvas import Canvas
from app.review.canvas.overlay import Overlay
from app.review.canvas.pyramid import Pyramid
from app.theme import PHOTO_GREY
from gsal.editing.painting import Painting

HEIGHT, WIDTH = 900, 1200
NONE = Qt.KeyboardModifier.NoModifier


class Watched(Canvas):
    """Remembers what it was asked to draw."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[QRect] = []

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.drawn.append(event.rect())
        super().paintEvent(event)


@pytest.fixture
def canvas(qtbot: QtBot) -> Watched:
    made = Watched()
    qtbot.addWidget(made)
    made.resize(800, 600)
    picture = np.full((HEIGHT, WIDTH, 3), (180, 140, 120), np.uint8)
    made.show_picture(Pyramid(picture), Painting(np.zeros((HEIGHT, WIDTH), np.bool_)))
    with qtbot.waitExposed(made):
        made.show()
    return made


def point_of(canvas: Canvas, x: float, y: float) -> QPoint:
    wx, wy = canvas.viewport.to_widget(x, y)
    return QPoint(round(wx), round(wy))


def move(canvas: Canvas, at: QPoint, button: Qt.MouseButton) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(at), button, button, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(canvas, event)


def strokes(ended: SignalBlocker) -> list[str]:
    assert isinstance(ended.args, list)
    return [stroke.tool for stroke in ended.args]


def mask_of(canvas: Canvas) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    assert canvas.painting is not None
    return canvas.painting.mask


def test_a_drag_paints_the_reference_and_is_one_step(qtbot: QtBot, canvas: Watched) -> None:
    canvas.set_brush(30)
    start, end = point_of(canvas, 300, 300), point_of(canvas, 700, 420)
    with qtbot.waitSignal(canvas.stroke_ended) as ended:
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NONE, start)
        move(canvas, end, Qt.MouseButton.LeftButton)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, end)
    a = np.array(canvas.viewport.to_picture(start.x(), start.y()))
    d = np.array(canvas.viewport.to_picture(end.x(), end.y())) - a
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    t = np.clip(((columns - a[0]) * d[0] + (rows - a[1]) * d[1]) / (d @ d), 0, 1)
    distance = np.hypot(columns - a[0] - t * d[0], rows - a[1] - t * d[1])
    # The canvas computes in float32: pixels on the very rim may fall on either side.
    differ = mask_of(canvas) != (distance <= 15)
    assert np.abs(distance[differ] - 15).max(initial=0) < 1e-3
    assert strokes(ended) == ["brush"]
    assert canvas.painting is not None
    assert canvas.painting.undo_count == 1


@pytest.mark.parametrize(
    ("button", "modifier"),
    [
        (Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier),
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier),
    ],
)
def test_right_button_and_ctrl_erase(
    qtbot: QtBot, canvas: Watched, button: Qt.MouseButton, modifier: Qt.KeyboardModifier
) -> None:
    at = point_of(canvas, 600, 450)
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, NONE, at)
    assert mask_of(canvas).any()
    with qtbot.waitSignal(canvas.stroke_ended) as ended:
        QTest.mouseClick(canvas, button, modifier, at)
    assert not mask_of(canvas).any()
    assert strokes(ended) == ["eraser"]


def test_a_dab_redraws_only_its_surroundings(qtbot: QtBot, canvas: Watched) -> None:
    canvas.zoom_to(1.0)
    at = point_of(canvas, 600, 450)
    move(canvas, at, Qt.MouseButton.NoButton)
    qtbot.waitUntil(lambda: bool(canvas.drawn))
    canvas.repaint()
    canvas.drawn.clear()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NONE, at)
    move(canvas, at + QPoint(5, 0), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(canvas.drawn))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, at)
    assert max(r.width() * r.height() for r in canvas.drawn) < 60 * 60


@pytest.mark.parametrize("scale", [0.3, 0.5, 1.0, 3.0])
def test_partial_redraws_look_like_a_whole_one(qtbot: QtBot, canvas: Watched, scale: float) -> None:
    canvas.zoom_to(scale)
    canvas.grab()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(400, 300))
    for step in range(1, 12):
        move(canvas, QPoint(400 + 13 * step, 300 + 7 * step), Qt.MouseButton.LeftButton)
        canvas.repaint()
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(543, 377))
    canvas.leaveEvent(QEvent(QEvent.Type.Leave))
    partial = canvas.grab().toImage()
    canvas.update()
    assert canvas.grab().toImage() == partial


def test_colours_of_fill_outline_and_surroundings(canvas: Watched) -> None:
    assert canvas.painting is not None
    canvas.painting.extend((600, 450), (600, 450), radius=60, value=1)
    canvas.painting.end_stroke()
    canvas.zoom_to(1.0)
    image = canvas.grab().toImage()
    inside = image.pixelColor(point_of(canvas, 600, 450))
    assert inside.red() > 190, "yellow over skin is brighter"
    assert inside.blue() < 110
    outside = image.pixelColor(point_of(canvas, 600, 300))
    assert (outside.red(), outside.green(), outside.blue()) == (180, 140, 120)
    canvas.set_hidden(True)
    assert canvas.grab().toImage().pixelColor(point_of(canvas, 600, 450)) == outside
    canvas.fit()
    assert canvas.grab().toImage().pixelColor(2, 300).name() == PHOTO_GREY


def test_overlay_is_white_inside_the_edge_and_black_outside() -> None:
    mask = np.zeros((9, 9), np.uint8)
    mask[2:7, 2:7] = 1
    expected = np.zeros((9, 9), int)
    expected[1:8, 2:7] = expected[2:7, 1:8] = 1
    expected[2:7, 2:7] = 2
    expected[3:6, 3:6] = 3
    overlay = Overlay("yellow", 0.5)
    assert np.array_equal(overlay.classes(mask), expected)
    shown = overlay.lay(np.full((9, 9), 0xFF102030, np.uint32), overlay.classes(mask))
    assert shown[[0, 1, 2, 4], [4, 4, 4, 4]].tolist() == [0xFF102030, 0xFF000000, 0xFFFFFFFF, 0xFF808239]


def test_wheel_zooms_at_the_cursor_and_shift_changes_the_brush(canvas: Watched) -> None:
    at = QPointF(200, 150)
    before = canvas.viewport.to_picture(at.x(), at.y())

    def turn(modifier: Qt.KeyboardModifier) -> None:
        event = QWheelEvent(
            at,
            at,
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(canvas, event)

    scale, size = canvas.viewport.scale, canvas.brush_px
    turn(Qt.KeyboardModifier.NoModifier)
    assert canvas.viewport.scale == pytest.approx(1.25 * scale)
    assert canvas.viewport.to_picture(at.x(), at.y()) == pytest.approx(before)
    turn(Qt.KeyboardModifier.ShiftModifier)
    assert canvas.brush_px > size
    assert canvas.viewport.scale == pytest.approx(1.25 * scale)


def test_panning_and_middle_button_move_the_picture(qtbot: QtBot, canvas: Watched) -> None:
    x = canvas.viewport.x
    canvas.set_panning(True)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(100, 100))
    move(canvas, QPoint(140, 100), Qt.MouseButton.LeftButton)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(140, 100))
    canvas.set_panning(False)
    assert canvas.viewport.x == pytest.approx(x + 40)
    QTest.mousePress(canvas, Qt.MouseButton.MiddleButton, NONE, QPoint(100, 100))
    move(canvas, QPoint(90, 100), Qt.MouseButton.MiddleButton)
    QTest.mouseRelease(canvas, Qt.MouseButton.MiddleButton, NONE, QPoint(90, 100))
    assert canvas.viewport.x == pytest.approx(x + 30)
    assert not mask_of(canvas).any()


def test_escape_takes_back_the_stroke_in_hand(qtbot: QtBot, canvas: Watched) -> None:
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(400, 300))
    canvas.abandon_stroke()
    with qtbot.assertNotEmitted(canvas.stroke_ended):
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(400, 300))
    assert not mask_of(canvas).any()


def test_zoom_is_kept_between_pictures_of_one_shape(canvas: Watched) -> None:
    canvas.zoom_to(2.0)
    view = canvas.viewport
    empty = np.zeros((HEIGHT, WIDTH), np.bool_)
    canvas.show_picture(Pyramid(np.zeros((HEIGHT, WIDTH, 3), np.uint8)), Painting(empty))
    assert canvas.viewport == view
    canvas.show_picture(Pyramid(np.zeros((300, 400, 3), np.uint8)), Painting(empty[:300, :400]))
    assert canvas.viewport != view
    assert isinstance(canvas.grab().toImage(), QImage)


def test_the_brush_changes_by_a_pixel_at_least(canvas: Watched) -> None:
    canvas.set_brush(2)
    canvas.scale_brush(1.2)
    assert canvas.brush_px == 3
    canvas.scale_brush(1 / 1.2)
    assert canvas.brush_px == 2
    canvas.scale_brush(1.0)
    assert canvas.brush_px == 2
    canvas.set_brush(500)
    canvas.scale_brush(1.2)
    assert canvas.brush_px == 500
