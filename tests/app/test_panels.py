"""What stands around the picture: what a reader may see of it, what its controls ask for, that it fits."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.review.canvas.looks import Looks
from app.review.canvas.palettes import PALETTES
from app.review.canvas.pyramid import Pyramid
from app.review.canvas.tools import BRUSH_SIZES_PX, Tool
from app.review.keys.bindings import BINDINGS, LEFT_HANDED
from app.review.keys.keymap import Keymap
from app.review.panels.cleaning import CLEANING
from app.review.panels.looks import LOOKING
from app.review.panels.saved import SaveBanner
from app.review.panels.tool_panel import ToolPanel
from app.review.panels.view_bar import ViewBar
from app.review.reading.opening import OpenedPicture
from app.review.reading.proposals import Proposal
from app.theme import FONT_SCALES, Theme, ThemeChoice
from gsal.records import ImageRecord, MaskRecord, MaskSource, Purpose, QueueItem, Verdict

LEFT = Qt.MouseButton.LeftButton
SMALL_WINDOW = QSize(1280, 672)
"""1280 x 720 less the window's header."""


def proposal(key: int, ink: int) -> Proposal:
    mask = np.zeros((40, 50), np.bool_)
    mask[:ink] = True
    source = MaskSource.MODEL if key == 4 else MaskSource.RULE
    record = MaskRecord(
        id=key,
        uuid=str(key),
        image_id=1,
        source=source,
        rule=("", "hue", "lab", "dark", "")[key],
        model_id=None,
        reader_id=None,
        purpose=Purpose.REVIEW,
        parent_id=None,
        ink_px=1.0,
        sha256="",
        threshold=None,
        created="",
    )
    return Proposal(key, record, mask)


def picture(*, is_blind: bool = False, verdict: Verdict | None = None) -> OpenedPicture:
    rgb = np.full((40, 50, 3), 180, np.uint8)
    image = ImageRecord(
        id=1,
        root="clinic",
        path="first visit/lesion with a rather long name 000123.jpg",
        sha256="ab" * 32,
        width=6000,
        height=4000,
        label="MEL",
        patient_id="",
        lesion_id="",
        side=None,
        disagreement=0.9,
        extra={},
        size_bytes=1,
        mtime_ns=1,
    )
    keys = (1, 2, 3) if is_blind else (1, 2, 4)
    return OpenedPicture(
        image=image,
        item=QueueItem(1, Purpose.VALIDATION if is_blind else Purpose.REVIEW, verdict),
        pyramid=Pyramid(rgb),
        proposals=tuple(proposal(key, 2 * key) for key in keys),
        is_blind=is_blind,
        is_blank_start=False,
        verdict=verdict,
        origin="from: rule lab",
    )


@pytest.fixture
def panel(qtbot: QtBot) -> ToolPanel:
    made = ToolPanel()
    qtbot.addWidget(made)
    made.show()
    return made


def seen(widget: QWidget) -> str:
    labels = [part.text() for part in widget.findChildren(QLabel) if part.isVisible()]
    return "\n".join(
        labels + [part.text() for part in widget.findChildren(QAbstractButton) if part.isVisible()]
    )


def test_a_reader_sees_which_proposals_there_are_and_how_much_ink(panel: ToolPanel) -> None:
    panel.show_picture(picture(verdict=Verdict.FLAGGED))
    buttons = panel.proposals.buttons
    assert [buttons[key].text() for key in (1, 2, 3, 4, 0)] == [
        "1  hue",
        "2  lab",
        "3  dark",
        "4  BiSeNet",
        "0  empty",
    ]
    assert [key for key in (1, 2, 3, 4, 0) if buttons[key].isEnabled()] == [1, 2, 4, 0]
    assert panel.proposals.shares[4].text() == "20.0 %"
    assert panel.proposals.shares[3].text() == "–"
    assert panel.proposals.origin.text() == "from: rule lab"
    assert panel.verdicts.decided.text() == "Your verdict: flagged"
    panel.show_picture(None)
    assert not any(button.isEnabled() for button in buttons.values())
    assert not panel.verdicts.decided.isVisible()


def test_a_blind_reader_sees_numbers_only(panel: ToolPanel) -> None:
    panel.show_picture(picture())
    assert "BiSeNet" in seen(panel.proposals)
    panel.show_picture(picture(is_blind=True))
    text = seen(panel.proposals)
    for word in ("hue", "lab", "dark", "BiSeNet", "%", "from:", "4"):
        assert word not in text, word
    assert [panel.proposals.buttons[key].text() for key in (1, 2, 3)] == ["1", "2", "3"]
    assert all(panel.proposals.buttons[key].isEnabled() for key in (0, 1, 2, 3))
    assert all(panel.proposals.buttons[key]._bar is None for key in (1, 2, 3))
    assert "network" not in "".join(button.toolTip() for button in panel.proposals.buttons.values())


