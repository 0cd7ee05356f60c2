"""Asking once who is reading: every mask and verdict carries a person."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.widgets.controls import centre_titles, label, named
from app.widgets.standard_buttons import name_buttons
from gsal.records import Reader, ReaderKind

__all__ = ["ReaderDialog"]

_WIDTH_EM = 33
_KINDS = {
    ReaderKind.EXPERT: "Expert (dermatologist, dermatopathologist)",
    ReaderKind.RESEARCHER: "Researcher",
    ReaderKind.DEVELOPER: "Developer",
}


class ReaderDialog(QDialog):
    """Name and kind of the reader; known names are offered.

    Signals:
        chosen(name, kind)
    """

    chosen = Signal(str, str)

    def __init__(self, known: Sequence[Reader], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readerDialog")
        self.setWindowTitle("Who is reading?")
        self.setMinimumWidth(_WIDTH_EM * self.fontInfo().pixelSize())
        self._known = {reader.name: reader for reader in known}
        self.name = named(QComboBox(), "readerName", "Your name or initials")
        self.name.setEditable(True)
        if (line := self.name.lineEdit()) is not None:
            named(line, "readerNameText", "Your name or initials")
        self.name.addItems(list(self._known))
        self.name.setCurrentText("")
        self.kind = named(QComboBox(), "readerKind", "What you are")
        for kind, text in _KINDS.items():
            self.kind.addItem(text, kind)
        self.name.editTextChanged.connect(self._name_changed)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        start = buttons.addButton("Start reading", QDialogButtonBox.ButtonRole.AcceptRole)
        self.start = named(start, "startReading", "Start reading", key="Enter")
        self.start.setProperty("role", "primary")
        self.start.setEnabled(False)
        buttons.accepted.connect(self.accept)
        name_buttons(buttons, "readerDialog")
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow("Name", self.name)
        form.addRow("I am a", self.kind)
        centre_titles(form)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        text = "Every mask and verdict is kept with who made it. This is asked once on this machine."
        layout.addWidget(label(text, role="muted", wrap=True))
        layout.addLayout(form)
        layout.addWidget(buttons)

    @override
    def accept(self) -> None:
        self.chosen.emit(self.name.currentText().strip(), str(self.kind.currentData()))
        super().accept()

    @Slot(str)
    def _name_changed(self, text: str) -> None:
        self.start.setEnabled(bool(text.strip()))
        known = self._known.get(text.strip())
        self.kind.setEnabled(known is None)
        if known is not None:
            self.kind.setCurrentIndex(self.kind.findData(known.kind))
