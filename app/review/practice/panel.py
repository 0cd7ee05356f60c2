"""Beside the practice picture: what to do, how far one is, and a button for everything."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.review.keys.keymap import Keymap
from app.review.practice.lesson import STEPS, Lesson
from app.widgets.controls import IconButton, label, named, primary_button, push_button

__all__ = ["PRACTISED", "PracticePanel"]

_WIDTH_LINES = 20
_ACTIONS = (
    ("zoom-in", "magnify-plus-outline", "Zoom in", "Zoom in"),
    ("hide", "eye-off-outline", "Hide", "Hide the mask while this is pressed"),
    ("brush", "brush", "Brush", "Brush: paint ink"),
    ("eraser", "eraser", "Eraser", "Eraser: take ink away"),
    ("undo", "undo", "Undo", "Take back the last stroke"),
    ("redo", "redo", "Redo", "Bring the stroke again"),
)
PRACTISED = (
    "zoom-in",
    "pan",
    "hide",
    "brush",
    "eraser",
    "smaller",
    "larger",
    "undo",
    "redo",
    "accept",
)
"""Actions of `app.review.keys.bindings` that have their keys here."""

_DONE, _NOW, _TO_COME, _SKIPPED = "✓", "▸", "·", "–"


class PracticePanel(QWidget):
    """Shows the lesson.

    Args:
        keymap: The keys that are named.

    Signals:
        asked(action): "zoom-in", "hide", "brush", "eraser", "undo", "redo",
            "accept", "skip", "again", "close".
        released(): The button that hides the mask was let go.
    """

    asked = Signal(str)
    released = Signal()

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self.setObjectName("practicePanel")
        # As wide as it is for text of the usual size: 320 px.
        self.setFixedWidth(_WIDTH_LINES * self.fontMetrics().height())
        self.seconds = label("0 s", role="muted", name="practiceSeconds")
        self.count = label(role="section", name="practiceCount")
        self.progress = named(QProgressBar(), "practiceProgress", "Steps that are over")
        self.progress.setRange(0, len(STEPS))
        self.progress.setTextVisible(False)
        self.title = label(role="title", name="practiceTitle")
        self.text = label(name="practiceText", wrap=True)
        self.text.setMinimumHeight(5 * self.fontMetrics().height())
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.buttons: dict[str, IconButton] = {}
        self._marks: list[tuple[QLabel, QLabel]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(self._head())
        layout.addWidget(self.progress)
        layout.addWidget(self._card())
        layout.addLayout(self._steps())
        layout.addStretch()
        layout.addLayout(self._tools())
        layout.addLayout(self._end())
        self.show_waiting()

    def show_waiting(self) -> None:
        """Show that the picture is not there yet."""
        self.count.setText(f"{len(STEPS)} steps, about a minute")
        self.title.setText("One moment")
        self.text.setText("A picture to practise on is being drawn. Nothing of what you do here is kept.")
        self._enable(False)

    def show_lesson(self, lesson: Lesson) -> None:
        """Show what is asked for now."""
        for index, ((mark, title), step) in enumerate(zip(self._marks, STEPS, strict=True)):
            was_done = step.name in lesson.done
            passed = _DONE if was_done else _SKIPPED
            mark.setText(passed if index < lesson.index else _NOW if index == lesson.index else _TO_COME)
            mark.setAccessibleName("done" if was_done else "skipped" if index < lesson.index else "")
            title.setProperty("role", "section" if index == lesson.index else "muted")
            title.style().polish(title)
        self.progress.setValue(lesson.index)
        self._enable(lesson.step is not None)
        self.again.setEnabled(True)
        if lesson.step is not None:
            self.count.setText(f"Step {lesson.index + 1} of {len(STEPS)}")
            self.title.setText(lesson.step.title)
            keys = {action: self._keymap.tip(action) or "its button" for action in PRACTISED}
            self.text.setText(lesson.step.text.format(**keys))

    def show_end(self, lesson: Lesson, seconds: int) -> None:
        """Show how it went."""
        result = lesson.result
        self.count.setText("Finished")
        self.title.setText(f"Done in {seconds} s")
        self.text.setText(
            f"You did {result.n_done} of {len(STEPS)} steps. Your mask agrees with the true ink to "
            f"{result.after:.2f} (Dice, 1 is perfect); the proposal agreed to {result.before:.2f}. "
            "Nothing of this was kept."
        )

    @Slot(int)
    def show_seconds(self, seconds: int) -> None:
        """Show how long it has taken so far."""
        self.seconds.setText(f"{seconds} s")

    def choose_tool(self, action: str) -> None:
        """Show which tool is in hand."""
        for name in ("brush", "eraser"):
            self.buttons[name].setChecked(name == action)

    def _enable(self, is_enabled: bool) -> None:
        for button in (self.accept, self.skip, self.again):
            button.setEnabled(is_enabled)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.count)
        row.addStretch()
        row.addWidget(self.seconds)
        return row

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(self.title)
        column.addWidget(self.text)
        return card

    def _steps(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, step in enumerate(STEPS):
            mark, title = label(name=f"practiceMark-{step.name}"), label(step.title)
            mark.setFixedWidth(16)
            self._marks.append((mark, title))
            grid.addWidget(mark, row, 0)
            grid.addWidget(title, row, 1)
        return grid

    def _tools(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        for index, (action, icon, text, tip) in enumerate(_ACTIONS):
            key = self._keymap.tip(action)
            button = named(IconButton(icon, text=text), f"practice-{action}", tip, key=key)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setMinimumWidth((self.width() - 32) // 2)
            button.setCheckable(action in {"brush", "eraser"})
            button.pressed.connect(lambda action=action: self.asked.emit(action))
            self.buttons[action] = button
            grid.addWidget(button, index // 2, index % 2)
        self.buttons["hide"].released.connect(self.released)
        return grid

    def _end(self) -> QVBoxLayout:
        self.accept = primary_button(
            "practice-accept", "Accept", "Accept the mask", key=self._keymap.tip("accept")
        )
        self.skip = push_button("practice-skip", "Skip step", "Go on without this step")
        self.again = push_button("practice-again", "Start again", "Start again from the first step")
        close = push_button("practice-close", "Close", "Leave the practice", key="Esc")
        row = QHBoxLayout()
        row.setSpacing(8)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.accept)
        column.addLayout(row)
        buttons = {"accept": self.accept, "skip": self.skip, "again": self.again, "close": close}
        for action, button in buttons.items():
            # Enter accepts the mask; it must not press whatever button has the focus.
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, action=action: self.asked.emit(action))
            if button is not self.accept:
                row.addWidget(button)
        return column
