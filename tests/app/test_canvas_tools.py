"""The canvas's tools in the hand: segments, ink-only brush, wand, fill, pens, and what the reader is told."""

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.review.canvas.canvas import Canvas, Stroke, Tool
from app.review.canvas.pyramid import Pyramid
from gsal.editing.ink_colour import DEFAULT_TOLERANCE
from gsal.editing.painting import Painting

HEIGHT, WIDTH = 500, 700
SKIN, INK = (215, 170, 150), (70, 50, 150)
NONE = Qt.KeyboardModifier.NoModifier
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
MaskArray = npt.NDArray[np.bool_]


def ink_line() -> MaskArray:
    drawn = np.zeros((HEIGHT, WIDTH), np.bool_)
    drawn[240:260, 100:600] = True
    return drawn


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    made = Canvas()
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    rng = np.random.default_rng(0)
    picture = np.where(ink_line()[..., None], INK, SKIN) + rng.integers(-3, 4, (HEIGHT, WIDTH, 3))
    rgb = picture.astype(np.uint8)
    made.show_picture(Pyramid(rgb), Painting(np.zeros((HEIGHT, WIDTH), np.bool_)), rgb)
    with qtbot.waitExposed(made):
        made.show()
    made.set_viewport(made.viewport.__class__())
    made.set_brush(20)
    return made


def mask_of(canvas: Canvas) -> MaskArray:
    assert canvas.painting is not None
    return canvas.painting.mask


def move(canvas: Canvas, at: QPoint, held: Qt.MouseButton = LEFT) -> None:
    where, none = QPointF(at), Qt.MouseButton.NoButton
    QApplication.sendEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, where, where, none, held, NONE))


def drag(canvas: Canvas, *points: QPoint, button: Qt.MouseButton = LEFT) -> None:
    QTest.mousePress(canvas, button, NONE, points[0])
    for point in points[1:]:
        move(canvas, point, button)
    QTest.mouseRelease(canvas, button, NONE, points[-1])


