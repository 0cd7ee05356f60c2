"""How the window looks: Fusion with palettes of our own, light and dark after the system, a violet accent."""

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

__all__ = ["DARK", "FONT_SCALES", "LIGHT", "PHOTO_GREY", "SERIES", "Colours", "Theme", "ThemeChoice"]

PHOTO_GREY = "#707070"
"""Behind every photograph, in both themes: colour is judged against a neutral grey."""

SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C8C8C")
"""Okabe and Ito's colours, which people with any colour vision tell apart; black and yellow would vanish."""

FONT_SCALES = (0.9, 1.6)
"""Smallest and largest text, as a factor."""

_FONT_PX = 13
_SCALED = re.compile(r"(\d+)sp\b")


class ThemeChoice(StrEnum):
    """What the user asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one theme, as #rrggbb; the style sheet refers to them by name."""

    window: str
    surface: str
    base: str
    hover: str
    border: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_text: str
    selection: str
    danger: str
    danger_text: str
    tooltip: str
    tooltip_text: str


LIGHT = Colours(
    window="#f4f4f5",
    surface="#fbfbfc",
    base="#ffffff",
    hover="#e9e8ee",
    border="#d9d8df",
    text="#1d1c22",
    muted="#64626e",
    faint="#a5a3af",
    accent="#5b3fb0",
    accent_hover="#6c4fc4",
    accent_text="#ffffff",
    selection="#e0d9f5",
    danger="#b3261e",
    danger_text="#ffffff",
    tooltip="#2b2a31",
    tooltip_text="#f4f4f5",
)
DARK = Colours(
    window="#1b1b1e",
    surface="#232327",
    base="#1f1f22",
    hover="#303036",
    border="#3a3a42",
    text="#e8e7ec",
    muted="#a3a1ad",
    faint="#6b6975",
    accent="#9d83ee",
    accent_hover="#ae97f5",
    accent_text="#17151d",
    selection="#3d3460",
    danger="#ff8a80",
    danger_text="#2b0b08",
    tooltip="#e8e7ec",
    tooltip_text="#1b1b1e",
)


class Theme(QObject):
    """Dresses the application and tells when its colours change.

    Args:
        application: To dress; afterwards it follows the system unless told otherwise.
        choice: What the user asked for.
        font_scale: Of all text and of what has to hold it.

    Signals:
        changed(): Colours or sizes are others now.
    """

    changed = Signal()

    def __init__(
        self,
        application: QApplication,
        *,
        choice: ThemeChoice = ThemeChoice.SYSTEM,
        font_scale: float = 1.0,
    ) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._font_scale = _bounded(font_scale)
        self.colours = LIGHT
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.choose(choice)

    @property
    def choice(self) -> ThemeChoice:
        """What the user asked for."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Follow the system, or stay light or dark."""
        self._choice = choice
        scheme = self._application.styleHints().colorScheme()
        system = DARK if scheme is Qt.ColorScheme.Dark else LIGHT
        chosen = {ThemeChoice.SYSTEM: system, ThemeChoice.LIGHT: LIGHT, ThemeChoice.DARK: DARK}
        self.colours = chosen[choice]
        self._dress()

    @property
    def font_scale(self) -> float:
        """How much larger than usual text is."""
        return self._font_scale

    def scale_font(self, scale: float) -> None:
        """Make all text larger or smaller, within FONT_SCALES."""
        self._font_scale = _bounded(scale)
        self._dress()

    def _dress(self) -> None:
        self._application.setFont(_font(self._application, self._font_scale))
        self._application.setPalette(palette(self.colours))
        self._application.setStyleSheet(style_sheet(self.colours, font_scale=self._font_scale))
        self.changed.emit()

    @Slot()
    def _system_changed(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self.choose(self._choice)


def palette(colours: Colours) -> QPalette:
    """Return Qt's palette for these colours, disabled text included."""
    roles = QPalette.ColorRole
    made = QPalette()
    for role, colour in (
        (roles.Window, colours.window),
        (roles.WindowText, colours.text),
        (roles.Base, colours.base),
        (roles.AlternateBase, colours.surface),
        (roles.Text, colours.text),
        (roles.Button, colours.surface),
        (roles.ButtonText, colours.text),
        (roles.PlaceholderText, colours.faint),
        (roles.Highlight, colours.accent),
        (roles.HighlightedText, colours.accent_text),
        (roles.Accent, colours.accent),
        (roles.Link, colours.accent),
        (roles.ToolTipBase, colours.tooltip),
        (roles.ToolTipText, colours.tooltip_text),
        (roles.Mid, colours.border),
    ):
        made.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    return made


def style_sheet(colours: Colours, *, font_scale: float = 1.0) -> str:
    """Return the style sheet with its colour names filled in, and its text-bound sizes (13sp) scaled."""
    folder = Path(str(files("resources")))
    text = (folder / "style.qss").read_text(encoding="utf-8")
    text = text.replace("@icons", (folder / "icons").as_posix())
    # Longest first: @accent is the beginning of @accent_text.
    for name, colour in sorted(asdict(colours).items(), key=lambda item: -len(item[0])):
        text = text.replace(f"@{name}", colour)
    return _SCALED.sub(lambda size: f"{round(int(size[1]) * font_scale)}px", text)


def _bounded(scale: float) -> float:
    least, most = FONT_SCALES
    return min(most, max(least, scale))


def _font(application: QApplication, scale: float) -> QFont:
    font = application.font()
    font.setPixelSize(round(_FONT_PX * scale))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
