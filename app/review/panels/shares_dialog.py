"""What guards a project's readings against leaning on the machine: three shares, set once for all readers."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QVBoxLayout, QWidget
from typing_extensions import override

from app.widgets.controls import centre_titles, label, named, spin_box
from app.widgets.standard_buttons import name_buttons
from gsal.records import ReviewSettings

__all__ = ["SharesDialog"]

_WIDTH_EM = 37
_TEXT = (
    "They keep readers from following the proposals, and measure how steady readers are. They hold for "
    "everybody who reads in this project."
)


class SharesDialog(QDialog):
    """Random pictures, blank starts, repeats.

    Signals:
        chosen(ReviewSettings)
    """

    chosen = Signal(object)

    def __init__(
        self, settings: ReviewSettings, *, is_read_only: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sharesDialog")
        self.setWindowTitle("Review settings")
        self.setMinimumWidth(_WIDTH_EM * self.fontInfo().pixelSize())
        self.random = _percent("randomShare", "Pictures in random order among the most disputed ones", 90)
        self.blank = _percent("blankShare", "Pictures of a review that begin with an empty mask", 100)
        self.repeat = _percent("repeatShare", "Pictures a reader is shown again, without being told", 50)
        for box, share in (
            (self.random, settings.random_share),
            (self.blank, settings.blank_share),
            (self.repeat, settings.repeat_share),
        ):
            box.setValue(round(100 * share))
            box.setEnabled(not is_read_only)
        form = QFormLayout()
        form.addRow("Random pictures among the disputed", self.random)
        form.addRow("Pictures that begin empty", self.blank)
        form.addRow("Silent second looks of the same reader", self.repeat)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        keep = buttons.addButton("Keep", QDialogButtonBox.ButtonRole.AcceptRole)
        named(keep, "keepShares", "Use these shares from now on", key="Enter")
        keep.setProperty("role", "primary")
        keep.setEnabled(not is_read_only)
        buttons.accepted.connect(self.accept)
        name_buttons(buttons, "sharesDialog")
        buttons.rejected.connect(self.reject)
        centre_titles(form)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(label(_TEXT, role="muted", wrap=True))
        layout.addLayout(form)
        layout.addWidget(buttons)

    @override
    def accept(self) -> None:
        self.chosen.emit(
            ReviewSettings(
                random_share=self.random.value() / 100,
                blank_share=self.blank.value() / 100,
                repeat_share=self.repeat.value() / 100,
            )
        )
        super().accept()


def _percent(name: str, tip: str, most: int) -> QSpinBox:
    box = spin_box(name, tip, least=0, most=most)
    box.setSuffix(" %")
    return box
