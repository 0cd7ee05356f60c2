"""Below the picture: what it is, and how it is looked at."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.review.keys.bindings import BINDINGS
from app.review.reading.opening import OpenedPicture
from app.widgets.controls import IconButton, label, named
from gsal.records import Side

__all__ = ["ViewBar"]

_BINDINGS = {binding.action: binding for binding in BINDINGS}


class ViewBar(QWidget):
    """The picture's name and the view's buttons.

    Signals:
        asked(action): One of `app.review.keys.bindings`.
    """

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("viewBar")
        self.text = label(role="muted", name="pictureText")
        self.zoom = label("100 %", role="muted", name="zoomText")
        self.zoom.setMinimumWidth(52)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._button("previous", "chevron-left", ""))
        layout.addWidget(self._button("next", "chevron-right", ""))
        layout.addSpacing(8)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.zoom)
        layout.addWidget(self._button("fit", "fit-to-page-outline", "Fit"))
        layout.addWidget(self._button("full-size", "numeric-1-box-outline", "100 %"))
        layout.addWidget(self._button("toggle-overlay", "eye-outline", "Mask"))
        layout.addWidget(self._button("help", "help-circle-outline", ""))

    def show_picture(self, picture: OpenedPicture | None) -> None:
        """Show the picture's name, size, label and side."""
        if picture is None:
            self.text.setText("")
            return
        image = picture.image
        parts = [image.name, f"{image.width} x {image.height}", image.label or "no label"]
        if image.side is Side.VALIDATION:
            parts.append("validation")
        self.text.setText("   ".join(parts))
        self.text.setToolTip(image.path)

    def show_zoom(self, scale: float) -> None:
        """Show screen pixels per picture pixel."""
        self.zoom.setText(f"{100 * scale:.0f} %")

    def _button(self, action: str, icon: str, text: str) -> IconButton:
        binding = _BINDINGS[action]
        button = named(
            IconButton(icon, text=text, role="quiet"), f"{action}-view", binding.text, key=binding.keys[0]
        )
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self.asked.emit(action))
        return button