def test_proposals_are_taken_by_button_and_gone_through(qtbot: QtBot, panel: ToolPanel) -> None:
    panel.show_picture(picture())
    with qtbot.waitSignal(panel.asked) as asked:
        QTest.mouseClick(panel.proposals.buttons[2], LEFT)
    assert asked.args == ["proposal-2"]
    assert not panel.proposals.buttons[2].isChecked(), "it is the session that takes it"
    gone_through = []
    for _ in range(4):
        gone_through.append(panel.proposals.next_key())
        panel.proposals.show_taken(gone_through[-1])
    assert gone_through == [1, 2, 4, 1]
    assert panel.proposals.buttons[1].isChecked()
    panel.show_picture(None)
    assert panel.proposals.next_key() == 0


def test_the_threshold_can_be_moved_while_it_is_shown(qtbot: QtBot, panel: ToolPanel) -> None:
    panel.show_picture(picture())
    slider = panel.proposals.threshold
    assert not slider.isVisible()
    with qtbot.assertNotEmitted(panel.proposals.threshold_asked):
        panel.proposals.show_threshold(0.5)
    assert slider.isVisible()
    with qtbot.waitSignal(panel.proposals.threshold_asked) as asked:
        QTest.keyClick(slider, Qt.Key.Key_Right)
    assert asked.args == [0.55]
    panel.proposals.show_threshold(None)
    assert not slider.isVisible()


def test_every_tool_has_its_button_and_says_what_it_does(qtbot: QtBot, panel: ToolPanel) -> None:
    assert list(panel.tools.buttons) == [str(tool) for tool in Tool]
    for action, button in panel.tools.buttons.items():
        with qtbot.waitSignal(panel.asked) as asked:
            QTest.mouseClick(button, LEFT)
        assert asked.args == [action]
        panel.tools.show_tool(action)
        assert panel.tools.what.text()
        assert panel.tools.tolerance.isVisible() is (action in {"ink-brush", "wand"})
    panel.tools.show_hint("The outline is open")
    assert panel.tools.what.text() == "The outline is open"
    panel.tools.show_tool("brush")
    assert panel.tools.what.text() == "Brush: paint ink"


def test_the_brush_size_is_one_number_in_two_controls(qtbot: QtBot, panel: ToolPanel) -> None:
    tools = panel.tools
    assert (tools.brush_size.minimum(), tools.brush_size.maximum()) == BRUSH_SIZES_PX
    with qtbot.assertNotEmitted(tools.size_asked):
        tools.show_size(200)
    assert tools.brush_size.value() == 200
    position = tools._size_slider.value()
    with qtbot.waitSignal(tools.size_asked) as asked:
        tools._size_slider.setValue(position - 30)
    assert asked.args == [100]
    assert tools.brush_size.value() == 100
    for pixels in BRUSH_SIZES_PX:
        tools.show_size(pixels)
        assert tools.brush_size.value() == pixels


def test_colour_and_pressure_are_asked_for(qtbot: QtBot, panel: ToolPanel) -> None:
    with qtbot.waitSignal(panel.tools.tolerance_asked) as asked:
        panel.tools.tolerance.setValue(31)
    assert asked.args == [31]
    with qtbot.assertNotEmitted(panel.tools.tolerance_asked):
        panel.tools.show_tolerance(12)
    assert panel.tools.tolerance.value() == 12
    with qtbot.waitSignal(panel.tools.pressure_asked) as asked:
        panel.tools.pressure.click()
    assert asked.args == [False]


def test_cleaning_goes_by_its_sizes_from_key_and_button(qtbot: QtBot, panel: ToolPanel) -> None:
    panel.set_folded(())
    panel.cleaning.specks_px.setValue(81)
    panel.cleaning.step_px.setValue(3)
    wanted = dict(zip(CLEANING, (81, 0, 3, 3), strict=True))
    for action, pixels in wanted.items():
        button = panel.cleaning.findChild(QPushButton, action)
        assert button is not None
        with qtbot.waitSignal(panel.cleaning.clean_asked) as asked:
            QTest.mouseClick(button, LEFT)
        assert asked.args == [action, pixels]
        with qtbot.waitSignal(panel.cleaning.clean_asked) as asked, qtbot.assertNotEmitted(panel.asked):
            panel.cleaning.clean(action)
        assert asked.args == [action, pixels]


