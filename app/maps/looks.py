"""How the maps are shown; nothing here changes a figure."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from app.widgets.controls import IconButton, centre_titles, choice, named
from gsal.saliency.colours import ColourMap, table
from gsal.saliency.overlay import Look

__all__ = ["LooksPanel"]

_COLOURS: dict[str, str] = {
    ColourMap.BLUE_ORANGE: "Against, for (blue, orange)",
    ColourMap.GREEN_PURPLE: "Against, for (green, purple)",
    ColourMap.VIRIDIS: "For only (viridis)",
    ColourMap.MAGMA: "For only (magma)",
    ColourMap.CIVIDIS: "For only (cividis)",
}
_RAMP = QSize(28, 12)
_STEP = 10


class LooksPanel(QWidget):
    """Opacity, colours, scale and outlines.

    Signals:
        changed(Look)
        hidden(is_hidden): The maps are to be shown, or not.
        whole_asked(): The whole picture is to be shown.
    """

    changed = Signal(object)
    hidden = Signal(bool)
    whole_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mapLooks")
        self.look = Look()
        self.opacity = named(
            QSlider(Qt.Orientation.Horizontal), "mapOpacity", "Opacity of the map", key="comma, full stop"
        )
        self.opacity.setRange(0, 100)
        self.opacity.setPageStep(_STEP)
        self.opacity.setValue(round(100 * self.look.opacity))
        self.hide_maps = named(
            IconButton("eye-off-outline", role="quiet"), "hideMap", "Show the picture without map", key="S"
        )
        self.hide_maps.setCheckable(True)
        self.hide_maps.toggled.connect(self.hidden)
        self.whole = named(
            IconButton("fit-to-page-outline", role="quiet"), "fitMap", "Show the whole picture", key="Ctrl+0"
        )
        self.whole.clicked.connect(self.whole_asked)
        self.colours = choice("mapColours", "Colours: for and against the class, or for it only", _COLOURS)
        self.colours.setIconSize(_RAMP)
        for row, colours in enumerate(_COLOURS):
            self.colours.setItemIcon(row, _ramp(ColourMap(colours)))
        self.scale = choice(
            "mapScale",
            "Whether both maps are shown on one scale, so that their colours compare",
            {"own": "Each map its own", "shared": "One for both maps"},
        )
        self.clear = _check(
            "Clear near zero", "mapClear", "Let the picture through where the map is near zero"
        )
        self.grey = _check("Picture in grey", "mapGrey", "Show the picture in grey: all colour is the map's")
        self.ink = _check("Outline of the ink", "mapInkOutline", "Outline the ink mask in white")
        self.peak = _check(
            "Outline of the peaks",
            "mapPeakOutline",
            "Outline the most salient 2 % of the pixels in yellow: those that n counts",
        )
        self._show()
        self._lay_out()
        self.opacity.valueChanged.connect(self._change)
        for box in (self.colours, self.scale):
            box.currentIndexChanged.connect(self._change)
        for check in (self.clear, self.grey, self.ink, self.peak):
            check.toggled.connect(self._change)

    def show_models(self, count: int) -> None:
        """Offer what makes sense for so many maps."""
        self.scale.setEnabled(count > 1)

    def fade(self, steps: int) -> None:
        """Make the map stronger by some steps, or fainter."""
        self.opacity.setValue(self.opacity.value() + steps * _STEP)

    def _show(self) -> None:
        for check, is_on in (
            (self.clear, self.look.is_clear),
            (self.grey, self.look.is_grey),
            (self.ink, self.look.shows_ink),
            (self.peak, self.look.shows_peak),
        ):
            check.setChecked(is_on)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        first = QHBoxLayout()
        first.setSpacing(4)
        for widget in (self.opacity, self.hide_maps, self.whole):
            first.addWidget(widget)
        form.addRow("Map", first)
        for title, control in (("Colours", self.colours), ("Scale", self.scale)):
            control.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            form.addRow(title, control)
        centre_titles(form)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(form)
        for check in (self.clear, self.grey, self.ink, self.peak):
            layout.addWidget(check)

    @Slot()
    def _change(self) -> None:
        self.look = replace(
            self.look,
            colours=ColourMap(self.colours.currentData()),
            opacity=self.opacity.value() / 100,
            is_clear=self.clear.isChecked(),
            is_grey=self.grey.isChecked(),
            shows_ink=self.ink.isChecked(),
            shows_peak=self.peak.isChecked(),
            is_shared=self.scale.currentData() == "shared",
        )
        self.changed.emit(self.look)


def _check(text: str, name: str, tip: str) -> QCheckBox:
    return named(QCheckBox(text), name, tip)


def _ramp(colours: ColourMap) -> QIcon:
    entries = table(colours)[1:]
    ramp = QImage(entries.tobytes(), len(entries), 1, 3 * len(entries), QImage.Format.Format_RGB888)
    return QIcon(QPixmap.fromImage(ramp.scaled(_RAMP)))
