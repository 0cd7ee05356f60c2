"""What an ink network is trained with: architecture, masks, loss, synthetic ink."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QWidget

from app.widgets.controls import choice, named, spin_box
from gsal.jobs.segmenters.train import TrainSegmenter
from gsal.records import MaskSet

__all__ = ["InkForm"]

_ARCHITECTURES = {"bisenet": "BiSeNet", "lraspp": "LR-ASPP (light)"}
_MASKS: dict[str, str] = {
    MaskSet.BEST: "Best of each picture",
    MaskSet.HUMAN: "Human masks only",
    MaskSet.ADJUDICATED: "Adjudicated masks only",
    MaskSet.EXACT: "Exact masks only",
    MaskSet.RULE: "The rules' masks only",
}
_LOSSES = {"": "The recipe's", "bce+dice": "BCE + Dice", "bce": "BCE alone"}
_SYNTHETIC = "Draw synthetic ink, whose mask is known exactly, on pictures without ink"
_MOST = 1_000_000


class InkForm(QObject):
    """Rows of the training form that only an ink network needs.

    Args:
        form: To put the rows into.
        recipe: Its choice decides whether synthetic ink is usual.
    """

    def __init__(self, form: QFormLayout, recipe: QComboBox) -> None:
        super().__init__(form)
        self._form, self._recipe = form, recipe
        self.architecture = choice("inkArchitecture", "Architecture of the ink network", _ARCHITECTURES)
        self.masks = choice("trainingMasks", "Masks to learn from", _MASKS)
        self.loss = choice(
            "trainingLoss", "What is minimised: BCE judges pixels, Dice the shared area", _LOSSES
        )
        self.synthetic = named(QCheckBox("Add synthetic ink"), "syntheticInk", _SYNTHETIC)
        self.most = spin_box("mostPictures", "Learn from at most so many pictures", least=0, most=_MOST)
        self.most.setSpecialValueText("all")
        self._rows: tuple[tuple[str, QWidget], ...] = (
            ("Architecture", self.architecture),
            ("Masks", self.masks),
            ("Loss", self.loss),
            ("", self.synthetic),
            ("Pictures", self.most),
        )
        for title, widget in self._rows:
            form.addRow(title, widget)
        recipe.currentIndexChanged.connect(self._take_usual)
        self._take_usual()

    def set_visible(self, is_visible: bool) -> None:
        """Show the rows, or leave them out."""
        for _, widget in self._rows:
            self._form.setRowVisible(widget, is_visible)

    def job(self, *, name: str, recipe: str, seed: int) -> TrainSegmenter:
        """Return the training that is asked for; without a name it is called after its architecture."""
        architecture = str(self.architecture.currentData())
        return TrainSegmenter(
            name=name or architecture,
            recipe=recipe,
            mask_set=str(self.masks.currentData()),
            max_pictures=self.most.value(),
            seed=seed,
            architecture=architecture,
            loss=str(self.loss.currentData()),
            synthetic_ink=self.synthetic.isChecked(),
        )

    @Slot()
    def _take_usual(self) -> None:
        from gsal.jobs.recipes import segmenter_recipe

        recipe = segmenter_recipe(str(self._recipe.currentData()))
        self.synthetic.setChecked(recipe.synthetic_ink)