def test_looks_change_by_key_and_by_control(qtbot: QtBot, panel: ToolPanel) -> None:
    looks = panel.looks
    heard: list[Looks] = []
    looks.looks_asked.connect(heard.append)
    for action in LOOKING:
        before = looks.looks
        if action == "reset-view":
            looks.show_looks(replace(before, brightness=5))
            before = looks.looks
        looks.do(action)
        assert heard[-1] == looks.looks != before, action
    looks.show_looks(Looks())
    count = len(heard)
    looks.outline.click()
    looks.soft.click()
    looks.opacity.setValue(80)
    looks.brightness.setValue(-20)
    looks.contrast.setValue(30)
    assert len(heard) == count + 5
    assert heard[-1] == Looks(opacity=0.8, is_outline_only=True, is_soft=True, brightness=-20, contrast=30)
    panel.set_folded(())
    QTest.mouseClick(looks.reset, LEFT)
    assert (looks.looks.brightness, looks.looks.contrast) == (0, 0)
    assert len(heard) == count + 6
    assert not looks.reset.isEnabled()


def test_looks_stay_within_their_bounds_and_palettes_go_round(panel: ToolPanel) -> None:
    for action in ("stronger", "brighter", "less-contrast"):
        for _ in range(30):
            panel.looks.do(action)
    now = panel.looks.looks
    assert (now.opacity, now.brightness, now.contrast) == (1.0, 100, -100)
    panel.looks.show_looks(Looks(palette="no such"))
    gone_through = []
    for _ in range(len(PALETTES) + 1):
        panel.looks.do("palette")
        gone_through.append(panel.looks.looks.palette)
    assert gone_through[:-1] == [palette.key for palette in PALETTES]
    assert gone_through[-1] == gone_through[0]


def test_history_counts_its_steps(qtbot: QtBot, panel: ToolPanel) -> None:
    assert not panel.history.undo.isEnabled()
    panel.history.show_steps(1, 0)
    assert panel.history.steps.text() == "1 step"
    assert not panel.history.redo.isEnabled()
    with qtbot.waitSignal(panel.asked) as asked:
        QTest.mouseClick(panel.history.undo, LEFT)
    assert asked.args == ["undo"]


def test_tooltips_name_the_keys_of_the_present_keymap(qtbot: QtBot, panel: ToolPanel) -> None:
    bar = ViewBar()
    qtbot.addWidget(bar)
    flag = panel.verdicts.findChild(QPushButton, "flag")
    assert flag is not None
    assert flag.toolTip() == "Flag for a second reader (F)"
    assert panel.looks.opacity.toolTip() == "Opacity of the fill (, .)"
    for part in (panel, bar):
        part.show_keys(Keymap(LEFT_HANDED).with_keys("outline", ()))
    assert flag.toolTip() == "Flag for a second reader (P)"
    assert panel.looks.outline.toolTip() == "Outline only"
    following = bar.findChild(QAbstractButton, "next-view")
    assert following is not None
    assert following.toolTip() == "Next picture (L)"


def test_every_action_can_be_done_without_a_key(qtbot: QtBot, panel: ToolPanel) -> None:
    bar = ViewBar()
    qtbot.addWidget(bar)
    tips = "\n".join(part.toolTip() for part in (*panel.findChildren(QWidget), *bar.findChildren(QWidget)))
    by_control = {"fainter", "stronger", "brighter", "darker", "more-contrast", "less-contrast"}
    by_control |= {"smaller", "larger", "palette", "toggle-overlay", "hide"}
    by_other_means = {"cycle-proposals", "last-tool", "cancel-stroke", "keys"}
    for binding in BINDINGS:
        if binding.action not in by_control | by_other_means:
            assert binding.text in tips, binding.action


def test_a_click_on_a_control_leaves_the_keys_to_the_picture(qtbot: QtBot, panel: ToolPanel) -> None:
    bar = ViewBar()
    qtbot.addWidget(bar)
    kinds = (QAbstractButton, QSlider, QComboBox)
    parts = (*panel.findChildren(QWidget), *bar.findChildren(QWidget))
    controls = [part for part in parts if isinstance(part, kinds)]
    assert len(controls) > 30
    for control in controls:
        assert not control.focusPolicy() & Qt.FocusPolicy.ClickFocus, control.objectName()
        is_one_of_group = isinstance(control, QAbstractButton) and control.group() is not None
        if control.objectName() and not is_one_of_group:
            # Of a group the chosen one is reached by Tab, the others by arrows.
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control.objectName()


def test_reading_only_disables_what_writes_for_good(panel: ToolPanel) -> None:
    panel.forbid_writing()
    panel.show_picture(picture())
    panel.history.show_steps(3, 3)
    assert panel.saved.text() == "Open for reading only"
    written = ("brush", "eraser", "proposal-1", "proposal-0", "accept", "reject", "flag", "cannot-judge")
    for name in (*written, "undo", "redo", *CLEANING):
        button = panel.findChild(QAbstractButton, name)
        assert button is not None
        assert not button.isEnabled(), name
    assert panel.looks.opacity.isEnabled()


