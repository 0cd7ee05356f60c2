"""One line under the header for who is new: every step of a project, and a button for the next."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QSizePolicy
from typing_extensions import override

from app.first_steps.standing import Standing, read_standing
from app.first_steps.steps import Step
from app.jobs.manager import JobManager
from app.settings import Settings
from app.widgets.controls import IconButton, named, push_button
from app.widgets.latest import Latest
from gsal.project import Project

__all__ = ["FirstSteps"]

_DONE, _OPEN = "check-circle", "circle-outline"
_WITH_TITLE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_SOON_MS = 2000
_BY_A_JOB = frozenset({Step.PICTURES, Step.MASKS})
"""Steps that their button itself begins: one after the other."""


class FirstSteps(QFrame):
    """Shown until all is done, or who reads it has seen enough.

    Args:
        project: Its steps are shown.
        manager: After its jobs the steps are read again.
        settings: Whether the guide is wanted.

    Signals:
        page_asked(step): The page of a step is asked for.
        begin_asked(step): The next step is to be begun.
        resized(): What lies below has another place; also when it is shown or hidden.
    """

    page_asked = Signal(object)
    begin_asked = Signal(object)
    resized = Signal()

    def __init__(self, project: Project, manager: JobManager, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("firstSteps")
        self._project, self._manager, self._settings = project, manager, settings
        self._next: Step | None = None
        self._is_asked = False
        self.reading = Latest("steps", parent=self)
        self.reading.done.connect(self._take)
        self.steps = {step: self._step(step) for step in Step}
        self.next = push_button("nextStep", "", "What comes next")
        # A click must not take the keys from the review.
        self.next.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.next.clicked.connect(self._begin)
        close = named(
            IconButton("close", role="quiet"), "hideSteps", "Hide the first steps; the menu has them"
        )
        close.clicked.connect(self._give_up)
        # A narrow window is not kept from being so: the steps then show without their titles.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        layout = self._row = QHBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(12, 2, 12, 2)
        layout.setSpacing(0)
        for button in self.steps.values():
            layout.addWidget(button)
        layout.addStretch()
        layout.addWidget(self.next)
        layout.addSpacing(8)
        layout.addWidget(close)
        manager.ended.connect(self.refresh)
        manager.submitted.connect(self._show_next)
        manager.idle.connect(self._show_next)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self.hide()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read again how far the project is, if that is shown."""
        if self._settings.shows_first_steps and not self._project.read_only:
            self.reading.submit("first steps", partial(read_standing, self._project))
        else:
            self.hide()

    @Slot()
    def refresh_soon(self) -> None:
        """Read again in a while, once for many verdicts."""
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def bring_back(self) -> None:
        """Show the steps again, also where all are done."""
        self._settings.shows_first_steps = True
        self._is_asked = True
        self.refresh()

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self._soon.stop()
        self.reading.shut_down()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self.resized.emit()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.resized.emit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.resized.emit()

    def _fit(self) -> None:
        """Show the titles of all steps, or, without room for them, that of the next alone."""
        for style in (_WITH_TITLE, Qt.ToolButtonStyle.ToolButtonIconOnly):
            for step, button in self.steps.items():
                button.setToolButtonStyle(_WITH_TITLE if step is self._next else style)
            if self._row.sizeHint().width() <= self.width():
                break

    def _step(self, step: Step) -> IconButton:
        button = IconButton(_OPEN, text=step.title, role="step")
        made = named(button, f"step{step.title}", f"{step.title}: {step.why}")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(partial(self.page_asked.emit, step))
        return made

    @Slot(object, object)
    def _take(self, _wish: object, standing: Standing) -> None:
        if not self._settings.shows_first_steps:
            # It was closed meanwhile.
            return
        self._next = standing.next
        for step, button in self.steps.items():
            is_done = step in standing.done
            button.show_icon(_DONE if is_done else _OPEN)
            button.setProperty("next", step is self._next)
            button.style().polish(button)
            button.setAccessibleDescription("done" if is_done else "to do")
        is_under_way = 0 < standing.reviewed < standing.to_review
        so_far = f" {standing.reviewed:,} of {standing.to_review:,}" if is_under_way else ""
        self.steps[Step.REVIEW].setText(Step.REVIEW.title + so_far)
        self.next.setVisible(self._next is not None)
        self._show_next()
        self.setVisible(self._next is not None or self._is_asked)
        self._fit()

    @Slot()
    def _show_next(self) -> None:
        if self._next is None:
            return
        waits = not self._manager.is_idle and self._next in _BY_A_JOB
        self.next.setEnabled(not waits)
        self.next.setText(f"Next: {self._next.task}")
        why = "Once the job that runs is over." if waits else self._next.why
        named(self.next, "nextStep", f"{self._next.task}. {why}")

    @Slot()
    def _begin(self) -> None:
        if self._next is not None:
            self.begin_asked.emit(self._next)

    @Slot()
    def _give_up(self) -> None:
        self._settings.shows_first_steps = self._is_asked = False
        self.hide()
