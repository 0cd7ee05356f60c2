"""What the left button does on the picture, and how wide."""

import math

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QSizePolicy, QSlider, QWidget

from app.review.panels.section import TEXTS, Section
from app.widgets.controls import IconButton, label, spin_box
from gsal.editing.ink_colour import DEFAULT_TOLERANCE, TOLERANCES

__all__ = ["ToolsPanel"]

_ICONS = {
    "brush": "brush",
    "eraser": "eraser",
    "ink-brush": "eyedropper",
    "wand": "auto-fix",
    "fill": "format-color-fill",
}
_BY_COLOUR = {"ink-brush", "wand"}
_SIZES_PX = (1, 500)


class ToolsPanel(Section):
    """Five tools, the brush's size, how alike colours have to be, and whether the pen's pressure counts.

    Signals:
        size_asked(pixels): Diameter of the brush in picture pixels.
        tolerance_asked(percent): Of the way from ink to skin, for the ink brush and the wand.
        pressure_asked(is_used)
    """

    size_asked = Signal(int)
    tolerance_asked = Signal(int)
    pressure_asked = Signal(bool)

    def __init__(self) -> None:
        super().__init__("Tools")
        self._group = QButtonGroup(self)
        self.buttons: dict[str, IconButton] = {}
        row = QHBoxLayout()
        row.setSpacing(4)
        for action, icon in _ICONS.items():
            button = self.button(action, IconButton(icon))
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._group.addButton(button)
            self.buttons[action] = button
            row.addWidget(button)
        self.body.addLayout(row)
        self.what = label(role="muted", name="toolText", wrap=True)
        said = QHBoxLayout()
        said.addWidget(self.what, 1)
        said.addWidget(self.button("last-tool", IconButton("arrow-u-left-top", role="quiet")))
        self.body.addLayout(said)
        self.body.addLayout(self._size_row())
        self.body.addWidget(self._tolerance_row())
        self.body.addWidget(self._pressure_box())
        self.show_tool("brush")

    def show_tool(self, action: str) -> None:
        """Show which tool is in hand."""
        self.buttons[action].setChecked(True)
        self.what.setText(TEXTS[action])
        self._by_colour.setVisible(action in _BY_COLOUR)

    def show_hint(self, text: str) -> None:
        """Show why the tool did nothing; the next tool takes the text away."""
        self.what.setText(text)

    def show_size(self, pixels: int) -> None:
        """Show the brush's size."""
        for control in (self.brush_size, self._size_slider):
            control.blockSignals(True)
        self.brush_size.setValue(pixels)
        self._size_slider.setValue(_to_slider(pixels))
        for control in (self.brush_size, self._size_slider):
            control.blockSignals(False)

    def show_tolerance(self, percent: int) -> None:
        """Show how alike colours have to be."""
        self.tolerance.blockSignals(True)
        self.tolerance.setValue(percent)
        self.tolerance.blockSignals(False)
        self._show_percent(percent)

    def show_pressure(self, is_used: bool) -> None:
        """Show whether the pen's pressure counts."""
        self.pressure.setChecked(is_used)

    def _size_row(self) -> QHBoxLayout:
        tip = "Brush size in picture pixels; also Shift and the wheel"
        keys = ("smaller", "larger")
        self._size_slider = self.described(
            QSlider(Qt.Orientation.Horizontal), "brushSlider", tip, actions=keys
        )
        self._size_slider.setRange(_to_slider(_SIZES_PX[0]), _to_slider(_SIZES_PX[1]))
        self.brush_size = spin_box("brushSize", tip, least=_SIZES_PX[0], most=_SIZES_PX[1])
        self.described(self.brush_size, "brushSize", tip, actions=keys)
        self.brush_size.setSuffix(" px")
        self.brush_size.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.brush_size.valueChanged.connect(self.size_asked)
        self._size_slider.valueChanged.connect(self._slide_size)
        for control in (self.brush_size, self._size_slider):
            self.writing(control)
        self.show_size(24)
        return _row("Size", self._size_slider, self.brush_size)

    def _tolerance_row(self) -> QWidget:
        tip = "How far a colour may be from the ink you start on, on the way to the skin around"
        self.tolerance = self.described(QSlider(Qt.Orientation.Horizontal), "colourTolerance", tip)
        self.tolerance.setRange(*TOLERANCES)
        self.tolerance.setValue(DEFAULT_TOLERANCE)
        self.tolerance.valueChanged.connect(self.tolerance_asked)
        self.writing(self.tolerance)
        self._tolerance_text = label(f"{DEFAULT_TOLERANCE} %", role="muted")
        self.tolerance.valueChanged.connect(self._show_percent)
        self._by_colour = QWidget()
        row = _row("Colours", self.tolerance, self._tolerance_text)
        row.setContentsMargins(0, 0, 0, 0)
        self._by_colour.setLayout(row)
        return self._by_colour

    def _pressure_box(self) -> QCheckBox:
        tip = "A pen that is pressed harder paints wider"
        self.pressure = self.described(QCheckBox("Pen pressure"), "penPressure", tip)
        self.pressure.setChecked(True)
        self.pressure.toggled.connect(self.pressure_asked)
        return self.pressure

    @Slot(int)
    def _show_percent(self, percent: int) -> None:
        self._tolerance_text.setText(f"{percent} %")

    @Slot(int)
    def _slide_size(self, position: int) -> None:
        self.brush_size.setValue(_from_slider(position))


def _row(text: str, *widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(label(text))
    row.addWidget(widgets[0], 1)
    for widget in widgets[1:]:
        row.addWidget(widget)
    return row


def _to_slider(pixels: int) -> int:
    # Equal ways on the slider are equal factors: 1 to 10 matters as much as 50 to 500.
    return round(100 * math.log10(pixels))


def _from_slider(position: int) -> int:
    return round(10 ** (position / 100))
