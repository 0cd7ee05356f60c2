"""One picture with both masks: what only the network marked, what only the person did, and what both did."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.review.adjudication.difference import DifferenceLayer, Part, Swatch
from app.review.compare.looking import LookingCanvas
from app.segmenter.measured import Picture
from app.segmenter.pair import Pair
from app.segmenter.words import short
from app.widgets.controls import IconButton, label, named, push_button
from app.widgets.elided import ElidedLabel

__all__ = ["PairView"]

_LEGEND = {
    Part.FIRST: ("network only", "Only the network marked it"),
    Part.SECOND: ("reference only", "Only the reference mask has it"),
    Part.BOTH: ("both", "Network and reference mask both have it"),
}


class PairView(QWidget):
    """Shows two masks by the direction of their lines and by colour; nothing is changed here.

    Signals:
        open_asked(image_id): Show the picture in the review.
    """

    open_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pairView")
        self._picture: Picture | None = None
        self.title = ElidedLabel()
        self.title.setObjectName("pairTitle")
        self.facts = label(role="muted", name="pairFacts")
        self.canvas = named(LookingCanvas(), "pairCanvas", "The picture with both masks")
        self.canvas.setToolTip("")
        self.canvas.setCursor(Qt.CursorShape.OpenHandCursor)
        self.layer = DifferenceLayer(self.canvas, *Part)
        self.layer.show()
        self.hide_masks = named(
            IconButton("eye-off-outline", role="quiet"), "hideBothMasks", "Hide both masks"
        )
        self.hide_masks.setCheckable(True)
        self.hide_masks.toggled.connect(self._hide)
        self.whole = named(
            IconButton("fit-to-page-outline", role="quiet"), "fitPair", "Show the whole picture"
        )
        self.whole.clicked.connect(self.canvas.fit)
        self.open = push_button("openInReview", "Open in review", "Open this picture in the review")
        self.open.clicked.connect(self._ask_open)
        self._lay_out()
        self.show_nothing("Choose a picture in the table.")

    def show_nothing(self, sentence: str) -> None:
        """Show no picture, and why."""
        self._picture = None
        self.title.show_text("")
        self.facts.setText("")
        self.layer.show_masks(None)
        self.canvas.show_message(sentence)
        self.open.setEnabled(False)

    def begin(self, picture: Picture) -> None:
        """Say which picture is being read; its photograph and masks follow."""
        self._picture = picture
        # Nobody's masks stand under another picture's name.
        self.layer.show_masks(None)
        self.title.show_text(picture.name)
        self.title.setToolTip(picture.image)
        self.facts.setText(_facts(picture))
        self.open.setEnabled(True)

    def show_pair(self, picture: Picture, pair: Pair) -> None:
        """Show a picture's masks, if it is still the one that is wanted."""
        if picture is self._picture:
            self.canvas.show_picture(pair.pyramid, None)
            self.canvas.fit()
            self.layer.show_masks(pair.masks)

    def show_failure(self, picture: Picture, sentence: str) -> None:
        """Say why a picture cannot be shown."""
        if picture is self._picture:
            self.layer.show_masks(None)
            self.canvas.show_message(sentence)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.title, 1)
        top.addWidget(self.facts)
        legend = QHBoxLayout()
        legend.setSpacing(8)
        for part, (text, tip) in _LEGEND.items():
            for widget in (Swatch(part), label(text)):
                widget.setToolTip(tip)
                legend.addWidget(widget)
        legend.addStretch()
        for button in (self.hide_masks, self.whole, self.open):
            legend.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.canvas, 1)
        layout.addLayout(legend)

    @Slot(bool)
    def _hide(self, is_hidden: bool) -> None:
        self.canvas.set_hidden(is_hidden)
        self.layer.update()

    @Slot()
    def _ask_open(self) -> None:
        if self._picture is not None:
            self.open_asked.emit(self._picture.image_id)


def _facts(picture: Picture) -> str:
    return f"{picture.sign} {picture.decision}   Dice {short(picture.dice)}"
