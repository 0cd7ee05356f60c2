"""Whether the work is on the disk, and what to do while it is not."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.widgets.controls import label, push_button

__all__ = ["SaveBanner", "SavedText"]

_READ_ONLY = "Open for reading only"


class SavedText(QWidget):
    """One line that always says where the last stroke is."""

    def __init__(self) -> None:
        super().__init__()
        self._label = label("All is saved", role="muted", name="savedAt")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._label)

    def text(self) -> str:
        """Return what it says."""
        return self._label.text()

    @Slot()
    def say_saving(self) -> None:
        """Say that a change is on its way to the disk."""
        self._say("Saving...")

    @Slot(str)
    def say_saved(self, time: str) -> None:
        """Say when the last change reached the disk, hh:mm:ss."""
        self._say(f"Saved {time}")

    @Slot(object)
    def say_not_saved(self, error: BaseException) -> None:
        """Say that the disk did not take it, and why."""
        self._say(
            "Not saved", role="danger", tip=f"{error}\nIt is held, and tried again with the next change."
        )

    def say_read_only(self) -> None:
        """Say that nothing is kept."""
        self._say(_READ_ONLY)

    def _say(self, text: str, *, role: str = "muted", tip: str = "") -> None:
        self._label.setText(text)
        self.setToolTip(tip)
        self._label.setProperty("role", role)
        self._label.style().polish(self._label)


class SaveBanner(QFrame):
    """A red strip above the picture while strokes are held that the disk has refused.

    Signals:
        retry_asked(): Try to save again.
        copy_asked(path): Keep what is held in this file.
    """

    retry_asked = Signal()
    copy_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("saveBanner")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = label(name="saveBannerText", wrap=True)
        again = push_button("saveAgain", "Try again", "Try to save again what is held")
        elsewhere = push_button(
            "saveElsewhere", "Save a copy elsewhere...", "Keep what is held in a file of your choice"
        )
        again.clicked.connect(self.retry_asked)
        elsewhere.clicked.connect(self._ask_where)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(again)
        buttons.addWidget(elsewhere)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        self.hide()

    @Slot(object)
    def show_error(self, error: BaseException) -> None:
        """Show why nothing can be saved."""
        self.text.setText(str(error))
        self.show()

    @Slot()
    def _ask_where(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, "Save a copy of what is held", "unsaved.zip", "Copies (*.zip)"
        )
        if path:
            self.copy_asked.emit(Path(path))
