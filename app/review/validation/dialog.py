"""The validation set: choosing it, how far it is read, and locking it for good."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QMessageBox, QVBoxLayout, QWidget

from app.jobs.background import Background
from app.jobs.manager import JobManager
from app.jobs.task import Task, TaskState
from app.review.validation.choosing import ChoosingPanel
from app.review.validation.standing import StandingPanel
from app.widgets.controls import label, line, named, push_button
from app.widgets.standard_buttons import name_buttons
from gsal.jobs.reading.validation import ChooseValidationSet, LockValidationSet, ValidationStatus, status
from gsal.project import Project
from gsal.records import Reader

__all__ = ["ValidationDialog"]

_WIDTH_LINES, _HEIGHT_LINES = 52, 42
_INTRO = (
    "Pictures that networks are judged on and never learn from. They stand for the whole project by ink, "
    "class and how much the rules disagree. Readers begin blank or from a rule without a name; they never "
    "see the network's mask or another reader's."
)
_LOCKING = (
    "Locking is for good. From then on no network can learn from these pictures or from any other picture "
    "of their patients, and no picture can be added or taken out. Lock before you train the network that "
    "is to be judged."
)


class ValidationDialog(QDialog):
    """Reads how the set stands in the background; choosing and locking are jobs.

    Args:
        project: Whose set it is.
        manager: Runs the jobs.
        reader: Who locks it; None when nobody said so yet.
        background: Reads; whoever owns it waits for it, so that closing the dialog never does.

    Signals:
        changed(): The set was chosen or locked; queues are to be read anew.
    """

    changed = Signal()

    def __init__(
        self,
        project: Project,
        manager: JobManager,
        reader: Reader | None,
        background: Background,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("validationDialog")
        self.setWindowTitle("Validation set")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._project = project
        self._manager = manager
        self._reader = reader
        self._task: Task | None = None
        self._asked = object()
        self._status: ValidationStatus | None = None
        self.choosing, self.standing = ChoosingPanel(), StandingPanel()
        self.locking = label(_LOCKING, role="muted", name="validationLocking", wrap=True)
        self.unknown = label(role="danger", name="validationUnknown", wrap=True)
        self.unknown.hide()
        self.message = label(role="danger", name="validationMessage", wrap=True)
        self.message.hide()
        self._rule = line()
        self._lay_out()
        self._background = background
        self._background.done.connect(self._show_status)
        self._background.failed.connect(self._show_failure)
        self.choosing.asked.connect(self._submit)
        manager.ended.connect(self._job_ended)
        self.standing.hide()
        self._fit()
        self._enable()
        self._read()

    def _lay_out(self) -> None:
        self.lock = push_button("lockValidation", "Lock...", "Lock the set for good")
        close = push_button("closeValidation", "Close", "Close", key="Esc")
        for button in (self.lock, close):
            button.setAutoDefault(False)
        self.lock.clicked.connect(self._confirm)
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.locking, 1)
        row.addWidget(self.lock)
        bottom = QHBoxLayout()
        bottom.addWidget(self.message, 1)
        bottom.addStretch()
        bottom.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(label(_INTRO, wrap=True))
        layout.addWidget(line())
        layout.addWidget(self.choosing)
        layout.addWidget(self._rule)
        layout.addWidget(self.standing, 1)
        layout.addStretch()
        layout.addWidget(line())
        layout.addWidget(self.unknown)
        layout.addLayout(row)
        layout.addLayout(bottom)

    def _fit(self) -> None:
        """Be as high as what is shown needs: with tables, or without any yet."""
        line_px = self.fontMetrics().height()
        width, room = _WIDTH_LINES * line_px, self.screen().availableGeometry().height() * 0.94
        height = _HEIGHT_LINES * line_px if self._status else self.sizeHint().height()
        self.resize(width, min(height, int(room)))

    def _read(self) -> None:
        # Its own key: what was read for a dialog that is closed by now is nobody's.
        self._asked = object()
        self._background.submit(self._asked, partial(status, self._project))

    @Slot(object, object)
    def _show_status(self, key: object, found: ValidationStatus | None) -> None:
        if key is not self._asked:
            return
        self._status = found
        if found is not None:
            self.choosing.show_status(found)
            self.standing.show_status(found)
            self._warn(found)
        self.standing.setVisible(found is not None)
        self._fit()
        if found is not None and found.locked is not None:
            self.choosing.hide()
            self._rule.hide()
            self.lock.hide()
            self.locking.setText(
                f"Locked on {found.locked[:10]} by {found.locked_by}. No network learns from these pictures "
                f"and the others of their patients, {found.locked_out:,} in all."
            )
        self._enable()

    def _warn(self, found: ValidationStatus) -> None:
        self.unknown.setVisible(bool(found.n_unknown))
        self.unknown.setText(
            f"Of {found.n_unknown:,} of these pictures no patient is known, so other pictures of the same "
            "person cannot be kept away. Patients come from the column patient_id of the labels table."
        )

    @Slot(object, object)
    def _show_failure(self, key: object, error: BaseException) -> None:
        if key is self._asked:
            self._say(str(error))

    @Slot(object)
    def _submit(self, job: ChooseValidationSet | LockValidationSet) -> None:
        self._say("")
        self._task = self._manager.submit(job)
        self._enable()

    @Slot(object)
    def _job_ended(self, task: Task) -> None:
        if task is not self._task:
            return
        self._task = None
        if task.state is TaskState.DONE:
            self.changed.emit()
            self._read()
        self._say(task.message)
        self._enable()

    @Slot()
    def _confirm(self) -> None:
        count = self._status.n_members if self._status else 0
        box = QMessageBox(self)
        box.setObjectName("confirmLock")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Lock the validation set")
        box.setText(f"Lock these {count:,} pictures for good?")
        box.setInformativeText(_LOCKING)
        lock = box.addButton("Lock for good", QMessageBox.ButtonRole.AcceptRole)
        named(lock, "confirmLockForGood", "No network learns from these pictures from now on")
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        name_buttons(box, "confirmLock")
        box.accepted.connect(self._lock)
        box.open()

    @Slot()
    def _lock(self) -> None:
        if self._reader is not None:
            self._submit(LockValidationSet(self._reader.name))

    def _enable(self) -> None:
        can_write = self._task is None and not self._project.read_only
        has_pictures = self._status is not None and self._status.n_members > 0
        self.choosing.setEnabled(can_write)
        self.lock.setEnabled(can_write and has_pictures and self._reader is not None)
        self.lock.setToolTip(
            "Lock the set for good" if self._reader else "Say who is reading first: a lock has a name"
        )

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))
