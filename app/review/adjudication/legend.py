"""What the lines of the differences mean, and of how many readings two are shown."""

from PySide6.QtWidgets import QGridLayout, QWidget

from app.review.adjudication.difference import Part, Swatch
from app.widgets.controls import label

__all__ = ["Legend"]

_TEXTS = {
    Part.FIRST: ("only 1", "Only reader 1 marked it"),
    Part.SECOND: ("only 2", "Only reader 2 marked it"),
    Part.BOTH: ("both", "Both readers marked it"),
}
_MORE = "More than two have read this picture; these are the two who did last"


class Legend(QWidget):
    """Swatches with their texts, in a column or in a line."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("differenceLegend")
        self.readings = label(role="section", name="readingsShown")
        self.readings.setToolTip(_MORE)
        self._entries = []
        for part, (text, tip) in _TEXTS.items():
            swatch, words = Swatch(part), label(text)
            for shown in (swatch, words):
                shown.setToolTip(tip)
            self._entries.append((swatch, words))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self.show_count(0)
        self.lay_out(is_column=True)

    def show_count(self, n_readings: int) -> None:
        """Say of how many readings these are two, if there are more."""
        self.readings.setText(f"2 of {n_readings} readings" if n_readings > 2 else "")
        self.readings.setHidden(n_readings <= 2)

    def lay_out(self, *, is_column: bool) -> None:
        """Stand beside the figures, or in a line below them."""
        for index, (swatch, words) in enumerate(self._entries):
            row, column = (index, 0) if is_column else (0, 2 * index)
            self._grid.addWidget(swatch, row, column)
            self._grid.addWidget(words, row, column + 1)
        last = len(self._entries)
        self._grid.addWidget(self.readings, *((last, 0, 1, 2) if is_column else (0, 2 * last)))
