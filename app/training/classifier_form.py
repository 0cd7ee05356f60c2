"""What a classifier is trained with: cohort, architecture, initial weights, sampler, folds and seeds."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSignalBlocker, Slot
from PySide6.QtWidgets import QFileDialog, QFormLayout, QWidget

from app.widgets.controls import choice, spin_box
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.models.initial_weights import IMAGENET, RANDOM
from gsal.records import CohortRecord

__all__ = ["ClassifierForm"]

_ARCHITECTURES = {
    "": "The recipe's",
    "densenet121": "DenseNet-121",
    "densenet-small": "Small DenseNet",
    "resnet18": "ResNet-18",
}
_FILE = "file"
_WEIGHTS = {IMAGENET: "ImageNet, if present", RANDOM: "Random", _FILE: "From a file..."}
_SAMPLERS = {
    "": "The recipe's",
    "natural": "As they are",
    "balanced": "Classes balanced",
    "ink-independent": "Ink independent of class",
    "ink-independent-balanced": "Both",
}
_SAMPLER_TIP = (
    "How often pictures come in an epoch: rare classes more often, or ink equally often in every class"
)


class ClassifierForm(QObject):
    """Rows of the training form that only a classifier needs.

    Args:
        form: To put the rows into.
    """

    def __init__(self, form: QFormLayout) -> None:
        super().__init__(form)
        self._form = form
        self.cohort = choice("trainingCohort", "Cohort to train on", {})
        self.architecture = choice("architecture", "Architecture of the network", _ARCHITECTURES)
        self.weights = choice("initialWeights", "Weights that training begins with", _WEIGHTS)
        self.sampler = choice("trainingSampler", _SAMPLER_TIP, _SAMPLERS)
        self.folds = spin_box("trainingFolds", "Cross-validation: one network per fold", least=0, most=20)
        self.folds.setSpecialValueText("none")
        self.seeds = spin_box("trainingSeeds", "Networks that differ in their seed only", least=1, most=50)
        self._rows: tuple[tuple[str, QWidget], ...] = (
            ("Cohort", self.cohort),
            ("Architecture", self.architecture),
            ("Weights", self.weights),
            ("Sampler", self.sampler),
            ("Folds", self.folds),
            ("Seeds", self.seeds),
        )
        for title, widget in self._rows:
            form.addRow(title, widget)
        self._file = ""
        self.weights.activated.connect(self._ask_file)

    @property
    def has_cohort(self) -> bool:
        """Whether there is one to train on."""
        return self.cohort.count() > 0

    def show_cohorts(self, cohorts: Sequence[CohortRecord]) -> None:
        """Offer these cohorts; the one that was chosen stays so."""
        chosen = self.cohort.currentData()
        with QSignalBlocker(self.cohort):
            self.cohort.clear()
            for cohort in cohorts:
                self.cohort.addItem(f"{cohort.name} ({cohort.n:,})", cohort.name)
            self.cohort.setCurrentIndex(max(0, self.cohort.findData(chosen)))

    def set_visible(self, is_visible: bool) -> None:
        """Show the rows, or leave them out."""
        for _, widget in self._rows:
            self._form.setRowVisible(widget, is_visible)

    def job(self, *, name: str, recipe: str, seed: int) -> TrainClassifier:
        """Return the training that is asked for; without a name it is called after its cohort."""
        cohort, weights = str(self.cohort.currentData()), str(self.weights.currentData())
        return TrainClassifier(
            name=name or cohort,
            cohort=cohort,
            recipe=recipe,
            architecture=str(self.architecture.currentData()),
            seed=seed,
            seeds=self.seeds.value(),
            folds=self.folds.value(),
            sampler=str(self.sampler.currentData()),
            weights=self._file if weights == _FILE else weights,
        )

    @Slot()
    def _ask_file(self) -> None:
        if self.weights.currentData() != _FILE:
            return
        path, _ = QFileDialog.getOpenFileName(
            self.weights.window(), "Weights to begin with", self._file, "Weights (*.pth *.pt *.safetensors)"
        )
        self._file = path or self._file
        if self._file:
            self.weights.setToolTip(self._file)
        else:
            self.weights.setCurrentIndex(0)
