"""The keys of the review: none collides as delivered, changes are kept, what is held ends."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.review.keys.bindings import BINDINGS, DEFAULT, LEFT_HANDED, Preset
from app.review.keys.editor import KeyEditor
from app.review.keys.help import HelpDialog
from app.review.keys.keymap import Keymap, normal
from app.review.keys.shortcuts import Shortcuts

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
IN_THE_BOOK = {
    "next": ("D", "PgDown"),
    "previous": ("A", "PgUp"),
    "next-unreviewed": ("Shift+D",),
    "accept": ("Return", "Enter"),
    "reject": ("Backspace",),
    "flag": ("F",),
    "cannot-judge": ("K",),
    **{f"proposal-{number}": (str(number),) for number in range(5)},
    "cycle-proposals": ("`",),
    "brush": ("B",),
    "eraser": ("E",),
    "wand": ("W",),
    "fill": ("G",),
    "last-tool": ("Q",),
    "smaller": ("[",),
    "larger": ("]",),
    "hide": ("H",),
    "toggle-overlay": ("S",),
    "fainter": (",",),
    "stronger": (".",),
    "outline": ("O",),
    "blink": ("X",),
    "compare": ("C",),
    "fit": ("Ctrl+0",),
    "full-size": ("Z",),
    "pan": ("Space",),
    "undo": ("Ctrl+Z",),
    "redo": ("Ctrl+Shift+Z", "Ctrl+Y"),
    "cancel-stroke": ("Esc",),
    "help": ("?", "F1"),
}


class Heard(QWidget):
    """A page with a line to type in, and what its keys asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.canvas = QWidget()
        self.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.list = QComboBox()
        self.list.addItems(["First", "Second"])
        layout = QVBoxLayout(self)
        self.number = QSpinBox()
        self.button = QPushButton("Press")
        for widget in (self.list, self.number, self.button):
            layout.addWidget(widget)
        layout.addWidget(self.line)
        layout.addWidget(self.canvas)
        self.shortcuts = Shortcuts(self, Keymap())
        self.asked: list[str] = []
        self.held: list[tuple[str, bool]] = []
        self.shortcuts.asked.connect(self.asked.append)
        self.shortcuts.held.connect(lambda action, is_held: self.held.append((action, is_held)))


@pytest.fixture
def page(qtbot: QtBot) -> Heard:
    made = Heard()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.canvas.setFocus()
    return made


@pytest.fixture
def editor(qtbot: QtBot) -> KeyEditor:
    made = KeyEditor(Keymap(), danger="#b3261e")
    qtbot.addWidget(made)
    made.open()
    return made


def choose(editor: KeyEditor, action: str, key: str) -> None:
    editor.list.setCurrentItem(editor._items[action])
    editor.key.setKeySequence(QKeySequence(key))


@pytest.mark.parametrize("preset", [DEFAULT, LEFT_HANDED])
def test_no_key_as_delivered_is_taken_twice(preset: Preset) -> None:
    assert Keymap(preset).conflicts() == {}
    assert set(preset) == {binding.action for binding in BINDINGS}
    for action, keys in preset.items():
        assert keys, action
        assert all(normal(key) == key for key in keys), action


def test_the_default_is_what_the_book_says() -> None:
    assert {action: DEFAULT[action] for action in IN_THE_BOOK} == IN_THE_BOOK


def test_what_is_held_has_one_plain_key() -> None:
    held = [binding.action for binding in BINDINGS if binding.is_held]
    assert held == ["blink", "hide", "pan"]
    for preset in (DEFAULT, LEFT_HANDED):
        assert all("+" not in key for action in held for key in preset[action])


def test_a_keymap_is_kept_and_comes_back() -> None:
    keymap = Keymap(LEFT_HANDED).with_keys("flag", ("ctrl+g", "Ctrl+G", "F9")).with_keys("palette", ())
    assert keymap.of("flag") == ("Ctrl+G", "F9")
    again = Keymap.from_text(keymap.to_text())
    assert again.keys == keymap.keys
    assert Keymap().to_text() == "{}"


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"flag": 7}', '{"no such": ["F"]}', '{"flag": [1]}'])
def test_a_keymap_that_cannot_be_understood_is_the_default(text: str) -> None:
    assert Keymap.from_text(text).keys == DEFAULT


def test_conflicts_name_everybody_who_has_the_key() -> None:
    keymap = Keymap().with_keys("flag", ("D",)).with_keys("palette", ("Ctrl+J",))
    assert keymap.conflicts() == {"D": ("next", "flag"), "Ctrl+J": ("palette",)}
    assert keymap.without_key("D", but="flag").of("next") == ("PgDown",)


