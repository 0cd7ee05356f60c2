"""The window without a project: make one, open one, or one of the last."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.first_steps.steps import Step
from app.widgets.controls import label, primary_button, push_button

__all__ = ["Welcome"]

_WIDTH_PX = 600


class Welcome(QWidget):
    """Buttons, and what is to be done in a first project for who has none yet.

    Signals:
        new_asked(), open_asked()
        chosen(folder)
    """

    new_asked = Signal()
    open_asked = Signal()
    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("welcome")
        new = primary_button("newProject", "New project...", "Name it and choose where it lies", key="Ctrl+N")
        opened = push_button("openProject", "Open project...", "Choose the folder of a project", key="Ctrl+O")
        new.setShortcut("Ctrl+N")
        opened.setShortcut("Ctrl+O")
        new.clicked.connect(self.new_asked)
        opened.clicked.connect(self.open_asked)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(new)
        buttons.addWidget(opened)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(4)
        column = QWidget()
        column.setFixedWidth(_WIDTH_PX)
        layout = QVBoxLayout(column)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addWidget(label("gsal", role="title"))
        layout.addWidget(
            label(
                "Finds out whether a skin-lesion classifier looks at ink instead of the lesion, and how much "
                "that costs. For research; not a medical device.",
                role="muted",
                wrap=True,
            )
        )
        layout.addLayout(buttons)
        layout.addLayout(self._recent)
        self.steps = _steps()
        layout.addWidget(self.steps)
        layout.addStretch(3)
        outer = QHBoxLayout(self)
        outer.addWidget(column, alignment=Qt.AlignmentFlag.AlignHCenter)

    def show_recent(self, folders: Sequence[Path]) -> None:
        """Offer these projects."""
        while (item := self._recent.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self.steps.setVisible(not folders)
        for number, folder in enumerate(folders):
            button = push_button(f"recent{number}", f"{folder.name}    {folder.parent}", "Open this project")
            button.setProperty("align", "left")
            button.clicked.connect(partial(self.chosen.emit, folder))
            self._recent.addWidget(button)


def _steps() -> QWidget:
    made = QWidget()
    made.setObjectName("welcomeSteps")
    form = QFormLayout(made)
    form.setContentsMargins(0, 12, 0, 0)
    form.setVerticalSpacing(8)
    form.addRow(label("What is done in a project", role="section"))
    for number, step in enumerate(Step, start=1):
        what = label(f"{step.task}. {step.why}", wrap=True)
        form.addRow(label(f"{number}", role="section"), what)
    return made
