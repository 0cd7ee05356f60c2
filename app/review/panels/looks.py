"""How mask and photograph are shown; nothing here changes either."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QSlider

from app.review.canvas.looks import Looks
from app.review.canvas.palettes import PALETTES, Palette
from app.review.panels.section import Section
from app.widgets.controls import IconButton, label

__all__ = ["LOOKING", "LooksPanel"]

LOOKING = (
    "toggle-overlay",
    "fainter",
    "stronger",
    "outline",
    "soft-edge",
    "palette",
    "brighter",
    "darker",
    "more-contrast",
    "less-contrast",
    "reset-view",
)
"""The actions that stand here."""

_STEP = 10
_SWATCH_PX = 16


class LooksPanel(Section):
    """Keeps the present looks, and changes them by control or by key.

    Signals:
        looks_asked(Looks): Show it like this.
    """

    looks_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__("Look", can_fold=True)
        self.looks = Looks()
        self.palette_box = self.described(
            QComboBox(), "maskPalette", "Colours of the mask", actions=("palette",)
        )
        for palette in PALETTES:
            self.palette_box.addItem(_swatch(palette), palette.name, palette.key)
        self.palette_box.activated.connect(self._change)
        self.opacity = self._slider("maskOpacity", "Opacity of the fill", 0, "fainter", "stronger")
        self.outline = self._check("Outline only", "outlineOnly", "outline")
        self.soft = self._check("Soft edge", "softEdge", "soft-edge")
        self.brightness = self._slider("viewBrightness", "Brightness of the view", -100, "darker", "brighter")
        self.contrast = self._slider(
            "viewContrast", "Contrast of the view", -100, "less-contrast", "more-contrast"
        )
        self.reset = self.button("reset-view", IconButton("backup-restore", role="quiet"), writes=False)
        self.reset.clicked.connect(self._reset)
        self._lay_out()
        self.show_looks(self.looks)
        self._actions: dict[str, Callable[[Looks], Looks]] = {
            "toggle-overlay": lambda now: replace(now, is_hidden=not now.is_hidden),
            "fainter": lambda now: replace(now, opacity=max(0.0, now.opacity - _STEP / 100)),
            "stronger": lambda now: replace(now, opacity=min(1.0, now.opacity + _STEP / 100)),
            "outline": lambda now: replace(now, is_outline_only=not now.is_outline_only),
            "soft-edge": lambda now: replace(now, is_soft=not now.is_soft),
            "palette": lambda now: replace(now, palette=_after(now.palette)),
            "brighter": lambda now: replace(now, brightness=min(100, now.brightness + _STEP)),
            "darker": lambda now: replace(now, brightness=max(-100, now.brightness - _STEP)),
            "more-contrast": lambda now: replace(now, contrast=min(100, now.contrast + _STEP)),
            "less-contrast": lambda now: replace(now, contrast=max(-100, now.contrast - _STEP)),
            "reset-view": lambda now: replace(now, brightness=0, contrast=0),
        }

    def do(self, action: str) -> None:
        """Change the looks by one of the actions `LOOKING`."""
        self.show_looks(self._actions[action](self.looks))
        self.looks_asked.emit(self.looks)

    def show_looks(self, looks: Looks) -> None:
        """Show these looks in the controls."""
        self.looks = looks
        self.palette_box.setCurrentIndex(max(0, self.palette_box.findData(looks.palette)))
        for slider, value in (
            (self.opacity, round(100 * looks.opacity)),
            (self.brightness, looks.brightness),
            (self.contrast, looks.contrast),
        ):
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)
        self.outline.setChecked(looks.is_outline_only)
        self.soft.setChecked(looks.is_soft)
        self.reset.setEnabled(bool(looks.brightness or looks.contrast))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        checks = QHBoxLayout()
        checks.setSpacing(16)
        checks.addWidget(self.outline)
        checks.addWidget(self.soft)
        checks.addStretch()
        for row, (text, control) in enumerate((("Colour", self.palette_box), ("Fill", self.opacity))):
            grid.addWidget(label(text), row, 0)
            grid.addWidget(control, row, 1, 1, 2)
        grid.addLayout(checks, 2, 0, 1, 3)
        for row, (text, slider) in enumerate(
            (("Brightness", self.brightness), ("Contrast", self.contrast)), start=3
        ):
            grid.addWidget(label(text), row, 0)
            grid.addWidget(slider, row, 1)
        grid.addWidget(self.reset, 3, 2, 2, 1)
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid)

    def _slider(self, name: str, tip: str, least: int, *actions: str) -> QSlider:
        slider = self.described(QSlider(Qt.Orientation.Horizontal), name, tip, actions=actions)
        slider.setRange(least, 100)
        slider.setPageStep(_STEP)
        slider.valueChanged.connect(self._change)
        return slider

    def _check(self, text: str, name: str, action: str) -> QCheckBox:
        box = self.button(action, QCheckBox(text), name=name, writes=False)
        box.clicked.disconnect()
        box.clicked.connect(self._change)
        return box

    @Slot()
    def _change(self) -> None:
        changed = replace(
            self.looks,
            palette=self.palette_box.currentData(),
            opacity=self.opacity.value() / 100,
            is_outline_only=self.outline.isChecked(),
            is_soft=self.soft.isChecked(),
            brightness=self.brightness.value(),
            contrast=self.contrast.value(),
        )
        self.show_looks(changed)
        self.looks_asked.emit(changed)

    @Slot()
    def _reset(self) -> None:
        self.do("reset-view")


def _after(key: str) -> str:
    keys = [palette.key for palette in PALETTES]
    return keys[(keys.index(key) + 1) % len(keys)] if key in keys else keys[0]


def _swatch(palette: Palette) -> QIcon:
    drawn = QPixmap(_SWATCH_PX, _SWATCH_PX)
    drawn.fill(QColor(*palette.fill))
    return QIcon(drawn)
