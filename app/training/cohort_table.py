"""Table 1 of the paper: how often each class has ink, in each cohort."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from app.widgets.record_table import TextTable
from gsal.records import CohortRecord

__all__ = ["CohortTable"]

_FIXED = ("Cohort", "Kind", "Pictures")


class CohortTable(TextTable):
    """One row per cohort: pictures, P(ink | class), Cramer's V."""

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__((*_FIXED, "Cramer's V"), left_columns=2, parent=parent)

    def show_cohorts(self, cohorts: Sequence[CohortRecord], classes: Sequence[str]) -> None:
        """Show these cohorts, with a column per class."""
        titles = (*_FIXED, *classes, "Cramer's V")
        self.show_rows([_row(cohort, classes) for cohort in cohorts], titles=titles)


def _row(cohort: CohortRecord, classes: Sequence[str]) -> tuple[str, ...]:
    rates = []
    for name in classes:
        rate, n = cohort.ink_rate_by_class.get(name), cohort.n_by_class.get(name, 0)
        rates.append("–" if rate is None else f"{100 * rate:.0f} % of {n}")
    v = cohort.achieved.get("cramers_v")
    return cohort.name, str(cohort.kind), f"{cohort.n:,}", *rates, "–" if v is None else f"{v:.2f}"
