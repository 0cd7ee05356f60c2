"""Names and tooltips for the buttons that Qt puts into dialogs by itself."""

from PySide6.QtWidgets import QDialogButtonBox, QMessageBox

from app.widgets.controls import named

__all__ = ["name_buttons"]

_TIPS = {
    "Cancel": ("Close and change nothing", "Esc"),
    "Close": ("Close", "Esc"),
    "OK": ("Close", "Enter"),
    "Yes": ("Do this", "Enter"),
    "Show Details...": ("Show what the program's makers need to know", ""),
}


def name_buttons(box: QDialogButtonBox | QMessageBox, name: str) -> None:
    """Name the buttons of a dialog that have no name yet.

    Args:
        box: Where they are.
        name: Of the dialog; the buttons are called after it, like "sharesDialogCancel".
    """
    for button in box.buttons():
        if not button.objectName():
            text = button.text().replace("&", "")
            tip, key = _TIPS.get(text, (text, ""))
            named(button, name + "".join(part for part in text.title() if part.isalpha()), tip, key=key)