def test_keys_ask_for_actions_and_typing_does_not(page: Heard) -> None:
    QTest.keyClick(page.canvas, Key.Key_B)
    QTest.keyClick(page.canvas, Key.Key_PageDown)
    QTest.keyClick(page.canvas, Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert page.asked == ["brush", "next", "grow"]
    page.line.setFocus()
    QTest.keyClicks(page.line, "db")
    assert page.line.text() == "db"
    assert page.asked == ["brush", "next", "grow"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_letter_in_an_open_list_is_no_action(qtbot: QtBot, page: Heard) -> None:
    page.list.showPopup()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    QTest.keyClick(page.list.view(), Key.Key_F)
    page.list.hidePopup()
    assert page.asked == []
    QTest.keyClick(page.list, Key.Key_F)
    assert page.asked == ["flag"]


def test_enter_ends_typing_and_is_no_verdict(qtbot: QtBot, page: Heard) -> None:
    for typed_in in (page.line, page.number):
        for key in (Key.Key_Return, Key.Key_Enter, Key.Key_Escape):
            typed_in.setFocus()
            with qtbot.waitSignal(page.shortcuts.left):
                QTest.keyClick(typed_in, key)
    assert page.asked == []
    page.line.setFocus()
    page.line.setText("ab")
    QTest.keyClick(page.line, Key.Key_Backspace)
    assert page.line.text() == "a"
    assert page.asked == []
    page.canvas.setFocus()
    QTest.keyClick(page.canvas, Key.Key_Return)
    QTest.keyClick(page.canvas, Key.Key_Escape)
    assert page.asked == ["accept", "cancel-stroke"]


def test_a_button_reached_by_tab_is_pressed_by_enter_and_space(page: Heard) -> None:
    pressed: list[int] = []
    page.button.clicked.connect(lambda: pressed.append(1))
    page.button.setFocus()
    for key in (Key.Key_Return, Key.Key_Enter, Key.Key_Space):
        QTest.keyClick(page.button, key)
    assert len(pressed) == 3
    QTest.keyClick(page.button, Key.Key_F)
    assert page.asked == ["flag"]
    assert page.held == []


def test_another_keymap_replaces_the_first(page: Heard) -> None:
    page.shortcuts.set_keymap(Keymap(LEFT_HANDED))
    QTest.keyClick(page.canvas, Key.Key_D)
    QTest.keyClick(page.canvas, Key.Key_L)
    assert page.asked == ["next"]


def test_of_two_actions_with_one_key_the_first_is_done(page: Heard) -> None:
    page.shortcuts.set_keymap(Keymap().with_keys("flag", ("D",)))
    QTest.keyClick(page.canvas, Key.Key_D)
    assert page.asked == ["next"]


def test_held_keys_end_with_the_key_or_with_the_window(page: Heard) -> None:
    QTest.keyPress(page.canvas, Key.Key_H)
    QTest.keyPress(page.canvas, Key.Key_X)
    assert page.held == [("hide", True), ("blink", True)]
    page.line.setFocus()
    QTest.keyRelease(page.line, Key.Key_H)
    assert page.held[2:] == [("hide", False)]
    QApplication.sendEvent(page, QEvent(QEvent.Type.WindowDeactivate))
    assert page.held[3:] == [("blink", False)]
    QTest.keyRelease(page.canvas, Key.Key_X)
    assert len(page.held) == 4
    assert page.asked == []


def test_the_editor_warns_and_does_not_keep_what_collides(qtbot: QtBot, editor: KeyEditor) -> None:
    choose(editor, "flag", "D")
    assert editor.warning.text() == "D is now: Next picture."
    QTest.mouseClick(editor.use, LEFT)
    assert not editor.keep.isEnabled()
    assert "Next picture; Flag for a second reader" in editor.warning.text()
    assert "taken twice" in editor._items["next"].text(1)
    QTest.mouseClick(editor.take, LEFT)
    assert editor.warning.text() == ""
    with qtbot.waitSignal(editor.chosen) as chosen:
        QTest.mouseClick(editor.keep, LEFT)
    assert chosen.args is not None
    assert chosen.args[0].of("flag") == ("D",)
    assert chosen.args[0].of("next") == ("PgDown",)


def test_the_editor_adds_drops_and_forgets(editor: KeyEditor) -> None:
    choose(editor, "palette", "F7")
    QTest.mouseClick(editor.add, LEFT)
    assert editor.keymap.of("palette") == ("P", "F7")
    QTest.mouseClick(editor.drop, LEFT)
    assert editor.keymap.of("palette") == ()
    assert editor.preset.currentIndex() == -1
    QTest.mouseClick(editor.reset, LEFT)
    assert editor.keymap.keys == DEFAULT
    assert editor.preset.currentIndex() == 0
    editor.preset.activated.emit(1)
    assert editor.keymap.keys == LEFT_HANDED


def test_a_pressed_key_reaches_the_editor(editor: KeyEditor) -> None:
    editor.list.setCurrentItem(editor._items["flag"])
    QTest.keyClick(editor.key, Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(editor.use, LEFT)
    assert editor.keymap.of("flag") == ("Ctrl+J",)
    assert "the list of jobs" in editor.warning.text()
    assert not editor.take.isVisible()


def test_the_help_shows_every_key_of_the_present_keymap(qtbot: QtBot) -> None:
    keymap = Keymap().with_keys("flag", ("F9",))
    dialog = HelpDialog(keymap)
    qtbot.addWidget(dialog)
    seen = [found.text() for found in dialog.findChildren(QLabel)]
    for binding in BINDINGS:
        assert binding.text in seen
    assert "F9" in seen
    assert "F" not in seen
    with qtbot.waitSignal(dialog.change_asked):
        change = dialog.findChild(QPushButton, "changeKeys")
        assert change is not None
        QTest.mouseClick(change, LEFT)