def test_sections_fold_and_say_so(qtbot: QtBot, panel: ToolPanel) -> None:
    assert not panel.looks.opacity.isVisible()
    heading = panel.findChild(QAbstractButton, "foldLook")
    assert heading is not None
    with qtbot.waitSignal(panel.folded) as folded:
        QTest.mouseClick(heading, LEFT)
    assert panel.looks.opacity.isVisible()
    assert folded.args == [("Clean up",)]


def test_saved_is_said_and_a_refusal_stands_above_the_picture(
    qtbot: QtBot, panel: ToolPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    banner = SaveBanner()
    qtbot.addWidget(banner)
    assert not banner.isVisible()
    panel.saved.say_saved("14:03:22")
    assert panel.saved.text() == "Saved 14:03:22"
    error = OSError("The disk is full.")
    panel.saved.say_not_saved(error)
    banner.show_error(error)
    assert panel.saved.text() == "Not saved"
    assert "The disk is full." in panel.saved.toolTip()
    assert banner.isVisible()
    assert banner.text.text() == "The disk is full."
    again, elsewhere = (banner.findChild(QPushButton, name) for name in ("saveAgain", "saveElsewhere"))
    assert again is not None
    assert elsewhere is not None
    with qtbot.waitSignal(banner.retry_asked):
        QTest.mouseClick(again, LEFT)
    chosen = tmp_path / "copy"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(chosen), ""))
    with qtbot.waitSignal(banner.copy_asked) as asked:
        QTest.mouseClick(elsewhere, LEFT)
    assert asked.args == [chosen]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    with qtbot.assertNotEmitted(banner.copy_asked):
        QTest.mouseClick(elsewhere, LEFT)


def test_a_long_name_gives_way_to_size_and_label(qtbot: QtBot) -> None:
    bar = ViewBar()
    qtbot.addWidget(bar)
    name = "PAT_" + "1234567890" * 8 + ".jpg"
    one = picture()
    bar.show_picture(replace(one, image=replace(one.image, path=f"first visit/{name}")))
    bar.resize(700, 80)
    with qtbot.waitExposed(bar):
        bar.show()
    assert bar.text.shown.startswith("PAT")
    assert bar.text.shown.endswith("   6000 x 4000   MEL")
    assert name not in bar.text.shown
    bar.say("Done.")
    assert bar.text.shown == "Done."


def test_what_lasts_is_held_by_button(qtbot: QtBot) -> None:
    bar = ViewBar()
    qtbot.addWidget(bar)
    bar.show()
    heard: list[tuple[str, bool]] = []
    bar.held.connect(lambda action, is_held: heard.append((action, is_held)))
    blink = bar.findChild(QAbstractButton, "blink-view")
    assert blink is not None
    QTest.mousePress(blink, LEFT)
    QTest.mouseRelease(blink, LEFT)
    QTest.mouseClick(bar.pan, LEFT)
    QTest.mouseClick(bar.pan, LEFT)
    assert heard == [("blink", True), ("blink", False), ("pan", True), ("pan", False)]


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    # Widgets of earlier tests wait to be deleted; each would be dressed anew.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    made = Theme(qapp, choice=ThemeChoice.LIGHT)
    yield made
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    made.scale_font(1.0)


@pytest.mark.parametrize("scale", [FONT_SCALES[0], 1.0, 1.4, FONT_SCALES[1]])
def test_all_of_it_fits_a_small_window(qtbot: QtBot, theme: Theme, scale: float) -> None:
    theme.scale_font(scale)
    window, canvas, queue = QWidget(), QWidget(), QWidget()
    bar, panel, banner = ViewBar(), ToolPanel(), SaveBanner()
    qtbot.addWidget(window)
    canvas.setMinimumSize(320, 240)
    queue.setFixedWidth(round(0.85 * panel.width()))
    centre = QVBoxLayout()
    for widget in (banner, canvas, bar):
        centre.addWidget(widget)
    columns = QHBoxLayout(window)
    columns.addWidget(queue)
    columns.addLayout(centre, 1)
    columns.addWidget(panel)
    banner.show_error(OSError("The disk is full. " + 20 * "They are kept here. "))
    panel.show_picture(picture(verdict=Verdict.CANNOT_JUDGE))
    bar.show_picture(picture())
    panel.set_folded(())
    panel.tools.show_tool("wand")
    window.resize(SMALL_WINDOW)
    window.show()
    assert window.size() == SMALL_WINDOW
    for button in (*panel.findChildren(QAbstractButton), *bar.findChildren(QAbstractButton)):
        if button.isVisible() and not isinstance(button, QCheckBox):
            right = button.mapTo(window, button.rect().topRight()).x()
            assert right <= window.width(), button.objectName()
            assert button.height() >= round(32 * min(1.0, scale)), button.objectName()
    inner = panel.proposals.parentWidget()
    assert inner is not None
    viewport = inner.parentWidget()
    assert viewport is not None
    assert inner.width() <= viewport.width()
