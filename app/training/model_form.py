"""What can be said of a model from outside, as fields; what is left empty is taken from its card."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit

from app.widgets.controls import named, spin_box
from gsal.errors import ModelError
from gsal.jobs.models.card import LARGEST_SIZE
from gsal.jobs.models.import_model import ImportModel
from gsal.records import Outputs

__all__ = ["ModelForm"]

_COMMON = (
    "densenet121",
    "resnet18",
    "resnet50",
    "efficientnet_b0",
    "mobilenet_v3_large",
    "convnext_tiny",
    "inception_v3",
    "vit_b_16",
    "swin_t",
)


class ModelForm(QObject):
    """Fields of a model's card.

    Signals:
        changed(): Something else is said now.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = _line("modelName", "Its name in the project", "the file's")
        self.architecture = named(QComboBox(), "modelArchitecture", "torchvision's name for its architecture")
        self.architecture.setEditable(True)
        self.architecture.addItems(["", *_COMMON])
        if (text := self.architecture.lineEdit()) is not None:
            named(text, "modelArchitectureName", "torchvision's name for its architecture")
            text.setPlaceholderText("state_dict: else densenet121")
        self.classes = _line(
            "modelClasses", "Its classes in the order of its outputs, with commas between", "the project's"
        )
        self.size = spin_box("modelSize", "Side of its input, in pixels", least=0, most=LARGEST_SIZE)
        self.size.setSpecialValueText("as the card says; else 224")
        self.mean = _line(
            "modelMean", "Mean of red, green and blue, for pixels from 0 to 1", "mean: ImageNet's"
        )
        self.std = _line("modelStd", "Standard deviation of red, green and blue", "deviation: ImageNet's")
        self.layer = _line("modelLayer", "The layer Grad-CAM looks at", "Grad-CAM layer: found by itself")
        self.outputs = named(QComboBox(), "modelOutputs", "What its numbers are")
        self.outputs.addItem("as the card says; else logits", "")
        for outputs in Outputs:
            self.outputs.addItem(outputs.capitalize(), str(outputs))
        for line in (self.classes, self.mean, self.std, self.layer):
            line.textChanged.connect(self.changed)
        self.architecture.editTextChanged.connect(self.changed)
        self.size.valueChanged.connect(self.changed)
        self.outputs.currentIndexChanged.connect(self.changed)

    def add_to(self, form: QFormLayout) -> None:
        """Put the fields into a form, two in a row."""
        for title, fields in (
            ("Name", (self.name,)),
            ("Classes", (self.classes,)),
            ("Architecture, layer", (self.architecture, self.layer)),
            ("Input size, outputs", (self.size, self.outputs)),
            ("Mean, deviation", (self.mean, self.std)),
        ):
            row = QHBoxLayout()
            for field in fields:
                row.addWidget(field, 1)
            form.addRow(title, row)

    def suggest_name(self, name: str) -> None:
        """Show what the model is called unless another name is given."""
        self.name.setPlaceholderText(name or "the file's")

    def job(self, weights: Path, *, trust: bool) -> ImportModel:
        """Return the import of a file with what is said here.

        Raises:
            ModelError: Numbers are no numbers.
        """
        return ImportModel(
            str(weights),
            name=self.name.text().strip() or weights.stem,
            architecture=self.architecture.currentText().strip(),
            size=self.size.value(),
            classes=_parts(self.classes),
            mean=_numbers(self.mean),
            std=_numbers(self.std),
            layer=self.layer.text().strip(),
            outputs=str(self.outputs.currentData()),
            trust=trust,
        )


def _line(name: str, tip: str, placeholder: str) -> QLineEdit:
    made = named(QLineEdit(), name, tip)
    made.setPlaceholderText(placeholder)
    return made


def _parts(line: QLineEdit) -> tuple[str, ...]:
    return tuple(part.strip() for part in line.text().split(",") if part.strip())


def _numbers(line: QLineEdit) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in _parts(line))
    except ValueError:
        raise ModelError(
            f"{line.accessibleName()}: expected three numbers with commas between, got {line.text()}."
        ) from None
