"""The settings of saliency that few need."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QFormLayout, QLineEdit, QSpinBox, QWidget

from app.widgets.controls import centre_titles, named, spin_box
from gsal.jobs.saliency.compute import ComputeSaliency

__all__ = ["SaliencySettings"]


class SaliencySettings(QWidget):
    """A form of them, at their usual values.

    Signals:
        changed(): Samples or steps are others, and with them what a picture costs.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        usual = ComputeSaliency()
        self.layer = named(QLineEdit(), "saliencyLayer", "Layer of Grad-CAM and guided Grad-CAM")
        self.layer.setPlaceholderText("the network's last maps")
        self.centred = named(
            QCheckBox("Less the mean logit"),
            "saliencyCentred",
            "Grad-CAM that is the same for all weights that give the same answers, to compare networks",
        )
        self.fast = named(
            QCheckBox("Backward in bfloat16"),
            "saliencyFast",
            "Faster, for a DenseNet on which it was checked",
        )
        self.samples: QSpinBox = spin_box("saliencySamples", "Noisy copies of SmoothGrad", least=1, most=1000)
        self.steps: QSpinBox = spin_box("saliencySteps", "Steps of integrated gradients", least=1, most=1000)
        self.seed: QSpinBox = spin_box(
            "saliencySeed", "Seed of SmoothGrad and the random map", least=0, most=2**31 - 1
        )
        self.percentile = named(QDoubleSpinBox(), "saliencyPercentile", "Above it, a pixel counts as a peak")
        self.percentile.setRange(50, 99.9)
        self.percentile.setDecimals(1)
        self.percentile.lineEdit().setTextMargins(6, 0, 0, 0)
        for box, value in ((self.samples, usual.samples), (self.steps, usual.steps), (self.seed, usual.seed)):
            box.setValue(value)
        self.percentile.setValue(usual.percentile)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for title, widget in (
            ("Layer", self.layer),
            ("Centred", self.centred),
            ("Fast", self.fast),
            ("SmoothGrad", self.samples),
            ("Integrated", self.steps),
            ("Seed", self.seed),
            ("Peaks from %", self.percentile),
        ):
            form.addRow(title, widget)
        centre_titles(form)
        self.samples.valueChanged.connect(self.changed)
        self.steps.valueChanged.connect(self.changed)
