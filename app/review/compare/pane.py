"""One of the masks that are compared: its name, a button that takes it, and its canvas."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.review.compare.choice import NOW, Choice
from app.review.compare.looking import LookingCanvas
from app.widgets.controls import label, named, push_button

__all__ = ["ChoicePane"]


class ChoicePane(QWidget):
    """Shows one choice.

    Signals:
        taken(key): A click on the picture or the button.
    """

    taken = Signal(int)

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice = choice
        key = choice.key
        self.setObjectName(f"choice{key}")
        text, tip, keys = (
            ("Keep", "Keep the mask as it is", "Esc or C")
            if key == NOW
            else (f"Take {key}", f"Begin from mask {key}; undo brings the old one back", str(key))
        )
        self.button = push_button(f"take{key}", text, tip, key=keys)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self._take)
        self.note = label(choice.note, role="muted", name=f"inkOfChoice{key}")
        self.canvas = named(LookingCanvas(), f"choiceCanvas{key}", tip)
        self.canvas.setToolTip("")
        self.canvas.clicked.connect(self._take)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(label(choice.title, role="section", name=f"choiceTitle{key}"))
        top.addWidget(self.note)
        top.addStretch()
        top.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.canvas, 1)

    @Slot()
    def _take(self) -> None:
        self.taken.emit(self.choice.key)
