"""The reader's own keys: as they were left, shown, changed."""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.review.keys.editor import KeyEditor
from app.review.keys.help import HelpDialog
from app.review.keys.keymap import Keymap
from app.review.keys.shortcuts import Shortcuts
from app.settings import Settings
from app.theme import Theme

__all__ = ["OwnKeys"]


class OwnKeys(QObject):
    """Keeps the keymap in the settings, and has it at work on a page.

    Signals:
        changed(keymap): Other keys are at work now.

    Attributes:
        shortcuts: Tell which action's key was pressed.
    """

    changed = Signal(object)

    def __init__(self, page: QWidget, theme: Theme, settings: Settings) -> None:
        super().__init__(page)
        self._page, self._theme, self._settings = page, theme, settings
        self.shortcuts = Shortcuts(page, Keymap.from_text(settings.keymap))

    @property
    def keymap(self) -> Keymap:
        """The keys at work."""
        return self.shortcuts.keymap

    @Slot()
    def show_help(self) -> None:
        """Show all keys."""
        dialog = HelpDialog(self.keymap, parent=self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.change_asked.connect(self.edit)
        dialog.open()

    @Slot()
    def edit(self) -> None:
        """Let the reader choose other keys."""
        dialog = KeyEditor(self.keymap, danger=self._theme.colours.danger, parent=self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._change)
        dialog.open()

    @Slot(object)
    def _change(self, keymap: Keymap) -> None:
        self._settings.keymap = keymap.to_text()
        self.shortcuts.set_keymap(keymap)
        self.changed.emit(keymap)
