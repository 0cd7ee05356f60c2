"""Asking for a cohort: its settings at the left, what they come to at the right, as they change."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.training.co_occurrence_view import CoOccurrenceView
from app.training.cohort_form import CohortForm
from app.training.cohort_trial import Trial, Trials
from app.widgets.coalescer import Coalescer
from app.widgets.controls import named
from app.widgets.latest import Latest
from app.widgets.standard_buttons import name_buttons

__all__ = ["CohortDialog"]

_FORM_EM, _VIEW_EM, _HEIGHT_EM = 30, 36, 44
_PATIENCE_MS = 250
_TIP = "Create this cohort"


class CohortDialog(QDialog):
    """Settings of one cohort beside its table of ink by class; pictures are read and chosen off the thread.

    Args:
        classes: Of the project.
        trials: Tries the settings out.
        trying: Where it does; whoever owns it waits for it, so that closing the dialog never does.
        is_split: Whether the project's one split is made; its share can then no longer be chosen.

    Signals:
        chosen(job)
    """

    chosen = Signal(object)

    def __init__(
        self,
        classes: Sequence[str],
        trials: Trials,
        trying: Latest,
        *,
        is_split: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("cohortDialog")
        self.setWindowTitle("Create a cohort")
        self._trials, self._trying = trials, trying
        self._asked: object = None
        self._problem = ""
        self.form = CohortForm(classes, is_split=is_split)
        self.view = CoOccurrenceView()
        self._lay_out()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_PATIENCE_MS)
        self._late.timeout.connect(self.view.show_waiting)
        self._due = Coalescer(self)
        self._due.due.connect(self._try_out)
        trying.done.connect(self._show_trial)
        trying.failed.connect(self._show_failure)
        self.form.changed.connect(self._due.request)
        self.form.name.textChanged.connect(self._enable)
        self._enable()
        self._try_out()

    def _lay_out(self) -> None:
        em = self.fontInfo().pixelSize()
        self.form.setFixedWidth(_FORM_EM * em)
        self.view.setMinimumWidth(_VIEW_EM * em)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        start = buttons.addButton("Create", QDialogButtonBox.ButtonRole.AcceptRole)
        self.start = named(start, "createCohortNow", _TIP, key="Enter")
        self.start.setProperty("role", "primary")
        name_buttons(buttons, "cohortDialog")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.form)
        row.addWidget(self.view, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(16)
        layout.addLayout(row, 1)
        layout.addWidget(buttons)
        room = int(self.screen().availableGeometry().height() * 0.94)
        self.resize(self.sizeHint().width(), min(_HEIGHT_EM * em, room))

    @override
    def accept(self) -> None:
        self.chosen.emit(self.form.job())
        super().accept()

    @Slot()
    def _try_out(self) -> None:
        # Its own key: what another dialog asked for is nobody's by now.
        self._asked = object()
        self._late.start()
        self._trying.submit(self._asked, partial(self._trials.try_out, self.form.job()))

    @Slot(object, object)
    def _show_trial(self, asked: object, trial: Trial) -> None:
        if asked is not self._asked:
            return
        self._late.stop()
        if trial.offer is not None:
            self.form.filter.show_offer(trial.offer)
        self._problem = trial.problem
        self.view.show_trial(trial)
        self._enable()

    @Slot(object, object)
    def _show_failure(self, asked: object, error: BaseException) -> None:
        if asked is self._asked:
            self._late.stop()
            self.view.show_failure(str(error))

    @Slot()
    def _enable(self) -> None:
        has_name = bool(self.form.name.text().strip())
        self.start.setEnabled(has_name and not self._problem)
        self.start.setToolTip(f"{_TIP} (Enter)" if has_name else "Give the cohort a name first")
