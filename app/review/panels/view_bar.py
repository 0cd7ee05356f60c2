"""Below the picture: what it is, going through the queue, and how it is looked at."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from app.review.keys.keymap import Keymap
from app.review.panels.section import TEXTS, Section
from app.review.reading.opening import OpenedPicture
from app.widgets.controls import IconButton, label
from app.widgets.elided import ElidedLabel
from gsal.records import Side

__all__ = ["ViewBar"]

_GOING = (
    ("previous", "chevron-left"),
    ("next", "chevron-right"),
    ("next-unreviewed", "chevron-double-right"),
)
_LOOKING = (
    ("zoom-out", "magnify-minus-outline"),
    ("zoom-in", "magnify-plus-outline"),
    ("fit", "fit-to-page-outline"),
    ("full-size", "numeric-1-box-outline"),
    ("compare", "view-column-outline"),
    ("toggle-overlay", "eye-outline"),
)
_LEAST_TITLE_EM = 18
_HOLDING = (("blink", "swap-horizontal"), ("pan", "hand-back-right-outline"))


class ViewBar(Section):
    """The picture's name and the view's buttons.

    Signals:
        held(action, is_held): A button for what lasts: "blink" while it is pressed, "pan" while it is down.
    """

    held = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("viewBar")
        self._is_title_above = False
        self.text = ElidedLabel()
        self.text.setObjectName("pictureText")
        self.text.setProperty("role", "muted")
        self.zoom = label("100 %", role="muted", name="zoomText")
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._title = QWidget()
        title = QHBoxLayout(self._title)
        title.setContentsMargins(0, 0, 0, 0)
        title.addWidget(self.text, 1)
        title.addWidget(self.zoom)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 4, 0, 0)
        self._row.setSpacing(2)
        self.body.setSpacing(0)
        # Filled in its place, for the title will leave it: docs/architecture.md, "Who frees what".
        self.body.addLayout(self._row)
        self._add_buttons()
        self.show_keys(Keymap())

    def show_picture(self, picture: OpenedPicture | None) -> None:
        """Show the picture's name, size, label and side."""
        if picture is None:
            self.say("")
            return
        image = picture.image
        parts = ["", f"{image.width} x {image.height}", image.label or "no label"]
        if image.side is Side.VALIDATION:
            parts.append("validation")
        self.text.show_text(image.name, kept="   ".join(parts))
        self.text.setToolTip(image.path)

    def say(self, text: str) -> None:
        """Show a sentence instead of the picture's name."""
        self.text.show_text(text)
        self.text.setToolTip(text)

    def show_zoom(self, scale: float) -> None:
        """Show screen pixels per picture pixel."""
        self.zoom.setText(f"{100 * scale:.0f} %")

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Where the buttons leave no room for the picture's name it stands above them.
        buttons = self._row.sizeHint().width()
        if not self._is_title_above:
            buttons -= self._title.sizeHint().width()
        is_above = self.width() - buttons < _LEAST_TITLE_EM * self.fontInfo().pixelSize()
        if is_above != self._is_title_above:
            self._is_title_above = is_above
            if is_above:
                self.body.insertWidget(0, self._title)
            else:
                self._row.insertWidget(self._title_at, self._title, 1)

    def _add_buttons(self) -> None:
        row = self._row
        for action, icon in _GOING:
            row.addWidget(self._view_button(action, icon))
        row.addSpacing(8)
        self._title_at = row.count()
        row.addWidget(self._title, 1)
        row.addSpacing(4)
        row.addStretch()
        for action, icon in _LOOKING:
            row.addWidget(self._view_button(action, icon))
        blink, self.pan = (self._held_button(action, icon) for action, icon in _HOLDING)
        blink.pressed.connect(lambda: self.held.emit("blink", True))
        blink.released.connect(lambda: self.held.emit("blink", False))
        self.pan.setCheckable(True)
        self.pan.toggled.connect(lambda is_down: self.held.emit("pan", is_down))
        row.addWidget(blink)
        row.addWidget(self.pan)
        row.addWidget(self._view_button("help", "help-circle-outline"))

    def _view_button(self, action: str, icon: str) -> IconButton:
        return self.button(action, IconButton(icon, role="quiet"), name=f"{action}-view", writes=False)

    def _held_button(self, action: str, icon: str) -> IconButton:
        made = IconButton(icon, role="quiet")
        return self.described(made, f"{action}-view", TEXTS[action], actions=(action,))
