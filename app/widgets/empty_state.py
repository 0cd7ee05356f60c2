"""A view without content: what to do next, with the button for it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.widgets.controls import label

__all__ = ["EmptyState"]


class EmptyState(QWidget):
    """A title, a sentence and buttons in the middle of the view."""

    def __init__(self, title: str, sentence: str, *buttons: QPushButton) -> None:
        super().__init__()
        self._sentence = label(sentence, role="muted", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._sentence.setMaximumWidth(460)
        self._sentence.setMinimumWidth(300)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        centre = Qt.AlignmentFlag.AlignHCenter
        layout.addWidget(label(title, role="title"), alignment=centre)
        layout.addWidget(self._sentence, alignment=centre)
        for button in buttons:
            layout.addWidget(button, alignment=centre)
        layout.addStretch(3)

    def say(self, sentence: str) -> None:
        """Show another sentence."""
        self._sentence.setText(sentence)
