"""Two networks on the same pictures: before and after people's new reviews."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.segmenter.measured import METRICS
from app.segmenter.retrained import Retrained
from app.segmenter.words import TITLES, figure_text, signed_text
from app.widgets.controls import label
from app.widgets.record_table import TextTable, table_view

__all__ = ["BeforeAfterView"]


class BeforeAfterView(QWidget):
    """A sentence, and a table with a column for each network and one for the difference."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("beforeAfter")
        self.sentence = label(name="beforeAfterSentence", wrap=True)
        self.table = TextTable(("", "Before", "After", "Difference"), parent=self)
        view = table_view(self.table, name="beforeAfterTable", tip="Figures before and after")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.sentence)
        layout.addWidget(view, 1)

    def show_retrained(self, retrained: Retrained) -> None:
        """Show what training again brought."""
        self.sentence.setText(retrained.sentence)
        rows = []
        for metric in METRICS:
            difference = retrained.difference.get(metric)
            is_known = difference is not None and difference.is_known
            rows.append(
                (
                    TITLES[metric],
                    figure_text(retrained.before.get(metric)),
                    figure_text(retrained.after.get(metric)),
                    signed_text(difference) if difference is not None and is_known else "–",
                )
            )
        titles = ("", f"Before: {retrained.old}", f"After: {retrained.new}", "Difference")
        self.table.show_rows(rows, titles=titles)