class Strokes(list[Stroke]):
    """Collects what ended on a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        canvas.stroke_ended.connect(self.append)


def test_shift_click_draws_a_straight_segment_from_where_the_last_stroke_ended(canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    QTest.mouseClick(canvas, LEFT, NONE, QPoint(100, 100))
    QTest.mouseClick(canvas, LEFT, Qt.KeyboardModifier.ShiftModifier, QPoint(300, 100))
    QTest.mouseClick(canvas, LEFT, Qt.KeyboardModifier.ShiftModifier, QPoint(300, 200))
    mask = mask_of(canvas)
    assert mask[100, 90:310].all(), "across"
    assert mask[90:210, 300].all(), "and on from there"
    assert not mask[150:200, 200].any()
    assert [stroke.tool for stroke in strokes] == ["brush"] * 3


def test_shift_click_on_a_new_picture_begins_a_stroke(canvas: Canvas) -> None:
    QTest.mouseClick(canvas, LEFT, NONE, QPoint(100, 100))
    canvas.show_picture(canvas.pyramid, Painting(np.zeros((HEIGHT, WIDTH), np.bool_)), canvas.rgb)
    QTest.mouseClick(canvas, LEFT, Qt.KeyboardModifier.ShiftModifier, QPoint(300, 100))
    assert not mask_of(canvas)[:, :280].any()


def test_the_change_that_is_told_is_the_change_of_the_mask(canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    drag(canvas, QPoint(100, 100), QPoint(200, 100))
    assert strokes[0].change.pixels_added == mask_of(canvas).sum()
    drag(canvas, QPoint(100, 100), QPoint(150, 100), button=RIGHT)
    assert strokes[1].tool == "eraser"
    assert strokes[0].change.pixels_added - strokes[1].change.pixels_removed == mask_of(canvas).sum()


def test_the_ink_brush_paints_ink_and_leaves_skin(canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    canvas.set_tool(Tool.INK_BRUSH)
    canvas.set_brush(60)
    drag(canvas, QPoint(200, 250), QPoint(400, 250))
    assert strokes[0].tool == "ink-brush"
    painted = mask_of(canvas)
    assert painted[242:258, 200:400].mean() > 0.95
    assert painted[~ink_line()].sum() < 0.1 * painted.sum()
    drag(canvas, QPoint(200, 250), QPoint(400, 250), button=RIGHT)
    assert strokes[1].tool == "eraser"
    assert not mask_of(canvas).any(), "the right button erases as with any brush"


def test_the_wand_takes_the_ink_and_its_drag_sets_the_tolerance(canvas: Canvas) -> None:
    strokes, hints = Strokes(canvas), list[str]()
    canvas.hint.connect(hints.append)
    canvas.set_tool(Tool.WAND)
    QTest.mousePress(canvas, LEFT, NONE, QPoint(300, 250))
    preview = mask_of(canvas)
    assert preview.any(), "seen before the button is released"
    assert not strokes
    move(canvas, QPoint(260, 250))
    assert f"Tolerance {DEFAULT_TOLERANCE - 10}:" in hints[-1]
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(260, 250))
    taken = mask_of(canvas)
    assert np.logical_and(taken, ink_line()).sum() > 0.95 * ink_line().sum()
    assert (taken & ~ink_line()).sum() < 0.1 * ink_line().sum()
    assert [stroke.tool for stroke in strokes] == ["wand"]
    assert canvas.painting is not None
    assert canvas.painting.undo_count == 1
    drag(canvas, QPoint(300, 250), button=RIGHT)
    assert mask_of(canvas).sum() < 0.05 * taken.sum(), "the right button takes it away"


def test_escape_takes_the_wands_preview_back(canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    canvas.set_tool(Tool.WAND)
    QTest.mousePress(canvas, LEFT, NONE, QPoint(300, 250))
    canvas.abandon_stroke()
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(300, 250))
    assert not mask_of(canvas).any()
    assert not strokes


def test_the_wand_beside_the_picture_does_nothing(canvas: Canvas) -> None:
    canvas.set_viewport(canvas.viewport.moved(50, 0))
    canvas.set_tool(Tool.WAND)
    drag(canvas, QPoint(10, 100), QPoint(30, 100))
    assert not mask_of(canvas).any()


def test_fill_fills_a_closed_outline_and_says_when_it_is_open(canvas: Canvas) -> None:
    strokes, hints = Strokes(canvas), list[str]()
    canvas.hint.connect(hints.append)
    corners = [QPoint(100, 100), QPoint(200, 100), QPoint(200, 200), QPoint(100, 200)]
    drag(canvas, *corners)
    canvas.set_tool(Tool.FILL)
    QTest.mouseClick(canvas, LEFT, NONE, QPoint(150, 150))
    assert "open" in hints[0]
    assert len(strokes) == 1
    canvas.set_tool(Tool.BRUSH)
    drag(canvas, QPoint(100, 200), QPoint(100, 100))
    canvas.set_tool(Tool.FILL)
    QTest.mouseClick(canvas, LEFT, NONE, QPoint(150, 150))
    assert mask_of(canvas)[100:200, 100:200].all()
    assert strokes[-1].tool == "fill"
    assert strokes[-1].change.pixels_added == 80 * 80


def test_q_swaps_the_last_two_tools(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.set_tool(Tool.WAND)
    with qtbot.waitSignal(canvas.tool_changed) as changed:
        canvas.swap_tool()
    assert changed.args == ["brush"]
    canvas.swap_tool()
    assert canvas.tool is Tool.WAND


def test_a_second_button_does_not_disturb_a_stroke(canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    QTest.mousePress(canvas, LEFT, NONE, QPoint(100, 100))
    QTest.mouseClick(canvas, RIGHT, NONE, QPoint(100, 100))
    move(canvas, QPoint(200, 100))
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(200, 100))
    assert len(strokes) == 1
    assert mask_of(canvas)[100, 100:200].all()


def test_nothing_is_painted_where_nothing_may_be(canvas: Canvas) -> None:
    canvas.is_editable = False
    drag(canvas, QPoint(100, 100), QPoint(200, 100))
    assert not mask_of(canvas).any()


def pen(
    canvas: Canvas, kind: QEvent.Type, at: QPoint, pressure: float, *, is_eraser: bool = False
) -> QTabletEvent:
    tip = QPointingDevice.PointerType.Eraser if is_eraser else QPointingDevice.PointerType.Pen
    device = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        tip,
        QInputDevice.Capability.Pressure | QInputDevice.Capability.Position,
        1,
        2,
    )
    where = QPointF(at)
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.TabletRelease else LEFT
    event = QTabletEvent(kind, device, where, where, pressure, 0, 0, 0, 0, 0, NONE, LEFT, held)
    QApplication.sendEvent(canvas, event)
    return event


def pen_stroke(canvas: Canvas, pressure: float, *, row: int = 100, is_eraser: bool = False) -> None:
    pen(canvas, QEvent.Type.TabletPress, QPoint(100, row), pressure, is_eraser=is_eraser)
    move_event = pen(canvas, QEvent.Type.TabletMove, QPoint(200, row), pressure, is_eraser=is_eraser)
    assert move_event.isAccepted(), "or Qt would send it again as a mouse's"
    pen(canvas, QEvent.Type.TabletRelease, QPoint(200, row), 0.0, is_eraser=is_eraser)


def test_pressure_makes_the_brush_as_wide_as_it_is_pressed(canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    pen_stroke(canvas, 1.0, row=100)
    pen_stroke(canvas, 0.5, row=200)
    canvas.uses_pressure = False
    pen_stroke(canvas, 0.5, row=300)
    widths = [int(mask_of(canvas)[row - 40 : row + 40, 150].sum()) for row in (100, 200, 300)]
    assert widths == [20, 10, 20]
    assert [stroke.tool for stroke in strokes] == ["brush"] * 3


def test_the_pens_other_end_erases(canvas: Canvas) -> None:
    strokes = Strokes(canvas)
    pen_stroke(canvas, 1.0)
    pen_stroke(canvas, 1.0, is_eraser=True)
    assert not mask_of(canvas).any()
    assert strokes[-1].tool == "eraser"


@pytest.mark.parametrize("tool", [Tool.INK_BRUSH, Tool.WAND])
def test_what_goes_by_colour_does_not_begin_on_skin(qtbot: QtBot, canvas: Canvas, tool: Tool) -> None:
    canvas.set_tool(tool)
    with qtbot.waitSignal(canvas.hint) as hint, qtbot.assertNotEmitted(canvas.stroke_ended):
        drag(canvas, QPoint(300, 300), QPoint(330, 250))
    assert hint.args == ["This looks like skin: begin on the ink."]
    assert not mask_of(canvas).any()
    with qtbot.waitSignal(canvas.stroke_ended):
        drag(canvas, QPoint(300, 250), QPoint(330, 250))
    assert mask_of(canvas).any()
