"""Controls with a name, a tooltip that tells their key, and an accessible name; icons of one family."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from app.widgets.icons import icon

__all__ = [
    "IconButton",
    "centre_titles",
    "choice",
    "fill_choice",
    "label",
    "line",
    "named",
    "primary_button",
    "push_button",
    "share_box",
    "spin_box",
    "tab_button",
]

W = TypeVar("W", bound=QWidget)
_ICON_PX = 18
_TEXT_PX = 13
_LEAST_LETTERS = 10
_AROUND_TEXT_PX = 16
_BESIDE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon


def named(control: W, name: str, tip: str, *, key: str = "") -> W:
    """Give a control its object name, its tooltip with its key, and its accessible name; return it."""
    control.setObjectName(name)
    control.setToolTip(f"{tip} ({key})" if key else tip)
    control.setAccessibleName(tip)
    return control


def push_button(name: str, text: str, tip: str, *, key: str = "") -> QPushButton:
    """Return an ordinary button."""
    return named(QPushButton(text), name, tip, key=key)


def primary_button(name: str, text: str, tip: str, *, key: str = "") -> QPushButton:
    """Return the one button of a view that does what comes next."""
    button = push_button(name, text, tip, key=key)
    button.setProperty("role", "primary")
    return button


def tab_button(name: str, text: str, tip: str) -> QToolButton:
    """Return one of several buttons that each show a part of a view; it is as wide as its text in bold."""
    made = named(QToolButton(), name, tip)
    made.setText(text)
    made.setCheckable(True)
    made.setProperty("role", "tab")
    made.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    bold = QFont(made.font())
    bold.setBold(True)
    made.ensurePolished()
    grows = QFontMetrics(bold).horizontalAdvance(text) - QFontMetrics(made.font()).horizontalAdvance(text)
    made.setMinimumWidth(made.sizeHint().width() + max(0, grows))
    return made


def spin_box(name: str, tip: str, *, least: int, most: int, key: str = "") -> QSpinBox:
    """Return a box for whole numbers."""
    made = named(QSpinBox(), name, tip, key=key)
    made.setRange(least, most)
    # The style sheet's padding does not reach the text of a spin box.
    made.lineEdit().setTextMargins(6, 0, 0, 0)
    return made


def choice(name: str, tip: str, entries: Mapping[str, str]) -> QComboBox:
    """Return a combo box of texts by the value they stand for; a narrow place elides what is chosen."""
    made = named(_Choice(), name, tip)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(_LEAST_LETTERS)
    for value, text in entries.items():
        made.addItem(text, str(value))
    return made


def fill_choice(box: QComboBox, entries: Sequence[tuple[str, str]]) -> None:
    """Offer these texts and values, and keep what is chosen, else take the first; nothing is signalled."""
    chosen = box.currentData()
    with QSignalBlocker(box):
        box.clear()
        for text, value in entries:
            box.addItem(text, value)
        box.setCurrentIndex(max(0, box.findData(chosen)) if entries else -1)


def share_box(name: str, tip: str, *, most: float, value: float) -> QDoubleSpinBox:
    """Return a box for a share from 0 on."""
    made = named(QDoubleSpinBox(), name, tip)
    made.setRange(0.0, most)
    made.setSingleStep(0.05)
    made.setDecimals(3)
    made.setValue(value)
    made.lineEdit().setTextMargins(6, 0, 0, 0)
    return made


def label(text: str = "", *, role: str = "", name: str = "", wrap: bool = False) -> QLabel:
    """Return a text in one of the style sheet's roles ("title", "section", "muted", "danger", "key")."""
    made = QLabel(text)
    made.setObjectName(name)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def line() -> QFrame:
    """Return a thin horizontal line."""
    made = QFrame()
    made.setProperty("role", "line")
    return made


def centre_titles(form: QFormLayout) -> None:
    """Let the titles of a form stand at the middle of their fields, not a little above."""
    for row in range(form.rowCount()):
        item = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
        title = item.widget() if item is not None else None
        if title is not None:
            title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)


class _Choice(QComboBox):
    """A combo box whose list is as wide as what it offers, however narrow the box."""

    @override
    def showPopup(self) -> None:
        texts = [self.itemText(row) for row in range(self.count())]
        widest = max(map(self.fontMetrics().horizontalAdvance, texts), default=0)
        bar = self.view().verticalScrollBar().sizeHint().width()
        self.view().setMinimumWidth(self.iconSize().width() + widest + bar + _AROUND_TEXT_PX)
        super().showPopup()


class IconButton(QToolButton):
    """A tool button whose icon follows the theme's text colour.

    Args:
        icon_name: Of one of the Material Design Icons in resources/icons/mdi; "" for none.
        role: Of the style sheet: "quiet", "tool", "tab" or "step".
    """

    def __init__(self, icon_name: str, *, text: str = "", role: str = "tool") -> None:
        super().__init__()
        self._icon_name = icon_name
        self._icon_colours: tuple[QColor, QColor] | None = None
        self.setProperty("role", role)
        self._fit_icon()
        if text:
            self.setText(text)
            self.setToolButtonStyle(_BESIDE)
            self._fit_icon()
        self._colour_icon()

    def show_icon(self, icon_name: str) -> None:
        """Show another icon."""
        self._icon_name, self._icon_colours = icon_name, None
        self._colour_icon()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self._colour_icon()
        elif event.type() is QEvent.Type.FontChange:
            self._fit_icon()

    def _fit_icon(self) -> None:
        # Icons grow with the text, but less: rows of them have to fit a small window.
        side = round(_ICON_PX * (self.fontInfo().pixelSize() / _TEXT_PX) ** 0.6)
        # Qt writes the text close to the icon: a wider place for the icon keeps them apart.
        gap = side // 2 if self.text() and self.toolButtonStyle() is _BESIDE else 0
        self.setIconSize(QSize(side + gap, side))

    def _colour_icon(self) -> None:
        if not self._icon_name:
            return
        colours = self.palette()
        role = QPalette.ColorRole.WindowText
        # Not `color(role)`: on a disabled button that is the disabled colour, and it would stay so.
        colour = colours.color(QPalette.ColorGroup.Active, role)
        disabled = colours.color(QPalette.ColorGroup.Disabled, role)
        # A style sheet tells every button several times that its style changed.
        if (colour, disabled) != self._icon_colours:
            self._icon_colours = colour, disabled
            self.setIcon(icon(self._icon_name, colour=colour, disabled=disabled))
