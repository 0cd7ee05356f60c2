"""The window's menu: projects, how it looks, and what a reader may set."""

from collections.abc import Callable

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.settings import Settings
from app.theme import Theme, ThemeChoice

__all__ = ["TEXT_SIZES", "MainMenu"]

TEXT_SIZES = (0.9, 1.0, 1.15, 1.3, 1.45, 1.6)
_THEMES = {ThemeChoice.SYSTEM: "As the system", ThemeChoice.LIGHT: "Light", ThemeChoice.DARK: "Dark"}


class MainMenu(QMenu):
    """Made when it is opened.

    Args:
        theme: Whose appearance and text size are chosen here.
        settings: Where the choice is kept.
        parent: The window.
    """

    def __init__(self, theme: Theme, settings: Settings, *, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("mainMenuPopup")
        self._theme, self._settings = theme, settings

    def add(self, text: str, slot: Callable[[], object], *, key: str = "") -> None:
        """Add an entry; the key is only named here."""
        action = QAction(text, self)
        action.triggered.connect(slot)
        if key:
            action.setShortcut(QKeySequence(key))
        self.addAction(action)

    def add_appearance(self) -> None:
        """Add the choice of theme and of the size of text."""
        themes, of_themes = self._submenu("Appearance", "appearanceMenu")
        for choice, text in _THEMES.items():
            self._choice(themes, of_themes, text, choice, is_checked=self._theme.choice is choice)
        of_themes.triggered.connect(lambda action: self._choose_theme(action.data()))
        sizes, of_sizes = self._submenu("Text size", "textSizeMenu")
        for scale in TEXT_SIZES:
            is_checked = abs(self._theme.font_scale - scale) < 0.01
            self._choice(sizes, of_sizes, f"{100 * scale:.0f} %", scale, is_checked=is_checked)
        of_sizes.triggered.connect(lambda action: self._choose_size(action.data()))

    def _submenu(self, title: str, name: str) -> tuple[QMenu, QActionGroup]:
        menu = self.addMenu(title)
        menu.setObjectName(name)
        return menu, QActionGroup(menu)

    def _choice(self, menu: QMenu, group: QActionGroup, text: str, data: object, *, is_checked: bool) -> None:
        action = QAction(text, menu, checkable=True, checked=is_checked)
        action.setData(data)
        group.addAction(action)
        menu.addAction(action)

    def _choose_theme(self, choice: ThemeChoice) -> None:
        self._settings.theme = ThemeChoice(choice)
        self._theme.choose(self._settings.theme)

    def _choose_size(self, scale: float) -> None:
        self._settings.font_scale = scale
        self._theme.scale_font(scale)
