"""One reader's mask beside the third, without the reader's name."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.review.adjudication.difference import DifferenceLayer, Part
from app.review.adjudication.session import LaidOutPair
from app.review.canvas.pyramid import Pyramid
from app.review.compare.looking import LookingCanvas
from app.widgets.controls import label, named, push_button
from gsal.records import Verdict

__all__ = ["BAR_PX", "ReaderPane"]

BAR_PX = 36
"""Height of what stands above each of the three pictures, so that they are of one height."""

_SAID = {
    Verdict.ACCEPTED: "",
    Verdict.REJECTED: "rejected all masks",
    Verdict.FLAGGED: "flagged it",
    Verdict.CANNOT_JUDGE: "could not judge",
}


class ReaderPane(QWidget):
    """The mask of reader 1 or 2, hatched where the other has none.

    Signals:
        asked(): Take this mask.
    """

    asked = Signal()

    def __init__(self, part: Part) -> None:
        super().__init__()
        number = int(part)
        self._index = number - 1
        self.setObjectName(f"readerPane{number}")
        self.note = label(role="muted", name=f"readerNote{number}")
        self.take = push_button(
            f"takeReader{number}",
            f"Take {number}",
            f"Begin from the mask of reader {number}",
            key=str(number),
        )
        self.take.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.take.clicked.connect(self.asked)
        self.canvas = named(LookingCanvas(), f"readerCanvas{number}", f"Mask of reader {number}")
        self.canvas.setToolTip("")
        self.canvas.setCursor(Qt.CursorShape.OpenHandCursor)
        self.layer = DifferenceLayer(self.canvas, part)
        self.layer.show()
        bar = QWidget()
        bar.setMinimumHeight(BAR_PX)
        top = QHBoxLayout(bar)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(f"Reader {number}", role="section"))
        words.addWidget(self.note)
        self.note.hide()
        top.addLayout(words, 1)
        top.addWidget(self.take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(bar)
        layout.addWidget(self.canvas, 1)

    def show_mask(self, pyramid: Pyramid, pair: LaidOutPair) -> None:
        """Show this reader's mask, and where it differs from the other."""
        painting, verdict = pair.paintings[self._index], pair.verdicts[self._index]
        self.canvas.show_picture(pyramid, painting)
        self.layer.show_masks(pair.paintings)
        self._say(_SAID[verdict] or ("" if painting.ink_pixels else "no ink"))

    def show_nothing(self, pyramid: Pyramid | None) -> None:
        """Show the photograph alone until the mask is read."""
        self.canvas.show_picture(pyramid, None)
        self.layer.show_masks(None)
        self._say("")

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setHidden(not text)
