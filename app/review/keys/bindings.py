"""The keys of the review page, in one place."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from app.widgets.controls import label

__all__ = ["KEYS", "KeyBinding", "show_keys"]


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """An action and the keys that do it; the first is the one that tooltips name."""

    action: str
    text: str
    keys: tuple[str, ...]


KEYS = (
    KeyBinding("next", "Next picture", ("D", "PgDown")),
    KeyBinding("previous", "Previous picture", ("A", "PgUp")),
    KeyBinding("next-unreviewed", "Next picture to review", ("Shift+D",)),
    KeyBinding("accept", "Accept the mask and go to the next picture", ("Return", "Enter")),
    KeyBinding("reject", "Reject all masks of this picture", ("Backspace",)),
    KeyBinding("flag", "Flag for a second reader", ("F",)),
    KeyBinding("cannot-judge", "Cannot judge this picture", ("K",)),
    KeyBinding("proposal-1", "Begin from proposal 1", ("1",)),
    KeyBinding("proposal-2", "Begin from proposal 2", ("2",)),
    KeyBinding("proposal-3", "Begin from proposal 3", ("3",)),
    KeyBinding("proposal-4", "Begin from proposal 4, the network's", ("4",)),
    KeyBinding("proposal-0", "Begin from an empty mask", ("0",)),
    KeyBinding("brush", "Brush: paint ink", ("B",)),
    KeyBinding("eraser", "Eraser: take ink away", ("E",)),
    KeyBinding("smaller", "Smaller brush", ("[",)),
    KeyBinding("larger", "Larger brush", ("]",)),
    KeyBinding("undo", "Undo", ("Ctrl+Z",)),
    KeyBinding("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    KeyBinding("cancel-stroke", "Take back the stroke in hand", ("Esc",)),
    KeyBinding("fit", "Show the whole picture", ("Ctrl+0",)),
    KeyBinding("full-size", "One picture pixel per screen pixel", ("Z",)),
    KeyBinding("toggle-overlay", "Show or hide the mask", ("S",)),
    KeyBinding("outline", "Outline only", ("O",)),
    KeyBinding("fainter", "Fainter mask", (",",)),
    KeyBinding("stronger", "Stronger mask", (".",)),
    KeyBinding("help", "Show these keys", ("?", "F1")),
)
"""Beside these the canvas has keys that are held."""

_HELD = (
    ("Right button, Ctrl", "Erase with the brush"),
    ("Wheel", "Zoom at the cursor"),
    ("Shift+wheel", "Size of the brush"),
    ("Space, middle button", "Move the picture"),
    ("H (hold)", "Hide the mask"),
)


def show_keys(parent: QWidget) -> QDialog:
    """Show all keys."""
    dialog = QDialog(parent)
    dialog.setObjectName("keysDialog")
    dialog.setWindowTitle("Keys")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    rows = [(", ".join(binding.keys), binding.text) for binding in KEYS] + list(_HELD)
    half = -(-len(rows) // 2)
    grid = QGridLayout(dialog)
    grid.setHorizontalSpacing(16)
    grid.setContentsMargins(24, 24, 24, 24)
    for number, (keys, text) in enumerate(rows):
        column = 2 * (number // half)
        grid.addWidget(label(keys, role="section"), number % half, column)
        grid.addWidget(label(text), number % half, column + 1)
    dialog.open()
    return dialog
