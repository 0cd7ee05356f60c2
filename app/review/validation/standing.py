"""How the validation set stands: how much of it is read, by whom, and what it is made of."""

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.review.validation.precision import precision_text
from app.widgets.controls import label, named
from app.widgets.record_table import TextTable, table_view
from gsal.jobs.reading.validation import ValidationStatus

__all__ = ["StandingPanel"]

_ADDED = "added by hand"


class StandingPanel(QWidget):
    """Progress, readers and strata."""

    def __init__(self) -> None:
        super().__init__()
        self.read = label(name="validationRead")
        self.progress = named(QProgressBar(), "validationProgress", "Pictures somebody has read")
        self.progress.setTextVisible(False)
        self.precision = label(role="muted", name="validationPrecisionNow", wrap=True)
        self.notice = label(role="danger", name="validationNotice", wrap=True)
        self.readers = TextTable(("Reader", "Is", "Read"), left_columns=2, parent=self)
        self.strata = TextTable(("Ink, class, disagreement", "Pictures"), parent=self)
        tables = QHBoxLayout()
        tables.setSpacing(16)
        tables.addWidget(table_view(self.readers, name="validationReaders", tip="Who has read how many"))
        tables.addWidget(table_view(self.strata, name="validationStrata", tip="What was chosen"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.read)
        layout.addWidget(self.progress)
        layout.addWidget(self.precision)
        layout.addWidget(self.notice)
        layout.addLayout(tables, 1)

    def show_status(self, status: ValidationStatus) -> None:
        """Show how the set stands."""
        fewer = "" if status.n_members >= status.n_wanted else f" (there are only {status.n_members:,})"
        self.read.setText(f"{status.n_read:,} of {status.n_wanted:,} pictures are read{fewer}")
        self.progress.setRange(0, max(1, status.n_wanted))
        self.progress.setValue(status.n_read)
        so_far = f"With the {status.n_read:,} read so far: {precision_text(status.n_read)}"
        self.precision.setText(so_far if status.n_read else "")
        self.precision.setVisible(0 < status.n_read < status.n_wanted)
        self.readers.show_rows([(one.name, str(one.kind), f"{one.n:,}") for one in status.read_by])
        self.strata.show_rows([(name or _ADDED, f"{n:,}") for name, n in status.strata.items()])
        learned = [
            f"{name} learned from {n:,} pictures of these patients; it is not judged on those."
            for name, n in status.learned_by.items()
        ]
        self.notice.setText("\n".join(learned))
        self.notice.setVisible(bool(learned))
