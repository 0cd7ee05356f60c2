"""A view without content: what to do next, with the button for it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.widgets.controls import label

__all__ = ["EmptyState"]

_WIDTH = 460


class EmptyState(QWidget):
    """A title, a sentence and buttons in the middle of the view."""

    def __init__(self, title: str, sentence: str, *buttons: QPushButton) -> None:
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        self._sentence = label(sentence, role="muted", name="emptySentence", wrap=True)
        self._sentence.setAlignment(centre)
        # Aligned in its layout, a wrapped label gets the height of one line; so the column is centred.
        middle = QWidget()
        middle.setFixedWidth(_WIDTH)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(label(title, role="title"), alignment=centre)
        column.addWidget(self._sentence)
        for button in buttons:
            column.addWidget(button, alignment=centre)
        column.addStretch(3)
        layout = QHBoxLayout(self)
        layout.addStretch()
        layout.addWidget(middle)
        layout.addStretch()

    def say(self, sentence: str) -> None:
        """Show another sentence."""
        self._sentence.setText(sentence)
