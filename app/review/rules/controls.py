"""What can be set about the rules: two sliders, and the colour of the ink."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSlider, QWidget
from typing_extensions import override

from app.widgets.controls import IconButton, label, named, push_button
from gsal.jobs.masks.propose import Propose

__all__ = ["RuleControls"]

Rgb = tuple[int, int, int]
_PICK_TIP = "Take the ink's colour from the picture: click on ink"
_SENSITIVITY = (25, 300)
_WIDTH = (2, 40)
_SIDE_PX = 24


class RuleControls(QWidget):
    """Sensitivity and greatest pen width as sliders, an eyedropper beside the colour.

    Signals:
        changed(): Other settings.
        picking_asked(is_picking): Whether a click on the picture shall take a colour.
    """

    changed = Signal()
    picking_asked = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.colour: Rgb | None = None
        self.sensitivity = _slider(
            "ruleSensitivity", "Above 100 % fainter ink is found, and more that is none", _SENSITIVITY
        )
        self.width_ = _slider(
            "rulePenWidth", "Wider than this share of the long side is lesion or cloth", _WIDTH
        )
        self.sensitivity_text = label(role="muted", name="ruleSensitivityText")
        self.width_text = label(role="muted", name="rulePenWidthText")
        self.pick = named(IconButton("eyedropper", text="This ink"), "pickInk", _PICK_TIP)
        self.pick.setCheckable(True)
        self.pick.toggled.connect(self.picking_asked)
        self.swatch = named(_Swatch(), "inkColour", "The ink that is looked for")
        self.any = push_button("anyInk", "Any ink", "Look for blue, violet, green and dark pens alike")
        self.any.setAutoDefault(False)
        self.any.clicked.connect(self._forget)
        for slider in (self.sensitivity, self.width_):
            slider.valueChanged.connect(self._tell)
        self._lay_out()
        self._show()

    def show_job(self, job: Propose) -> None:
        """Show these settings without saying that they changed."""
        self.blockSignals(True)
        self.sensitivity.setValue(round(100 * job.sensitivity))
        self.width_.setValue(round(100 * job.max_pen_width))
        self.colour = job.ink_colour
        self._show()
        self.blockSignals(False)

    @property
    def job(self) -> Propose:
        """What the settings come to."""
        return Propose(self.sensitivity.value() / 100, self.width_.value() / 100, self.colour)

    def set_colour(self, colour: Rgb | None) -> None:
        """Look for this ink; None for any."""
        self.colour = colour
        self._tell()

    def stop_picking(self) -> None:
        """Put the eyedropper away."""
        self.pick.setChecked(False)

    def _lay_out(self) -> None:
        ink = QHBoxLayout()
        ink.setSpacing(8)
        for widget in (self.swatch, self.pick, self.any):
            ink.addWidget(widget)
        ink.addStretch()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        rows = (
            ("Sensitivity", self.sensitivity, self.sensitivity_text),
            ("Widest pen", self.width_, self.width_text),
        )
        for row, (title, slider, text) in enumerate(rows):
            grid.addWidget(label(title), row, 0)
            grid.addWidget(slider, row, 1)
            text.setMinimumWidth(text.fontMetrics().horizontalAdvance("40 % of the picture"))
            grid.addWidget(text, row, 2)
        grid.addWidget(label("Ink"), 2, 0)
        grid.addLayout(ink, 2, 1, 1, 2)
        grid.setColumnStretch(1, 1)

    @Slot()
    def _forget(self) -> None:
        self.stop_picking()
        self.set_colour(None)

    @Slot()
    def _tell(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.sensitivity_text.setText(f"{self.sensitivity.value()} %")
        self.width_text.setText(f"{self.width_.value()} % of the picture")
        self.swatch.show_colour(self.colour)
        self.any.setEnabled(self.colour is not None)


class _Swatch(QWidget):
    """A field in the ink's colour; empty with a line through it for any ink."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(_SIDE_PX, _SIDE_PX))
        self._colour: Rgb | None = None

    def show_colour(self, colour: Rgb | None) -> None:
        """Show a colour; None for any."""
        self._colour = colour
        words = "Any ink" if colour is None else "Ink of the colour #{:02x}{:02x}{:02x}".format(*colour)
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = self.rect().adjusted(0, 0, -1, -1)
        if self._colour is not None:
            painter.fillRect(box, QColor(*self._colour))
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawRect(box)
        if self._colour is None:
            painter.drawLine(box.bottomLeft(), box.topRight())
        painter.end()


def _slider(name: str, tip: str, bounds: tuple[int, int]) -> QSlider:
    slider = named(QSlider(Qt.Orientation.Horizontal), name, tip)
    slider.setRange(*bounds)
    slider.setValue(100 if bounds is _SENSITIVITY else 10)
    slider.setPageStep(25 if bounds is _SENSITIVITY else 5)
    return slider
